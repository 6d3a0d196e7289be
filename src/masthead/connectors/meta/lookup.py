"""Looking a post up among the account's own: newest first, back to the first try, compared by content."""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

from masthead.contract.http import Answer
from masthead.contract.values import Delivery, Found, Presence, Receipt
from masthead.kit.clock import now

MARGIN = timedelta(minutes=2)
MOST_PAGES = 8
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One page of a list, newest first, the cursor of the next ("" at the end), and the answer it came in."""

    items: Sequence[T]
    cursor: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """What lies on the account since `start`, newest first; `whole` is False where the platform did not show all of it."""

    items: Sequence[T]
    whole: bool
    start: datetime


async def since(
    fetch: Callable[[str], Awaitable[Listed[T]]], at: Callable[[T], datetime], delivery: Delivery
) -> Seen[T]:
    """The account's posts since the first try by our clock; the platform's clock is read from its answers' Date."""
    found: list[T] = []
    cursor, start = "", (delivery.sent_after or delivery.created_at) - MARGIN
    for _ in range(MOST_PAGES):
        page = await fetch(cursor)
        start = (delivery.sent_after or delivery.created_at) - MARGIN + skew(page.answer)
        found += [one for one in page.items if at(one) >= start]
        cursor = page.cursor
        if not cursor or (page.items and all(at(one) < start for one in page.items)):
            return Seen(found, True, start)
    return Seen(found, False, start)


def judged(seen: Seen[T], found: Sequence[T], at: Callable[[T], datetime], receipt: Callable[[T], Receipt]) -> Found:
    """The verdict: the oldest that fits, surely absent, or cannot tell."""
    when, number = moment(seen.start), len(seen.items)
    if found:
        one = min(found, key=at)
        words = f"A post with the same content is on the profile, made at {moment(at(one))}."
        return Found(Presence.FOUND, words, receipt(one))
    if not seen.whole:
        words = f"The platform showed only {number} posts since {when}; it is not among them."
        return Found(Presence.CANNOT_TELL, words)
    return Found(Presence.ABSENT, f"All {number} posts since {when} were looked at; it is not among them.")


def squeezed(text: str) -> str:
    """A text without what the platforms change: white space, the form of composed letters, the @ of mentions."""
    return "".join(unicodedata.normalize("NFC", text).replace("@", "").split())


def moment(at: datetime) -> str:
    """A moment for people."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def skew(answer: Answer) -> timedelta:
    """How far the platform's clock is ahead of ours; nothing where it does not say or is less than a minute off."""
    try:
        ahead = parsedate_to_datetime(answer.headers.get("Date", "")) - now()
    except (ValueError, TypeError):
        return timedelta()
    return ahead if abs(ahead) > timedelta(minutes=1) else timedelta()
