"""An account's own posts, however they were made, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.meta import past
from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.instagram import wire
from masthead.connectors.meta.instagram.errors import WAY
from masthead.connectors.meta.instagram.lookup import FIELDS, own_media
from masthead.connectors.meta.instagram.operations import GET_MEDIA, INSIGHTS
from masthead.contract.history import PastPage, PastPost, one_by_one
from masthead.contract.http import Http
from masthead.contract.values import Account

COUNTS = "like_count,comments_count"
METRICS = "views,reach,saved,shares,total_interactions"
"""Of posts and reels alike: https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights."""


@dataclass
class InstagramHistory:
    """The history part."""

    names: Mapping[str, str] = field(
        default_factory=lambda: {
            "views": "views",
            "reach": "reach",
            "saved": "bookmarks",
            "shares": "reposts",
            "like_count": "likes",
            "comments_count": "replies",
        }
    )
    most_ids: int = 25
    page_size: int = 50

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of posts and reels with the counts that the list gives."""
        listed = await own_media(http, account, cursor, f"{FIELDS},{COUNTS}", self.page_size)
        return PastPage(tuple(_past(one) for one in listed.items), listed.cursor)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Counts and insights of each post; two calls per post, as Instagram has no call for several."""

        async def ask(media: str) -> dict[str, float]:
            sent = {"fields": f"id,timestamp,{COUNTS}"}
            answer = await call(http, WAY, GET_MEDIA, account, path={"id": media}, sent=sent)
            counts = _counts(shared.read(wire.Media, answer.body))
            return counts | await past.insights(http, WAY, INSIGHTS, account, media, METRICS)

        return await one_by_one(posts[: self.most_ids], ask)


def _counts(media: wire.Media) -> dict[str, float]:
    """The counts; an owner may hide the likes, which are missing then."""
    told = {"like_count": media.like_count, "comments_count": media.comments_count}
    return {name: value for name, value in told.items() if value is not None}


def _past(one: wire.Media) -> PastPost:
    parts = past.media(one.parts)
    return PastPost(one.id, one.caption, one.permalink, one.timestamp, media=parts, metrics=_counts(one))
