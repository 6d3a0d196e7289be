"""Looking a post up among the user's own: it carries the publication's key, so it is known for certain, whatever became of it.

The listing is asked by number, newest first, with every status there is: a draft of ours, one that waits for review, one in the trash.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from masthead.connectors.wordpress import wire
from masthead.connectors.wordpress.connect import basic
from masthead.connectors.wordpress.errors import explain
from masthead.connectors.wordpress.operations import OWN_POSTS
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt
from masthead.kit.clock import now

PAGE = 20
MOST_PAGES = 10
MARGIN, SLACK = timedelta(minutes=10), timedelta(minutes=2)
OUT = ("publish", "private", "future")
WAITING = ("draft", "pending")


@dataclass
class Seen:
    """Posts that carry the key, oldest first, and newer ones without any; `whole`: all that could be it were looked at."""

    ours: list[wire.Post] = field(default_factory=list)
    strange: list[wire.Post] = field(default_factory=list)
    looked: int = 0
    whole: bool = False

    def with_status(self, statuses: Sequence[str]) -> wire.Post | None:
        """The oldest of ours in one of these statuses."""
        return next((one for one in self.ours if one.status in statuses), None)


def slug_of(delivery: Delivery) -> str:
    """The address of a post on sites that do not keep the mark."""
    return f"masthead-{delivery.segment_key(0)}"


def is_ours(post: wire.Post, delivery: Delivery) -> bool:
    """True where a post carries the publication's key, in its body or in its address."""
    return delivery.segment_key(0) in post.content.raw or post.slug.startswith(slug_of(delivery))


def receipt_of(post: wire.Post) -> Receipt:
    """A post as a receipt. A site that keeps it for later (its clock, a plugin) is asked again."""
    return Receipt(post.id, url=post.link, processing=post.status == "future", raw={"status": post.status})


async def look(http: Http, account: Account, delivery: Delivery) -> Seen:
    """The user's posts that carry the key, among all that can have been made since the first try began."""
    seen, ids = Seen(), set[str]()
    for number in range(1, MOST_PAGES + 1):
        answer = await _page(http, account, number)
        posts = wire.rows(wire.Post, answer.body)
        ids |= {one.id for one in posts}
        seen.looked = len(ids)
        seen.ours = sorted([*seen.ours, *(one for one in posts if is_ours(one, delivery))], key=lambda one: int(one.id))
        seen.strange += [one for one in posts if _is_strange(one, answer, delivery)]
        total = answer.headers.get("X-WP-Total", "")
        if not total.isdigit() or len(ids) != min(int(total), number * PAGE):
            return seen  # posts that the user may not edit are left out without a word
        seen.whole = int(total) <= number * PAGE or any(_is_older(one, answer, delivery) for one in posts)
        if seen.whole:
            return seen
    return seen


async def find(http: Http, account: Account, delivery: Delivery) -> Found:
    """What became of the post. A draft is no post yet: the next try publishes that same draft."""
    seen = await look(http, account, delivery)
    if out := seen.with_status(OUT):
        return Found(Presence.FOUND, f"Post {out.id} of the site carries this publication's key.", receipt_of(out))
    if odd := next((one for one in seen.ours if one.status not in WAITING), None):
        where = "in the site's trash" if odd.status == "trash" else f"on the site as “{odd.status}”"
        return Found(Presence.CANNOT_TELL, f"Post {odd.id} is {where}; whether it was out before cannot be seen.")
    if seen.ours:
        return Found(Presence.ABSENT, f"Post {seen.ours[0].id} was made, but is not published.")
    if seen.strange:
        why = "came out meanwhile and carries no key; somebody may have saved it in WordPress"
        return Found(Presence.CANNOT_TELL, f"Post {seen.strange[0].id} {why}.")
    looked = f"{seen.looked} posts of the user, drafts and trash too"
    if not seen.whole:
        return Found(Presence.CANNOT_TELL, f"The site showed only {looked}; it is not among them.")
    return Found(Presence.ABSENT, f"{looked[0].upper()}{looked[1:]} were looked at; it is not among them.")


async def _page(http: Http, account: Account, number: int) -> Answer:
    query = {
        "author": account.remote_id,
        "status": "any,trash",
        "context": "edit",
        "orderby": "id",
        "order": "desc",
        "per_page": str(PAGE),
        "page": str(number),
        "_fields": wire.FIELDS,
        "_": secrets.token_hex(4),  # so that no cache answers
    }
    return await http.call(OWN_POSTS, account.server, query=query, headers=basic(account), explain=explain)


def _is_strange(post: wire.Post, answer: Answer, delivery: Delivery) -> bool:
    """True where a post came out since the first try and carries nobody's key: saved by a person, whose editor may drop the key."""
    since, age = _since(delivery), _age(post.date_gmt, answer)
    keyed = '"masthead":"' in post.content.raw or post.slug.startswith("masthead-") or is_ours(post, delivery)
    unknown = not keyed and post.status not in WAITING and post.id not in delivery.known
    return unknown and (age is None or age <= since + SLACK)


def _is_older(post: wire.Post, answer: Answer, delivery: Delivery) -> bool:
    """True where a post was last touched before the first try: numbers grow, so only older ones follow."""
    age = _age(post.modified_gmt, answer)
    return age is not None and age > _since(delivery) + MARGIN


def _since(delivery: Delivery) -> timedelta:
    return now() - (delivery.sent_after or delivery.created_at)


def _age(moment: datetime | None, answer: Answer) -> timedelta | None:
    """How long ago something was, by the site's own clock; None where it has no time."""
    try:
        there = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, TypeError):
        there = now()
    return (there if there.tzinfo else there.replace(tzinfo=UTC)) - moment if moment else None
