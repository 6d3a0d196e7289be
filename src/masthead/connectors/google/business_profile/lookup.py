"""Looking a post up among those of the location."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from masthead.connectors.google.business_profile import wire
from masthead.connectors.google.business_profile.errors import WAY
from masthead.connectors.google.business_profile.local_post import kind_of
from masthead.connectors.google.business_profile.operations import POSTS
from masthead.connectors.google.rest import call, read
from masthead.contract.errors import NeedsReconnect
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt
from masthead.kit.clock import now

MARGIN = timedelta(minutes=2)
MOST_PAGES = 10
PAGE = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """The location's posts since `start`; `whole` is False where Google did not show all of them."""

    posts: Sequence[wire.LocalPost]
    whole: bool
    start: datetime


def place(account: Account) -> str:
    """Where the location's posts are. Its account is kept from the sign-in, for a location can move between accounts."""
    holder = str(account.limits.get("account") or "")
    if not holder:
        raise NeedsReconnect("It is not known which account holds the location.", remedy="Reconnect the channel.")
    return f"{holder}/{account.remote_id}"


async def page_of(http: Http, account: Account, cursor: str, size: int = PAGE) -> tuple[wire.LocalPosts, Answer]:
    """One page of the location's posts."""
    query = {"pageSize": str(size)} | ({"pageToken": cursor} if cursor else {})
    answer = await call(http, WAY, POSTS, account, path={"place": place(account)}, query=query)
    return read(wire.LocalPosts, answer.body), answer


async def since(http: Http, account: Account, delivery: Delivery) -> Seen:
    """The posts since the first try.

    Google sends the newest first but promises no order: reading ends early only where all that was seen came newest first.
    """
    begun = start = (delivery.sent_after or delivery.created_at) - MARGIN
    found, times, cursor = list[wire.LocalPost](), list[datetime](), ""
    for _ in range(MOST_PAGES):
        page, answer = await page_of(http, account, cursor)
        start = begun + _skew(answer)
        found += [one for one in page.localPosts if one.createTime >= start]
        times += [one.createTime for one in page.localPosts]
        cursor = page.nextPageToken
        if not cursor or (times and times[-1] < start and times == sorted(times, reverse=True)):
            return Seen(found, True, start)
    return Seen(found, False, start)


async def find(
    http: Http, account: Account, delivery: Delivery, index: int, receipt: Callable[[wire.LocalPost], Receipt]
) -> Found:
    """The post with the same text, kind and title since the first try; of several, the oldest."""
    seen = await since(http, account, delivery)
    fits = [one for one in seen.posts if one.id not in delivery.known and _same(one, delivery, index)]
    if fits:
        one = min(fits, key=lambda post: post.createTime)
        words = f"A post with the same text is on the profile, made at {_worded(one.createTime)}."
        return Found(Presence.FOUND, words, receipt(one))
    number, when = len(seen.posts), _worded(seen.start)
    if not seen.whole:
        return Found(Presence.CANNOT_TELL, f"Google showed only {number} posts since {when}; it is not among them.")
    return Found(Presence.ABSENT, f"All {number} posts since {when} were looked at; it is not among them.")


def _same(post: wire.LocalPost, delivery: Delivery, index: int) -> bool:
    """Photos are left out: a post that Google still works on may show none yet."""
    title = str(delivery.options.get("title") or "") if post.event.title else ""
    return (
        post.topicType == kind_of(delivery.options)
        and _squeezed(post.summary) == _squeezed(delivery.segments[index].text)
        and _squeezed(post.event.title) == _squeezed(title)
    )


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _worded(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _skew(answer: Answer) -> timedelta:
    """How far Google's clock is ahead of ours; nothing where it does not say or is less than a minute off."""
    try:
        ahead = parsedate_to_datetime(answer.headers.get("Date", "")) - now()
    except (ValueError, TypeError):
        return timedelta()
    return ahead if abs(ahead) > timedelta(minutes=1) else timedelta()
