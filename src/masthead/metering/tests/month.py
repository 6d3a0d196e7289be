"""A month of calls for tests: the one of an account that posts daily, answers, and reads its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from masthead.contract.calls import NONE, OWN, Call
from masthead.metering.meter import BatchedMeter

FIRST = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
CALL = Call(
    "x", "https://api.x.com", 1, 7, "create_post", 1, 201, 0.25, "", "post.create", "app-of-bakery", "ppu", "publish"
)
READ = replace(CALL, operation="own_posts", price_key="post.read.owned", purpose="read", status=200)


def calls(workspace_id: int, channel_id: int, *, own: bool) -> Iterator[Call]:
    """30 posts (20 with a link), 60 summoned replies, 30 alt texts, 30 messages sent and 50 read, 100 mentions, 50 posts daily."""
    there = {"workspace_id": workspace_id, "channel_id": channel_id, "conditions": OWN if own else NONE}
    for day in range(30):
        at = FIRST + timedelta(days=day)
        create = replace(CALL, at=at, **there)
        yield replace(
            create, **({"price_key": "post.create.url", "operation": "create_post_with_link"} if day < 20 else {})
        )
        yield replace(create, price_key="media.metadata", operation="describe_media")
        yield from [replace(create, price_key="post.create.summoned", purpose="inbox")] * 2
        yield replace(create, price_key="dm.create", operation="send", purpose="inbox")
        shown = tuple(f"post-{number}" for number in range(50))
        yield replace(READ, at=at, units=50, resources=shown, **there)
    inbox = replace(READ, at=FIRST, purpose="inbox", **there)
    yield replace(inbox, units=100, resources=tuple(f"mention-{number}" for number in range(100)))
    yield replace(inbox, price_key="dm.read", units=50, resources=tuple(f"message-{number}" for number in range(50)))


def played(workspace_id: int, channel_id: int, *, own: bool) -> None:
    """The month, written down by a meter."""
    meter = BatchedMeter()
    for call in calls(workspace_id, channel_id, own=own):
        meter.note(call)
    meter.flush_sync()
