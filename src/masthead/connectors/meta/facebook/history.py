"""A Page's own posts, however they were made, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.meta import past
from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.facebook import wire
from masthead.connectors.meta.facebook.errors import WAY
from masthead.connectors.meta.facebook.lookup import FIELDS, own_posts
from masthead.connectors.meta.facebook.operations import GET_POST, INSIGHTS
from masthead.connectors.meta.graph import call
from masthead.contract.history import PastMedia, PastPage, PastPost, one_by_one
from masthead.contract.http import Http
from masthead.contract.values import Account

COUNTS = "shares,reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
METRICS = "post_media_view,post_total_media_view_unique,post_clicks"
"""Those that outlived June 2026: https://developers.facebook.com/documentation/pages-api/platforminsights/page/deprecated-metrics."""


@dataclass
class FacebookHistory:
    """The history part."""

    names: Mapping[str, str] = field(
        default_factory=lambda: {
            "post_media_view": "views",
            "post_total_media_view_unique": "reach",
            "post_clicks": "clicks",
            "reactions": "likes",
            "comments": "replies",
            "shares": "reposts",
        }
    )
    most_ids: int = 25
    page_size: int = 50

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of published posts with the counts that the list gives."""
        listed = await own_posts(http, account, cursor, f"{FIELDS},{COUNTS}", self.page_size)
        return PastPage(tuple(_past(one) for one in listed.items), listed.cursor)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Counts and insights of each post; two calls per post, as Facebook has no call for several."""

        async def ask(post: str) -> dict[str, float]:
            sent = {"fields": f"id,created_time,{COUNTS}"}
            answer = await call(http, WAY, GET_POST, account, path={"id": post}, sent=sent)
            counts = _counts(shared.read(wire.Post, answer.body))
            return counts | await past.insights(http, WAY, INSIGHTS, account, post, METRICS)

        return await one_by_one(posts[: self.most_ids], ask)


def _counts(post: wire.Post) -> dict[str, float]:
    return {
        "reactions": post.reactions.summary.total_count,
        "comments": post.comments.summary.total_count,
        "shares": post.shares.count,
    }


def _past(post: wire.Post) -> PastPost:
    media = tuple(
        PastMedia(
            "video" if one.media_type == "video" else "image",
            one.media.source or one.media.image.src,
            one.media.image.src,
            one.description,
        )
        for one in post.media
    )
    return PastPost(post.id, post.message, post.permalink_url, post.created_time, media=media, metrics=_counts(post))
