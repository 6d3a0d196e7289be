"""The account's own past submissions and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.reddit import wire
from masthead.connectors.reddit.connect import asked
from masthead.connectors.reddit.lookup import PAGE, page_of
from masthead.connectors.reddit.operations import POSTS_BY_ID
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {"score": "likes", "num_comments": "replies", "num_crossposts": "reposts"}
"""The share of votes that are up, `upvote_ratio`, keeps its own name."""


@dataclass
class RedditHistory:
    """The history part. `site` is where people see posts."""

    site: str
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    most_ids: int = 100
    page_size: int = PAGE

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of own submissions, newest first. Reddit shows the newest 1,000."""
        page = await page_of(http, account, cursor, self.page_size)
        return PastPage(tuple(self._past(one) for one in page.posts), page.after or "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers of up to 100 posts. A deleted one has lost its author."""
        query = {"id": ",".join(one.remote_id for one in posts), "raw_json": "1"}
        answer = await asked(http, account, POSTS_BY_ID, query=query)
        found = wire.read(wire.Listing, answer.body).data.posts
        return {one.name: numbers(one) for one in found if one.author != "[deleted]"}

    def _past(self, post: wire.Post) -> PastPost:
        files = _media(post)
        return PastPost(
            remote_id=post.name,
            text=post.selftext or post.title,
            url=f"{self.site}{post.permalink}",
            posted_at=post.made_at,
            media=files,
            metrics=numbers(post),
            raw={"title": post.title, "subreddit": post.subreddit, "link": "" if post.is_self or files else post.url},
        )


def _media(post: wire.Post) -> tuple[PastMedia, ...]:
    if post.is_video:
        return (PastMedia("video", post.media.reddit_video.fallback_url if post.media else ""),)
    return tuple(PastMedia("image", where) for where in post.pictures)


def numbers(post: wire.Post) -> dict[str, float]:
    """The numbers Reddit told."""
    told = {name: getattr(post, name) for name in (*NAMES, "upvote_ratio")}
    return {name: float(value) for name, value in told.items() if value is not None}
