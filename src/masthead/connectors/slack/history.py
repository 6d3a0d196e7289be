"""The bot's own past messages in the channel, with their reactions and replies: Slack tells no more."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.slack import wire
from masthead.connectors.slack.lookup import page, receipt_of
from masthead.contract.history import PastMedia, PastPage, PastPost, kind_of
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {"reactions": "likes", "reply_count": "replies"}
LINK = re.compile(r"<(?:mailto:)?([^|>@#!]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class SlackHistory:
    """The history part: what stands in the channel itself. Later parts of threads are not listed by Slack."""

    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    most_ids: int = 10
    page_size: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of the channel; what others wrote is left out, so a page may be empty and yet not the last."""
        more = {"cursor": cursor} if cursor else {}
        seen = await page(http, account, "", limit=str(self.page_size), **more)
        own = [one for one in seen.messages if one.user == account.limits.get("bot")]
        return PastPage(tuple(_past(account, one) for one in own), seen.cursor)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers, one message after the other: Slack takes no list of ids."""
        found: dict[str, Mapping[str, float]] = {}
        for one in posts:
            exact = {"oldest": one.remote_id, "latest": one.remote_id, "inclusive": "true", "limit": "1"}
            seen = await page(http, account, "", **exact)
            found |= {message.ts: numbers(message) for message in seen.messages if message.ts == one.remote_id}
        return found


def numbers(message: wire.Message) -> dict[str, float]:
    """A message's numbers."""
    reactions = float(sum(one.count for one in message.reactions))
    return {"reactions": reactions, "reply_count": float(message.reply_count)}


def readable(text: str) -> str:
    """Slack's text as people read it: links bare, escapes taken off."""
    return html.unescape(LINK.sub(r"\1", text))


def _past(account: Account, message: wire.Message) -> PastPost:
    media = tuple(PastMedia(kind_of(one.mimetype or ""), url=one.permalink, alt=one.alt_txt) for one in message.files)
    answers = message.thread_ts if message.thread_ts != message.ts else ""
    return PastPost(
        message.ts,
        readable(message.text),
        receipt_of(account, message).url,
        wire.moment(message.ts),
        kind="reply" if answers else "post",
        media=media,
        reply_to=answers,
        metrics=numbers(message),
    )
