"""Looking a post up among the Page's own: same text, same number of photos or videos, since the first try."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.facebook import wire
from masthead.connectors.meta.facebook.errors import WAY
from masthead.connectors.meta.facebook.operations import OWN_POSTS
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.lookup import Listed, judged, since, squeezed
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Receipt

FIELDS = (
    "id,message,created_time,permalink_url,"
    "attachments{type,media_type,media,target,description,subattachments.limit(20)}"
)
PAGE = 50


def made_at(post: wire.Post) -> datetime:
    """When a post was made."""
    return post.created_time


async def own_posts(
    http: Http, account: Account, cursor: str, fields: str = FIELDS, size: int = 0
) -> Listed[wire.Post]:
    """One page of the Page's own published posts, newest first."""
    sent = {"fields": fields, "limit": str(size or PAGE)} | ({"after": cursor} if cursor else {})
    answer = await call(http, WAY, OWN_POSTS, account, path={"id": account.remote_id}, sent=sent)
    page = shared.read(wire.Posts, answer.body)
    return Listed(page.data, page.paging.cursor, answer)


async def find(http: Http, account: Account, delivery: Delivery, index: int) -> Found:
    """The segment among the Page's posts since the first try; of several that fit, the oldest."""
    segment = delivery.segments[index]

    async def page(cursor: str) -> Listed[wire.Post]:
        return await own_posts(http, account, cursor)

    seen = await since(page, made_at, delivery)
    found = [
        one
        for one in seen.items
        if squeezed(one.message) == squeezed(segment.text)
        and len(one.media) == len(segment.attachments)
        and not one.names & delivery.known
    ]
    return judged(seen, found, made_at, receipt_of)


def receipt_of(post: wire.Post) -> Receipt:
    """A post as a receipt."""
    return Receipt(post.id, url=post.permalink_url or f"https://www.facebook.com/{post.id}")
