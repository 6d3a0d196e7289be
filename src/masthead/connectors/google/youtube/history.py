"""A channel's own videos, however they were uploaded, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.google.rest import call, read
from masthead.connectors.google.youtube import wire
from masthead.connectors.google.youtube.errors import WAY
from masthead.connectors.google.youtube.lookup import at, uploads
from masthead.connectors.google.youtube.operations import VIDEOS
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account


@dataclass
class YouTubeHistory:
    """The history part. A past post's text is the description; the title stands in `raw`."""

    site: str
    names: Mapping[str, str] = field(
        default_factory=lambda: {"viewCount": "views", "likeCount": "likes", "commentCount": "replies"}
    )
    most_ids: int = 50
    page_size: int = 50

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of uploads; their numbers come by a second call."""
        page = await uploads(http, account, cursor, self.page_size)
        told = await _numbers(http, account, [one.contentDetails.videoId for one in page.items])
        return PastPage(tuple(self._past(one, told) for one in page.items), page.nextPageToken)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers; a video that is gone is missing."""
        return await _numbers(http, account, [one.remote_id for one in posts[: self.most_ids]])

    def _past(self, item: wire.Item, told: Mapping[str, Mapping[str, float]]) -> PastPost:
        video, url = item.contentDetails.videoId, f"{self.site}/watch?v={item.contentDetails.videoId}"
        return PastPost(
            video,
            item.snippet.description or item.snippet.title,
            url,
            at(item),
            media=(PastMedia("video", url, item.snippet.preview),),
            metrics=told.get(video, {}),
            raw={"title": item.snippet.title},
        )


async def _numbers(http: Http, account: Account, ids: Sequence[str]) -> dict[str, Mapping[str, float]]:
    if not ids:
        return {}
    answer = await call(http, WAY, VIDEOS, account, query={"part": "statistics", "id": ",".join(ids)})
    return {one.id: one.statistics for one in read(wire.Videos, answer.body).items}
