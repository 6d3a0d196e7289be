"""Looking a segment up among the profile's own posts, or its own replies for what continues a thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.lookup import Listed, judged, since, squeezed
from masthead.connectors.meta.threads import wire
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.operations import OWN_POSTS, OWN_REPLIES
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Delivery, Found, MediaKind, Receipt

FIELDS = (
    "id,text,timestamp,permalink,media_type,media_url,thumbnail_url,alt_text,"
    "children{id,media_type,media_url,thumbnail_url,alt_text},poll_attachment{option_a,option_b,option_c,option_d}"
)
ANSWERS = ("option_a", "option_b", "option_c", "option_d")
PAGE = 50


def made_at(post: wire.Post) -> datetime:
    """When a post was made."""
    return post.timestamp


async def listed(
    http: Http, account: Account, operation: Operation, cursor: str, fields: str = FIELDS, size: int = 0
) -> Listed[wire.Post]:
    """One page of the profile's own posts or replies, newest first."""
    sent = {"fields": fields, "limit": str(size or PAGE)} | ({"after": cursor} if cursor else {})
    answer = await call(http, WAY, operation, account, sent=sent)
    page = shared.read(wire.Posts, answer.body)
    return Listed(page.data, page.paging.cursor, answer)


async def find(http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]) -> Found:
    """The segment since the first try; of several that fit, the oldest."""
    parent = before[-1].remote_id if before else ""

    async def page(cursor: str) -> Listed[wire.Post]:
        if parent:
            return await listed(http, account, OWN_REPLIES, cursor, f"{FIELDS},replied_to")
        return await listed(http, account, OWN_POSTS, cursor)

    seen = await since(page, made_at, delivery)
    found = [one for one in seen.items if one.id not in delivery.known and _fits(one, delivery, index, parent)]
    return judged(seen, found, made_at, lambda one: Receipt(one.id, url=one.permalink))


def _fits(one: wire.Post, delivery: Delivery, index: int, parent: str) -> bool:
    segment = delivery.segments[index]
    kinds = ["VIDEO" if file.kind is MediaKind.VIDEO else "IMAGE" for file in segment.attachments]
    answers = [squeezed(answer) for answer in (segment.poll.options if segment.poll else ())]
    return (
        one.replied_to.id == parent
        and [part.media_type for part in one.parts] == kinds
        and squeezed(one.text) == squeezed(segment.text)
        and [squeezed(answer) for answer in one.poll_attachment.answers] == answers
    )
