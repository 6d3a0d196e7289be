"""Looking a post up among the account's own media: same caption, same parts, since the first try."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.instagram import wire
from masthead.connectors.meta.instagram.errors import WAY
from masthead.connectors.meta.instagram.operations import OWN_MEDIA, OWN_STORIES
from masthead.connectors.meta.lookup import Listed, judged, since, squeezed
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, MediaKind, Receipt

FIELDS = (
    "id,caption,timestamp,permalink,media_type,media_product_type,media_url,thumbnail_url,alt_text,"
    "children{id,media_type,media_url,thumbnail_url,alt_text}"
)
PAGE = 50
STORY = "story"


def made_at(media: wire.Media) -> datetime:
    """When a post was made."""
    return media.timestamp


async def own_media(
    http: Http, account: Account, cursor: str, fields: str = FIELDS, size: int = 0
) -> Listed[wire.Media]:
    """One page of the account's own posts and reels, newest first."""
    sent = {"fields": fields, "limit": str(size or PAGE)} | ({"after": cursor} if cursor else {})
    answer = await call(http, WAY, OWN_MEDIA, account, path={"id": account.remote_id}, sent=sent)
    page = shared.read(wire.MediaList, answer.body)
    return Listed(page.data, page.paging.cursor, answer)


async def own_stories(http: Http, account: Account, cursor: str) -> Listed[wire.Media]:
    """The account's stories of the last day."""
    sent = {"fields": "id,timestamp,permalink,media_type,media_product_type"} | ({"after": cursor} if cursor else {})
    answer = await call(http, WAY, OWN_STORIES, account, path={"id": account.remote_id}, sent=sent)
    page = shared.read(wire.MediaList, answer.body)
    return Listed(page.data, page.paging.cursor, answer)


async def find(http: Http, account: Account, delivery: Delivery, index: int) -> Found:
    """The segment among the account's media since the first try; of several that fit, the oldest."""
    story = delivery.options.get("kind") == STORY

    async def page(cursor: str) -> Listed[wire.Media]:
        return await (own_stories if story else own_media)(http, account, cursor)

    seen = await since(page, made_at, delivery)
    found = [one for one in seen.items if one.id not in delivery.known and _fits(one, delivery, index, story)]
    return judged(seen, found, made_at, receipt_of)


def _fits(one: wire.Media, delivery: Delivery, index: int, story: bool) -> bool:
    segment = delivery.segments[index]
    kinds = ["VIDEO" if file.kind is MediaKind.VIDEO else "IMAGE" for file in segment.attachments]
    return [part.media_type for part in one.parts] == kinds and (
        story or squeezed(one.caption) == squeezed(segment.text)
    )


def receipt_of(media: wire.Media) -> Receipt:
    """A post as a receipt."""
    return Receipt(media.id, url=media.permalink)
