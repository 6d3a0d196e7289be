"""Looking a message up: its key is in its metadata, or in the names of its files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from masthead.connectors.slack import wire
from masthead.connectors.slack.calls import call_inside
from masthead.connectors.slack.operations import MESSAGES, REPLIES
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt

EVENT = "masthead_post"
PAGE = 100
MOST_PAGES = 10
MARGIN = timedelta(minutes=2)
"""How far our clock may be ahead of Slack's."""


def key_of(delivery: Delivery, index: int) -> str:
    """The segment's key as it stands in metadata and file names."""
    return hashlib.sha256(delivery.segment_key(index).encode()).hexdigest()[:24]


def receipt_of(account: Account, message: wire.Message | wire.Sent, root: str = "") -> Receipt:
    """A message as a receipt; `root` is the first message of its thread."""
    files = [one.id for one in message.files] if isinstance(message, wire.Message) else []
    url = (
        f"{account.limits.get('site', 'https://slack.com')}/archives/{account.remote_id}/p{message.ts.replace('.', '')}"
    )
    url += f"?thread_ts={root}&cid={account.remote_id}" if root else ""
    return Receipt(message.ts, url=url, raw={"files": files} if files else {})


async def page(http: Http, account: Account, root: str, **query: str) -> wire.Messages:
    """One page of the channel, or of the thread under `root`, with all metadata."""
    sent = {"channel": account.remote_id, "include_all_metadata": "true", **query}
    operation = REPLIES if root else MESSAGES
    return wire.read(wire.Messages, await call_inside(http, operation, account, sent | ({"ts": root} if root else {})))


async def find(http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]) -> Found:
    """The segment among the messages since the first try."""
    since = (delivery.sent_after or delivery.created_at) - MARGIN
    root, key = before[0].remote_id if before else "", key_of(delivery, index)
    looked, cursor = 0, ""
    for _ in range(MOST_PAGES):
        more = {"cursor": cursor} if cursor else {}
        seen = await page(http, account, root, oldest=f"{since.timestamp():.6f}", limit=str(PAGE), **more)
        for one in seen.messages:
            if carries(one, key):
                evidence = f"The message with this post's key is there, made at {_moment(wire.moment(one.ts))}."
                return Found(Presence.FOUND, evidence, receipt_of(account, one, root))
        looked, cursor = looked + len(seen.messages), seen.cursor
        if not seen.has_more:
            return Found(
                Presence.ABSENT, f"No message since {_moment(since)} has this post's key ({looked} looked at)."
            )
        if not cursor:
            break
    return Found(
        Presence.CANNOT_TELL, f"Slack showed only {looked} messages since {_moment(since)}; it is not among them."
    )


def carries(message: wire.Message, key: str) -> bool:
    """True where a message was made with this key."""
    data = message.metadata
    marked = bool(data and data.event_type == EVENT and data.event_payload.get("key") == key)
    return marked or any(key in (one.name or "") for one in message.files)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
