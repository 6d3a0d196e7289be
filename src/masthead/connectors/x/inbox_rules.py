"""What can be read of what people write on X, and how it can be answered. What self-serve plans lack stands in plans.py."""

from __future__ import annotations

from datetime import date

from masthead.connectors.x.capabilities import CAPABILITIES
from masthead.contract.capabilities import Counting, Source, TextRule
from masthead.contract.inbox_rules import Answering, InboxRules, Kind, Stream

READ_ON = date(2026, 11, 24)
DESCRIPTION = Source("https://github.com/xdevplatform/docs/blob/67f875e6/openapi.json", READ_ON)
LOOK_UP = Source("https://docs.x.com/x-api/direct-messages/lookup/integrate", READ_ON)
MANAGE = Source("https://docs.x.com/x-api/direct-messages/manage/integrate", READ_ON)
REPLIES = Source("https://docs.x.com/changelog", date(2026, 8, 22))
LENGTH = Source(
    "https://developer.x.com/en/docs/x-api/v1/direct-messages/sending-and-receiving/api-reference/new-event", READ_ON
)

MENTIONS, MESSAGES = "mentions", "messages"
PAGE = 50
MESSAGE_LIMIT = 10_000

RULES = InboxRules(
    streams=(
        Stream(MENTIONS, (Kind.MENTION, Kind.COMMENT), PAGE, DESCRIPTION, every_seconds=300),
        Stream(MESSAGES, (Kind.DIRECT,), PAGE, LOOK_UP, every_seconds=300, days_back=30),
    ),
    answers=(
        Answering(Kind.MENTION, CAPABILITIES.text, REPLIES),
        Answering(Kind.COMMENT, CAPABILITIES.text, REPLIES),
        Answering(
            Kind.DIRECT, TextRule(Counting.CODE_POINTS, MESSAGE_LIMIT, LENGTH), MANAGE, begins=True, as_posts=False
        ),
    ),
)
