"""An account's own posts, however they were made, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.errors import Forbidden, Gone
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.instagram import wire
from masthead.connectors.meta.instagram.errors import WAY
from masthead.connectors.meta.instagram.lookup import FIELDS, own_media
from masthead.connectors.meta.instagram.operations import GET_MEDIA, INSIGHTS
from masthead.contract.errors import Refused
from masthead.contract.history import PastMedia, PastPage, PastPost
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
        found: dict[str, Mapping[str, float]] = {}
        for post in posts[: self.most_ids]:
            sent = {"fields": f"id,timestamp,{COUNTS}"}
            try:
                answer = await call(http, WAY, GET_MEDIA, account, path={"id": post.remote_id}, sent=sent)
            except Gone:
                continue
            counts = _counts(shared.read(wire.Media, answer.body))
            found[post.remote_id] = counts | await _insights(http, account, post.remote_id)
        return found


async def _insights(http: Http, account: Account, media: str) -> dict[str, float]:
    """Views, reach and the like; nothing where Instagram gives none (too few viewers, older than the business account)."""
    try:
        answer = await call(http, WAY, INSIGHTS, account, path={"id": media}, sent={"metric": METRICS})
    except (Refused, Forbidden):
        return {}
    return shared.numbers(shared.read(shared.Insights, answer.body))


def _counts(media: wire.Media) -> dict[str, float]:
    """The counts; an owner may hide the likes, which are missing then."""
    told = {"like_count": media.like_count, "comments_count": media.comments_count}
    return {name: value for name, value in told.items() if value is not None}


def _past(media: wire.Media) -> PastPost:
    parts = tuple(
        PastMedia(
            "video" if one.media_type == "VIDEO" else "image",
            one.media_url,
            one.thumbnail_url or one.media_url,
            one.alt_text or "",
        )
        for one in media.parts
    )
    return PastPost(media.id, media.caption, media.permalink, media.timestamp, media=parts, metrics=_counts(media))
