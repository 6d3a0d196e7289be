"""A member's own past posts on a sandbox, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from masthead.connectors.sandbox import wire
from masthead.connectors.sandbox.connect import bearer
from masthead.connectors.sandbox.errors import explain
from masthead.connectors.sandbox.operations import LIST, NUMBERS
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {"views": "views", "likes": "likes", "shares": "reposts", "answers": "replies", "saves": "bookmarks"}


@dataclass(frozen=True)
class SandboxHistory:
    """The listing gives every number, so a page needs one call. The cursor is the id of the last post."""

    page_size: int = 20
    names: Mapping[str, str] = field(default_factory=lambda: dict(NAMES))
    most_ids: int = 40

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """A page of posts; those still in processing come with a later look."""
        query = {"limit": str(self.page_size)} | ({"before": cursor} if cursor else {})
        answer = await http.call(LIST, account.server, query=query, headers=bearer(account), explain=explain)
        posts = wire.read(wire.Posts, answer, LIST).posts
        found = tuple(_past(one, account) for one in posts if one.state == "ready")
        return PastPage(found, posts[-1].id if len(posts) == self.page_size else "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """All in one call."""
        query = {"ids": ",".join(one.remote_id for one in posts)}
        answer = await http.call(NUMBERS, account.server, query=query, headers=bearer(account), explain=explain)
        return wire.read(wire.Numbers, answer, NUMBERS).numbers


def _past(post: wire.Post, account: Account) -> PastPost:
    return PastPost(
        remote_id=post.id,
        text=post.text,
        url=post.url,
        posted_at=datetime.fromtimestamp(post.created_at, UTC),
        kind="reply" if post.reply_to else "post",
        media=tuple(medium(one, account.server) for one in post.media),
        reply_to=post.reply_to,
        language=post.language,
        metrics=post.numbers,
        raw=post.model_dump(),
    )


def medium(one: wire.Medium, server: str) -> PastMedia:
    kind = "gif" if one.mime == "image/gif" else one.mime.partition("/")[0]
    return PastMedia(kind, url=f"{server}/media/{one.id}", preview_url=f"{server}/media/{one.id}", alt=one.alt)
