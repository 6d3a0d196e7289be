"""The account's own public posts and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.tiktok import wire
from masthead.connectors.tiktok.connect import asked
from masthead.connectors.tiktok.lookup import PAGE, page_of
from masthead.connectors.tiktok.operations import VIDEOS_BY_ID
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {"view_count": "views", "like_count": "likes", "comment_count": "replies", "share_count": "reposts"}


@dataclass
class TikTokHistory:
    """The history part. Covers live six hours at TikTok, so their addresses are not kept."""

    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    most_ids: int = 20
    page_size: int = PAGE

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of public posts, newest first."""
        page = await page_of(http, account, cursor, self.page_size)
        return PastPage(tuple(_past(one) for one in page.videos), page.cursor if page.has_more else "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers of up to 20 posts."""
        body = {"filters": {"video_ids": [one.remote_id for one in posts]}}
        query = {"fields": f"id,{','.join(NAMES)}"}
        answer = await asked(http, account.server, account.secrets, VIDEOS_BY_ID, query=query, json=body)
        return {one.id: numbers(one) for one in wire.data_of(wire.Videos, answer.body).videos}


def _past(video: wire.Video) -> PastPost:
    kind = "video" if video.duration else "image"
    return PastPost(
        remote_id=video.id,
        text=video.text,
        url=video.share_url,
        posted_at=video.made_at,
        media=(PastMedia(kind),),
        metrics=numbers(video),
    )


def numbers(video: wire.Video) -> dict[str, float]:
    """The numbers TikTok told."""
    told = {name: getattr(video, name) for name in NAMES}
    return {name: float(value) for name, value in told.items() if value is not None}
