"""A profile's own posts, however they were made, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.meta import past
from masthead.connectors.meta.threads import wire
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.lookup import FIELDS, listed
from masthead.connectors.meta.threads.operations import INSIGHTS, OWN_POSTS
from masthead.contract.history import PastPage, PastPost, one_by_one
from masthead.contract.http import Http
from masthead.contract.values import Account

METRICS = "views,likes,replies,reposts,quotes,shares"


@dataclass
class ThreadsHistory:
    """The history part. The names of Threads are ours, but for `shares`, which stay their own."""

    names: Mapping[str, str] = field(
        default_factory=lambda: {name: name for name in METRICS.split(",") if name != "shares"}
    )
    most_ids: int = 25
    page_size: int = 50

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of the profile's posts; the list gives no numbers."""
        found = await listed(http, account, OWN_POSTS, cursor, FIELDS, self.page_size)
        return PastPage(tuple(_past(one) for one in found.items), found.cursor)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """The insights of each post; a call per post, as Threads has none for several."""

        async def ask(post: str) -> dict[str, float]:
            return await past.insights(http, WAY, INSIGHTS, account, post, METRICS)

        return await one_by_one(posts[: self.most_ids], ask)


def _past(post: wire.Post) -> PastPost:
    kind = "repost" if post.media_type == "REPOST_FACADE" else "post"
    return PastPost(post.id, post.text, post.permalink, post.timestamp, kind, media=past.media(post.parts))
