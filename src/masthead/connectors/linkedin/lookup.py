"""Looking a post up among the account's own, where LinkedIn lets them be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from masthead.connectors.linkedin import wire
from masthead.connectors.linkedin.errors import Forbidden
from masthead.connectors.linkedin.little import plain
from masthead.connectors.linkedin.operations import OWN_POSTS
from masthead.connectors.linkedin.rest import call
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt, Segment
from masthead.kit.clock import now

MARGIN = timedelta(minutes=2)
MOST_PAGES = 5
PAGE = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """The account's posts since `start`; `whole` is False where LinkedIn did not show all of them."""

    posts: Sequence[wire.Post]
    whole: bool
    start: datetime


async def own_posts(http: Http, account: Account, start: int, count: int) -> tuple[list[wire.Post], Answer]:
    """`count` of the account's own posts from the one at `start` on, newest first."""
    ready = {"start": str(start), "count": str(count)}
    answer = await call(http, OWN_POSTS, account, path={"author": account.remote_id}, ready=ready, method="FINDER")
    return wire.read(wire.Posts, answer.body).elements, answer


async def since(http: Http, account: Account, delivery: Delivery) -> Seen:
    """The account's posts since the first try by our clock; LinkedIn's clock is read from its answers."""
    found: list[wire.Post] = []
    begun = (delivery.sent_after or delivery.created_at) - MARGIN
    for page in range(MOST_PAGES):
        posts, answer = await own_posts(http, account, page * PAGE, PAGE)
        start = begun + _skew(answer)
        found += [one for one in posts if one.at >= start]
        if len(posts) < PAGE or posts[-1].at < start:
            return Seen(found, True, start)
    return Seen(found, False, begun)


async def find(http: Http, account: Account, delivery: Delivery, index: int, link: str) -> Found:
    """The segment among the posts since the first try; of several that fit, the oldest. `link`: where posts are seen."""
    segment = delivery.segments[index]
    try:
        seen = await since(http, account, delivery)
    except Forbidden:
        return Found(Presence.CANNOT_TELL, "LinkedIn does not let this account's own posts be read.")
    fits = [one for one in seen.posts if one.id not in delivery.known and _same(one, segment)]
    moment = f"{seen.start.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if fits:
        one = min(fits, key=lambda post: post.at)
        words = f"A post with the same content is on the profile, made at {one.at:%Y-%m-%d %H:%M:%S} UTC."
        return Found(Presence.FOUND, words, Receipt(one.id, link.format(urn=one.id)))
    if not seen.whole:
        return Found(Presence.CANNOT_TELL, f"LinkedIn showed only {len(seen.posts)} posts; it is not among them.")
    return Found(Presence.ABSENT, f"All {len(seen.posts)} posts since {moment} were looked at; it is not among them.")


def _same(post: wire.Post, segment: Segment) -> bool:
    beside = bool(post.content.poll) is bool(segment.poll)
    return (
        beside
        and len(post.content.files) == len(segment.attachments)
        and _squeezed(plain(post.commentary)) == _squeezed(segment.text)
    )


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _skew(answer: Answer) -> timedelta:
    """How far LinkedIn's clock is ahead of ours; nothing where it does not say or is less than a minute off."""
    try:
        ahead = parsedate_to_datetime(answer.headers.get("Date", "")) - now()
    except (ValueError, TypeError):
        return timedelta()
    return ahead if abs(ahead) > timedelta(minutes=1) else timedelta()
