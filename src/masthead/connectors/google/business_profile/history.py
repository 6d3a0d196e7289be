"""A location's own posts, however they were made. Google gives no numbers of single posts any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.google.business_profile import wire
from masthead.connectors.google.business_profile.lookup import MOST_PAGES, page_of
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Http
from masthead.contract.values import Account


@dataclass
class BusinessProfileHistory:
    """The history part.

    `names` is empty: accounts.locations.localPosts.reportInsights ended on 2023-02-20 without a successor
    (https://developers.google.com/my-business/content/sunset-dates, read 2026-11-24), and what the Performance API counts is
    the whole location.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    most_ids: int = 100
    page_size: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of posts, newest first as Google sends them."""
        page, _ = await page_of(http, account, cursor, self.page_size)
        found = sorted(page.localPosts, key=lambda one: one.createTime, reverse=True)
        return PastPage(tuple(_past(account, one) for one in found), page.nextPageToken)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """No numbers; but a post is missing where the whole list does not show it."""
        wanted, cursor = {one.remote_id for one in posts}, ""
        there: set[str] = set()
        for _ in range(MOST_PAGES):
            page, _answer = await page_of(http, account, cursor)
            there |= {one.id for one in page.localPosts} & wanted
            cursor = page.nextPageToken
            if not cursor or there == wanted:
                return {one: {} for one in there}
        return {one: {} for one in wanted}


def _past(account: Account, post: wire.LocalPost) -> PastPost:
    return PastPost(
        post.id,
        post.summary or post.event.title,
        post.searchUrl or str(account.limits.get("maps_url") or ""),
        post.createTime,
        media=tuple(PastMedia("image", one.googleUrl, one.thumbnailUrl or one.googleUrl) for one in post.media),
        language=post.languageCode,
        raw={"kind": post.topicType, "title": post.event.title, "state": post.state},
    )
