"""A Page's own posts, however they were made, and their organic numbers of the last twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.linkedin import wire
from masthead.connectors.linkedin.connect import is_page, shows_posts
from masthead.connectors.linkedin.errors import Forbidden
from masthead.connectors.linkedin.little import plain
from masthead.connectors.linkedin.lookup import own_posts
from masthead.connectors.linkedin.operations import GET_POSTS, STATISTICS
from masthead.connectors.linkedin.rest import call, quoted
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account

KINDS = {"image": "image", "video": "video", "document": "document"}


@dataclass
class LinkedInHistory:
    """The history part. `site` is where people see posts. Members' posts are not shown to apps: their pages are empty."""

    site: str
    names: Mapping[str, str] = field(
        default_factory=lambda: {
            "impressionCount": "impressions",
            "uniqueImpressionsCount": "reach",
            "likeCount": "likes",
            "commentCount": "replies",
            "shareCount": "reposts",
            "clickCount": "clicks",
        }
    )
    most_ids: int = 20
    page_size: int = 50

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of posts; numbers are asked for apart."""
        if not shows_posts(account):
            return PastPage(())
        start = int(cursor or 0)
        posts, _ = await own_posts(http, account, start, self.page_size)
        more = str(start + self.page_size) if len(posts) >= self.page_size else ""
        return PastPage(tuple(self._past(one) for one in posts), more)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Numbers of a Page's posts in one call; a post without any says zero. A first call tells which are still there."""
        ids = [one.remote_id for one in posts[: self.most_ids]]
        if not ids or not shows_posts(account):
            return {}
        answer = await call(http, GET_POSTS, account, ready={"ids": _listed(ids)}, method="BATCH_GET")
        there = list(wire.read(wire.PostsById, answer.body).results)
        told = await _numbers(http, account, there)
        return {urn: told.get(urn, {}) for urn in there}

    def _past(self, post: wire.Post) -> PastPost:
        media = tuple(
            PastMedia(KINDS.get(one.id.removeprefix("urn:li:").partition(":")[0], "image"), alt=one.altText)
            for one in post.content.files
        )
        url = f"{self.site}/feed/update/{post.id}/"
        return PastPost(post.id, plain(post.commentary), url, post.at, media=media)


async def _numbers(http: Http, account: Account, ids: Sequence[str]) -> dict[str, Mapping[str, float]]:
    if not ids or not is_page(account):
        return {}
    kinds = (("shares", "urn:li:share:"), ("ugcPosts", "urn:li:ugcPost:"))
    parts = {name: [one for one in ids if one.startswith(prefix)] for name, prefix in kinds}
    asked = "".join(f"&{name}=List({_listed(some)})" for name, some in parts.items() if some)
    try:
        answer = await call(http, STATISTICS, account, path={"page": account.remote_id}, ready={"posts": asked})
    except Forbidden:
        return {}
    told = wire.read(wire.Statistics, answer.body).elements
    return {one.share or one.ugcPost: one.totalShareStatistics for one in told}


def _listed(ids: Sequence[str]) -> str:
    return ",".join(quoted(one) for one in ids)
