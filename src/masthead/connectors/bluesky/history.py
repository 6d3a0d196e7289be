"""An account's own past posts, as the network's index (the AppView) sees them, through the account's own server.

Reposts of other people's posts are left out, since they are not the account's own. Bluesky does not tell how often a post
was seen. Source: https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed and the lexicons, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from masthead.connectors.bluesky import records
from masthead.connectors.bluesky.calls import call
from masthead.connectors.bluesky.operations import GET_AUTHOR_FEED, GET_POSTS
from masthead.connectors.bluesky.profile import profile_url
from masthead.connectors.bluesky.wire import Feed, PostView, PostViews, read
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {
    "likeCount": "likes",
    "repostCount": "reposts",
    "replyCount": "replies",
    "quoteCount": "quotes",
    "bookmarkCount": "bookmarks",
}


@dataclass(frozen=True)
class BlueskyHistory:
    """The listing gives every number, so a page needs one call. The cursor is the index's own."""

    page_size: int = 50
    names: Mapping[str, str] = field(default_factory=lambda: dict(NAMES))
    most_ids: int = 25

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """Posts and replies. Without the pinned one, which would come first whatever its age."""
        query = {"actor": account.remote_id, "limit": str(self.page_size), "filter": "posts_with_replies"}
        query |= {"includePins": "false"} | ({"cursor": cursor} if cursor else {})
        feed = read(Feed, await call(http, account, GET_AUTHOR_FEED, query=query), GET_AUTHOR_FEED)
        own = [one.post for one in feed.feed if not one.reason and one.post.did == account.remote_id]
        return PastPage(tuple(_newest_first(_past(one, account) for one in own)), feed.cursor if feed.feed else "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """All in one call; the index leaves out what is gone."""
        query = {"uris": [one.remote_id for one in posts]}
        found = read(PostViews, await call(http, account, GET_POSTS, query=query), GET_POSTS)
        return {one.uri: numbers(one) for one in found.posts}


def numbers(post: PostView) -> dict[str, float]:
    """What came back for a post, by Bluesky's names; a number that is not told is left out."""
    told = {
        "likeCount": post.like_count,
        "repostCount": post.repost_count,
        "replyCount": post.reply_count,
        "quoteCount": post.quote_count,
        "bookmarkCount": post.bookmark_count,
    }
    return {name: float(value) for name, value in told.items() if value is not None}


def _newest_first(posts: Iterable[PastPost]) -> list[PastPost]:
    """The index sorts by the time it saw a post or the post's own, whichever is earlier; so do we within a page."""
    return sorted(posts, key=lambda one: one.posted_at, reverse=True)


def _past(post: PostView, account: Account) -> PastPost:
    record = post.record
    parent = str(((record.get("reply") or {}).get("parent") or {}).get("uri") or "")
    languages = record.get("langs") or [""]
    return PastPost(
        remote_id=post.uri,
        text=str(record.get("text") or ""),
        url=f"{profile_url(account.remote_id, account.handle)}/post/{records.key_of(post.uri)}",
        posted_at=posted_at(record, post.indexed_at),
        kind="reply" if parent else "post",
        media=tuple(_media(post.embed or {})),
        reply_to=parent,
        language=str(languages[0]),
        metrics=numbers(post),
        raw={"uri": post.uri, "cid": post.cid, "indexedAt": post.indexed_at.isoformat(), "record": dict(record)},
    )


def posted_at(record: Mapping[str, Any], indexed_at: datetime) -> datetime:
    """The record's own time unless it is nonsense or lies after the moment it was seen: people may write what they like."""
    try:
        told = datetime.fromisoformat(str(record.get("createdAt")))
    except ValueError:
        return indexed_at
    return min(told if told.tzinfo else told.replace(tzinfo=UTC), indexed_at)


def _media(embed: Mapping[str, Any]) -> Iterable[PastMedia]:
    """Images and video of an embed view; those beside a quoted post stand one level deeper."""
    embed = embed.get("media") or embed
    for one in embed.get("images") or ():
        yield PastMedia("image", str(one.get("fullsize") or ""), str(one.get("thumb") or ""), str(one.get("alt") or ""))
    if embed.get("playlist"):
        yield PastMedia("video", str(embed["playlist"]), str(embed.get("thumbnail") or ""), str(embed.get("alt") or ""))
