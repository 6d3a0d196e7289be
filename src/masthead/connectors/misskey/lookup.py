"""Looking a note up among the account's own: Misskey takes no key against repeats, so nothing else tells.

The listing is asked from a moment on, oldest first: that way servers read their database, while newest first they may answer from a
cache of timelines that a new note has not reached yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from masthead.connectors.misskey import wire
from masthead.connectors.misskey.connect import signed
from masthead.connectors.misskey.errors import explain
from masthead.connectors.misskey.operations import OWN_NOTES
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt
from masthead.kit.clock import now

PAGE = 100
MOST_PAGES = 10
MARGIN = timedelta(minutes=2)
"""How far our clock may be ahead of the server's where it does not tell its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The account's notes since a moment, oldest first; `whole` is False where the server did not show all of them."""

    notes: Sequence[wire.Note]
    whole: bool
    start: datetime


def receipt_of(account: Account, note: wire.Note) -> Receipt:
    """A note as a receipt."""
    return Receipt(note.id, url=f"{account.server}/notes/{note.id}", raw={"created_at": note.at.isoformat()})


async def listed(http: Http, account: Account, **query: Any) -> Answer:
    """One page of the account's own notes, its answers included, renotes of others left out."""
    body = signed(account, userId=account.remote_id, withReplies=True, withRenotes=False, **query)
    return await http.call(OWN_NOTES, account.server, json=body, explain=explain)


async def find(http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]) -> Found:
    """The segment among the account's notes since the first try; of several that fit, the oldest."""
    seen = await _since(http, account, (delivery.sent_after or delivery.created_at) - MARGIN)
    for one in seen.notes:
        if fits(one, delivery, index, before):
            evidence = f"A note with the same content is on the profile, made at {_moment(one.at)}."
            return Found(Presence.FOUND, evidence, receipt_of(account, one))
    looked = f"{len(seen.notes)} notes since {_moment(seen.start)}"
    if not seen.whole:
        return Found(Presence.CANNOT_TELL, f"The server showed only {looked}; it is not among them.")
    return Found(Presence.ABSENT, f"All {looked} were looked at; it is not among them.")


def fits(note: wire.Note, delivery: Delivery, index: int, before: Sequence[Receipt]) -> bool:
    """True where a note is the segment: same text, parent, number of files, poll or none, and not another publication's."""
    segment = delivery.segments[index]
    return (
        not note.renoteId
        and note.id not in delivery.known
        and squeezed(note.text or "") == squeezed(segment.text)
        and (note.replyId or "") == (before[-1].remote_id if before else "")
        and len(note.files) == len(segment.attachments)
        and bool(note.poll) == bool(segment.poll)
    )


def squeezed(text: str) -> str:
    """A text without white space, which Misskey trims."""
    return "".join(text.split())


async def _since(http: Http, account: Account, start: datetime) -> Seen:
    answer = await listed(http, account, limit=PAGE, sinceDate=_milliseconds(start))
    if behind := clock_behind(answer):
        start -= behind
        answer = await listed(http, account, limit=PAGE, sinceDate=_milliseconds(start))
    found: list[wire.Note] = []
    for _ in range(MOST_PAGES):
        page = wire.notes(answer.body)
        ordered = sorted(page, key=_age)
        found += [one for one in ordered if one.at >= start]
        if not page:
            return Seen(found, True, start)
        if _age(page[0]) > _age(page[-1]) and ordered[0].at >= start:
            return Seen(
                found, False, start
            )  # newest first: a server that does not know `sinceDate` hides what is older
        answer = await listed(http, account, limit=PAGE, sinceId=ordered[-1].id)
    return Seen(found, False, start)


def _age(note: wire.Note) -> tuple[datetime, str]:
    """What notes are in order by; ids grow within a millisecond."""
    return note.at, note.id


def clock_behind(answer: Answer) -> timedelta:
    """How far the server's clock is behind ours, by its Date header; nothing where it does not say or is less than a minute off."""
    try:
        behind = now() - parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, TypeError):
        return timedelta()
    return behind if behind > timedelta(minutes=1) else timedelta()


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
