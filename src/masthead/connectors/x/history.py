"""The account's own past posts and their numbers. For posts of the last 30 days X also tells numbers that only the owner sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from masthead.connectors.x import wire
from masthead.connectors.x.connect import bearer, renewable
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.lookup import PAGE, stamp, timeline
from masthead.connectors.x.operations import POSTS_BY_ID
from masthead.connectors.x.words import Words
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account
from masthead.kit.clock import now

PRIVATE_FOR = timedelta(days=30) - timedelta(hours=1)
"""An hour less than X says, so that a page that is asked for slowly does not lose its last posts."""
KINDS = {"photo": "image", "animated_gif": "gif", "video": "video"}
NAMES = {
    "impression_count": "impressions",
    "like_count": "likes",
    "reply_count": "replies",
    "retweet_count": "reposts",
    "repost_count": "reposts",
    "quote_count": "quotes",
    "bookmark_count": "bookmarks",
    "url_link_clicks": "clicks",
    "user_profile_clicks": "profile_visits",
}


@dataclass
class XHistory:
    """The history part. The listing comes in two stretches: posts young enough for private numbers, then the older ones."""

    site: str
    words: Words
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    most_ids: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of own posts without reposts, newest first. X shows the newest 3,200."""
        stretch, border, token = cursor.split("|", 2) if cursor else ("young", stamp(now() - PRIVATE_FOR), "")
        young = stretch == "young"
        more = {"max_results": str(PAGE), "exclude": "retweets", ("start_time" if young else "end_time"): border}
        more |= {"pagination_token": token} if token else {}
        page = await timeline(http, account, self.words.query(private=young, more=more))
        if page.withheld:
            page = await timeline(http, account, self.words.query(more=more))
        following = page.meta.next_token
        rest = f"older|{border}|" if young else ""
        after = f"{stretch}|{border}|{following}" if following else rest
        media = {one.media_key: one for one in page.includes.media}
        return PastPage(tuple(self._past(account, one, media) for one in page.data), after)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers; private ones are asked for young posts only, since one older post would spoil the request."""
        border = now() - PRIVATE_FOR
        found: dict[str, Mapping[str, float]] = {}
        for young in (True, False):
            ids = [one.remote_id for one in posts if (one.posted_at > border) is young]
            if ids:
                found |= {one.id: numbers(one) for one in await self._by_id(http, account, ids, private=young)}
        return found

    async def _by_id(self, http: Http, account: Account, ids: Sequence[str], *, private: bool) -> list[wire.Post]:
        """Posts by their numbers; once more without private numbers where those kept X from telling of a post at all."""
        query = self.words.query(private=private, more={"ids": ",".join(ids)})
        explain = explaining(renewable=renewable(account))
        answer = await http.call(POSTS_BY_ID, account.server, query=query, headers=bearer(account), explain=explain)
        page = wire.read(wire.Page, answer.body)
        return await self._by_id(http, account, ids, private=False) if private and page.withheld else page.data

    def _past(self, account: Account, post: wire.Post, media: Mapping[str, wire.Media]) -> PastPost:
        parent = post.refers_to("replied_to")
        return PastPost(
            remote_id=post.id,
            text=full_text(post),
            url=f"{self.site}/{account.handle.removeprefix('@') or 'i'}/status/{post.id}",
            posted_at=post.created_at or datetime.fromtimestamp(0, UTC),
            kind="reply" if parent else "post",
            media=media_of(post.attachments.media_keys, media),
            reply_to=parent,
            language=post.lang,
            metrics=numbers(post),
            raw={"quotes": post.refers_to("quoted")},
        )


def media_of(keys: Sequence[str], media: Mapping[str, wire.Media]) -> tuple[PastMedia, ...]:
    """The attached files, of those X told of."""
    files = [media[key] for key in keys if key in media]
    return tuple(
        PastMedia(KINDS.get(one.type, one.type), one.url, one.preview_image_url, one.alt_text) for one in files
    )


def numbers(post: wire.Post) -> dict[str, float]:
    """The numbers of a post under X's names. Where a number is told twice, the public one, which includes promotion, counts."""
    return {**post.organic_metrics, **post.non_public_metrics, **post.public_metrics}


def full_text(post: wire.Post) -> str:
    """The whole text of a long post, else the text."""
    return post.note.text if post.note and post.note.text else post.text
