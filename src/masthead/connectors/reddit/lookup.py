"""Looking a post up among the account's own submissions: same subreddit, title, text, link and kind, since the first try."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from masthead.connectors.reddit import wire
from masthead.connectors.reddit.connect import asked
from masthead.connectors.reddit.operations import OWN_POSTS
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, MediaKind

MARGIN = timedelta(minutes=5)
PAGE = 100
MOST_PAGES = 10
"""Reddit shows at most 1,000 of a listing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The account's submissions since `start`, newest first; `whole` is False where Reddit showed only a part."""

    posts: Sequence[wire.Post]
    whole: bool
    start: datetime


async def page_of(http: Http, account: Account, cursor: str, size: int = PAGE) -> wire.Listed:
    """One page of own submissions, newest first."""
    query = {"sort": "new", "limit": str(size), "raw_json": "1"} | ({"after": cursor} if cursor else {})
    path = {"name": account.handle.removeprefix("u/")}
    answer = await asked(http, account, OWN_POSTS, path=path, query=query)
    return wire.read(wire.Listing, answer.body).data


async def own_posts(http: Http, account: Account, since: datetime) -> Seen:
    """The account's submissions since a moment."""
    start, found, cursor = since - MARGIN, list[wire.Post](), ""
    for _ in range(MOST_PAGES):
        page = await page_of(http, account, cursor)
        young = [one for one in page.posts if one.made_at >= start]
        found += young
        cursor = page.after or ""
        if not cursor or len(young) < len(page.posts):
            return Seen(found, True, start)
    return Seen(found, False, start)


def fits(post: wire.Post, delivery: Delivery, index: int) -> bool:
    """Whether a submission is the segment."""
    options, segment = delivery.options, delivery.segments[index]
    wanted = (subreddit_of(delivery).casefold(), squeezed(str(options.get("title") or "")), squeezed(segment.text))
    told = (post.subreddit.casefold(), squeezed(post.title), squeezed(post.selftext))
    link = str(options.get("link") or "").strip()
    same = _has(post, segment.attachments) if segment.attachments or not link else _bare(post.url) == _bare(link)
    return wanted == told and same and post.name not in delivery.known


def _has(post: wire.Post, files: Sequence[Attachment]) -> bool:
    """Whether a submission has such files: none, one picture, as many in a gallery, or a video."""
    if len(files) > 1:
        return post.is_gallery and len(post.pictures) == len(files)
    film = bool(files) and files[0].kind is MediaKind.VIDEO
    return post.is_self is not bool(files) and not post.is_gallery and post.is_video is film


def subreddit_of(delivery: Delivery) -> str:
    """The subreddit's bare name, however it was typed."""
    typed = str(delivery.options.get("subreddit") or "").strip().split("reddit.com/")[-1].strip("/")
    return "u_" + typed[2:] if typed.startswith("u/") else typed.removeprefix("r/")


def squeezed(text: str) -> str:
    """A text without its white space, with composed letters in one form."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _bare(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/").casefold()


def moment(at: datetime) -> str:
    """A moment for people."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
