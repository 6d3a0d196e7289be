"""What is asked for, out of an address or a form: lenient with people, whose half-filled filters limit nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from masthead.kit.text import number
from masthead.rights.archive.wanted import SHELVES, Wanted
from masthead.rights.archive.words import KIND_WORDS

FILTERS = ("q", "account", "channel", "kind", "shelf", "from", "to", "media", "gone")
TIMES = ("start", "end")


def wanted_from(asked: Mapping[str, str], *, private: bool) -> Wanted:
    """A wish out of the filters of the page. `account` is "platform/handle", or "platform/" for all of it."""
    platform, _slash, account = asked.get("account", "").partition("/")
    return Wanted(
        words=asked.get("q", "").strip()[:200],
        channel=number(asked.get("channel", "")),
        platform=platform[:32],
        account=account[:250],
        kind=asked.get("kind", "") if asked.get("kind") in KIND_WORDS else "",
        shelf=asked.get("shelf", "") if asked.get("shelf") in SHELVES else "",
        start=midnight(asked.get("from", "")),
        end=midnight(asked.get("to", ""), days=1),
        media=asked.get("media") == "1",
        gone={"1": True, "0": False}.get(asked.get("gone", "")),
        private=private,
    )


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
