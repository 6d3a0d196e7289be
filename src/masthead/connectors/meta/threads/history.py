"""A profile's own posts, however they were made, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.errors import Forbidden, Gone
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.threads import wire
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.lookup import FIELDS, listed
from masthead.connectors.meta.threads.operations import INSIGHTS, OWN_POSTS
from masthead.contract.history import PastMedia, PastPage, PastPost
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
        found: dict[str, Mapping[str, float]] = {}
        for post in posts[: self.most_ids]:
            try:
                answer = await call(http, WAY, INSIGHTS, account, path={"id": post.remote_id}, sent={"metric": METRICS})
                found[post.remote_id] = shared.numbers(shared.read(shared.Insights, answer.body))
            except Gone:
                continue
            except Forbidden:
                found[post.remote_id] = {}
        return found


def _past(post: wire.Post) -> PastPost:
    media = tuple(
        PastMedia(
            "video" if one.media_type == "VIDEO" else "image",
            one.media_url,
            one.thumbnail_url or one.media_url,
            one.alt_text or "",
        )
        for one in post.parts
    )
    kind = "repost" if post.media_type == "REPOST_FACADE" else "post"
    return PastPost(post.id, post.text, post.permalink, post.timestamp, kind, media=media)
