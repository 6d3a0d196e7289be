"""What is asked for, out of an address or a form: lenient with people, whose half-filled filters limit nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from masthead.kit.text import number, plain
from masthead.rights.archive.wanted import SHELVES, Wanted
from masthead.rights.archive.words import KIND_WORDS

FILTERS = ("q", "account", "channel", "kind", "shelf", "from", "to", "media", "gone")
TIMES = ("start", "end")


def wanted_from(asked: Mapping[str, str], *, private: bool) -> Wanted:
    """A wish out of the filters of the page. `account` is "platform/handle", or "platform/" for all of it."""
    platform, _slash, account = asked.get("account", "").partition("/")
    wanted = Wanted(
        words=asked.get("q", ""),
        channel=number(asked.get("channel", "")),
        platform=platform,
        account=account,
        kind=asked.get("kind", "") if asked.get("kind") in KIND_WORDS else "",
        shelf=asked.get("shelf", "") if asked.get("shelf") in SHELVES else "",
        start=midnight(asked.get("from", "")),
        end=midnight(asked.get("to", ""), days=1),
        media=asked.get("media") == "1",
        gone={"1": True, "0": False}.get(asked.get("gone", "")),
        private=private,
    )
    return tidied(wanted)


def tidied(wanted: Wanted) -> Wanted:
    """A wish whose texts the database can look for and keep. What is odd stays odd: it must not become a wish for everything."""
    return replace(
        wanted,
        words=_kept(wanted.words, 200),
        platform=_kept(wanted.platform, 32),
        account=_kept(wanted.account, 250),
        kind=_kept(wanted.kind, 32),
        shelf=_kept(wanted.shelf, 32),
    )


def _kept(text: str, longest: int) -> str:
    return plain(text.replace("\x00", "?")).strip()[:longest]


def midnight(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day (or of the day after) in the reader's time zone; None for what is no date."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), timezone.get_current_timezone()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stored(wanted: Wanted) -> dict[str, Any]:
    """A wish as it fits into JSON: what limits, and nothing else."""
    given = {name: value for name, value in asdict(wanted).items() if value not in (None, "", False) or name == "gone"}
    given = {name: value for name, value in given.items() if value is not None}
    return {name: value.isoformat() if name in TIMES else value for name, value in given.items()}


def restored(given: Mapping[str, Any]) -> Wanted:
    """The wish that `stored` wrote."""
    known: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name in TIMES else value for name, value in given.items()
    }
    return Wanted(**known)
