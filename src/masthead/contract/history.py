"""The history part of a connector: an account's own past posts with what came back, however they were made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from masthead.contract.errors import Gone
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account

METRICS = (
    "impressions",
    "reach",
    "views",
    "likes",
    "replies",
    "reposts",
    "quotes",
    "bookmarks",
    "clicks",
    "profile_visits",
    "watch_seconds",
)
"""Our words for what came back."""
KINDS = ("post", "reply", "repost", "story")


@dataclass(frozen=True, slots=True)
class PastMedia:
    """A file of a past post as the platform refers to it; nothing is fetched. `kind` as in MediaKind."""

    kind: str
    url: str = ""
    preview_url: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PastPost:
    """One of the account's own posts. `kind` is post, reply, repost or story; `metrics` has the platform's own names."""

    remote_id: str
    text: str
    url: str
    posted_at: datetime
    kind: str = "post"
    media: tuple[PastMedia, ...] = ()
    reply_to: str = ""
    language: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ReadingCalls:
    """By which calls the history part reads, where they cost money: `page` lists up to `page_size` posts, `metrics` reads by id.

    `most_posts`: how far back the platform lists; None where it has no end.
    """

    page: Operation
    metrics: Operation
    page_size: int
    most_posts: int | None = None


@dataclass(frozen=True, slots=True)
class PastPage:
    """Posts, newest first, and the cursor of the next page ("" at the end)."""

    posts: tuple[PastPost, ...]
    cursor: str = ""


class History(Protocol):
    """The history part.

    `names` maps the platform's metric names to ours (METRICS). A metric without a word of ours is kept under its own name. Empty
    where the platform shows own posts without numbers.
    """

    @property
    def names(self) -> Mapping[str, str]:
        """The platform's metric names and ours."""
        ...

    @property
    def most_ids(self) -> int:
        """How many posts `metrics` takes at once."""
        ...

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of own posts, newest first, each with the metrics the listing gives. `cursor` "" for the first."""
        ...

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers of up to `most_ids` posts by remote id; a post that is gone is missing. TryAgain, NeedsReconnect."""
        ...


async def one_by_one(
    posts: Sequence[PastPost], ask: Callable[[str], Awaitable[Mapping[str, float]]]
) -> dict[str, Mapping[str, float]]:
    """The numbers of posts from a platform that takes no list of ids; `ask` gives those of one, or raises Gone."""
    found: dict[str, Mapping[str, float]] = {}
    for one in posts:
        try:
            found[one.remote_id] = await ask(one.remote_id)
        except Gone:
            continue
    return found


def kind_of(mime: str) -> str:
    """A file's kind by its media type, as in MediaKind."""
    first = mime.partition("/")[0]
    return "gif" if mime == "image/gif" else first if first in ("image", "video", "audio") else "document"
