"""The archive part of a connector: an account's own official export, read entry by entry and gone on with after a stop.

A reader names the parts of an archive in a fixed order; `read` walks them, says after each entry where it is, and names what
is broken without losing the rest. Sentences are English and marked with N_; they are translated where they are shown.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Literal, Protocol

from masthead.contract.history import kind_of
from masthead.contract.terms import Use
from masthead.kit.words import N_ as _

Kind = Literal["own_post", "others_post", "message", "profile", "reaction"]
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
_OLD = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})")
MILLISECONDS = 100_000_000_000
"""A number of seconds above this is one of milliseconds."""
SHAPE = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What reading raises where something is not built as it should be."""
NOT_UNDERSTOOD = _("This entry is not built as expected.")
LEFT_OUT = _("It was left out; everything else was read. The archive itself is not changed.")
NO_DATE = _("Its date cannot be read.")
KEPT_UNDATED = _("It is kept, with the day of the import in place of its date.")


class Unreadable(Exception):
    """What cannot be read; `why` and `remedy` are sentences for people."""

    def __init__(self, why: str, remedy: str = LEFT_OUT) -> None:
        super().__init__(why)
        self.why, self.remedy = why, remedy


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A picture, video or other file. `name` is its entry in the archive, "" where the archive does not hold it."""

    kind: str
    name: str = ""
    url: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. `posted_at` is None where the archive does not say it; `raw` is what has no field of its own."""

    kind: Kind
    remote_id: str
    posted_at: datetime | None
    text: str = ""
    author: str = ""
    url: str = ""
    reply_to: str = ""
    language: str = ""
    visibility: str = ""
    media: tuple[ArchivedFile, ...] = ()
    preference: Mapping[Use, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of the archive that is not as it should be: which entry, why, and what to do."""

    entry: str
    why: str
    remedy: str = LEFT_OUT


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose archive it is, as far as it says so. `remote_id` stays the same when the handle changes."""

    handle: str = ""
    remote_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """How a person gets the export: what the platform calls it, the page where it is asked for, the steps, and traps."""

    name: str
    url: str
    steps: tuple[str, ...]
    holds: str = ""


class Source(Protocol):
    """An archive, opened safely. `troubles`: entries that were set aside when it was opened."""

    @property
    def names(self) -> Sequence[str]:
        """Its files, with forward slashes."""
        ...

    @property
    def troubles(self) -> Sequence[Trouble]:
        """What was set aside."""
        ...

    def open(self, name: str) -> BinaryIO:
        """A file to be read from the beginning. Raises Unreadable, also while reading, beyond the limits."""
        ...

    def size(self, name: str) -> int:
        """How many bytes a file says it has."""
        ...

    def locate(self, name: str) -> str:
        """The file that ends with this path; "" where there is none."""
        ...

    @property
    def longest(self) -> int:
        """How many characters one entry may have."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A file of an archive: its raw items in their order (a Trouble in place of a broken one), and what each of them is."""

    name: str
    items: Callable[[], Iterable[Any]]
    entries: Callable[[Any], Iterable[Entry | Trouble]]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where reading goes on: `done` items of part number `part` are behind us."""

    part: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What one item held, and where to go on after it."""

    found: tuple[Entry | Trouble, ...]
    at: Cursor


class ArchiveReader(Protocol):
    """The archive part of a connector."""

    @property
    def guide(self) -> Guide:
        """How people get the export."""
        ...

    def recognise(self, names: Sequence[str]) -> bool:
        """True where these file names are those of this platform's export."""
        ...

    def owner(self, source: Source) -> Owner:
        """Whose archive it is."""
        ...

    def parts(self, source: Source, owner: Owner) -> Sequence[Part]:
        """Its parts, always in the same order."""
        ...


def read(parts: Sequence[Part], cursor: Cursor) -> Iterator[Step]:
    """Every item from the cursor on. What is broken is a Trouble that names it; nothing else is lost."""
    for number in range(cursor.part, len(parts)):
        behind = cursor.done if number == cursor.part else 0
        yield from _part(parts[number], number, behind)


def _part(part: Part, number: int, behind: int) -> Iterator[Step]:
    done = 0
    try:
        for item in part.items():
            done += 1
            if done > behind:
                yield Step(_found(part, item, done), Cursor(number, done))
    except Unreadable as error:
        yield Step((Trouble(part.name, error.why, error.remedy),), Cursor(number + 1, 0))
    except SHAPE:
        yield Step((Trouble(part.name, NOT_UNDERSTOOD),), Cursor(number + 1, 0))
    else:
        yield Step((), Cursor(number + 1, 0))


def _found(part: Part, item: Any, number: int) -> tuple[Entry | Trouble, ...]:
    if isinstance(item, Trouble):
        return (item,)
    try:
        return tuple(part.entries(item))
    except Unreadable as error:
        return (Trouble(f"{part.name}, {number}", error.why, error.remedy),)
    except SHAPE:
        return (Trouble(f"{part.name}, {number}", NOT_UNDERSTOOD),)


def dated(entry: Entry, place: str) -> Iterator[Entry | Trouble]:
    """The entry; before it a word where its date could not be read."""
    if entry.posted_at is None:
        yield Trouble(f"{place}, {entry.remote_id}", NO_DATE, KEPT_UNDATED)
    yield entry


def moment(value: Any) -> datetime | None:
    """A time out of an export: ISO 8601, seconds or milliseconds since 1970, or as in "Sat Feb 18 12:33:11 +0000 2023".

    None for what is none, or lies outside 1990 to 2100. A time without offset is UTC.
    """
    try:
        found = _moment(value)
    except (ValueError, OverflowError, OSError, KeyError, TypeError):
        return None
    return found if found is not None and EARLIEST <= found < LATEST else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > MILLISECONDS else value
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) > 8:
        return _moment(int(text))
    if old := _OLD.fullmatch(text):
        month, day, hour, minute, second, year = old.groups()
        return datetime(int(year), MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    found = datetime.fromisoformat(text.removesuffix(" UTC"))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def made_id(*facts: object) -> str:
    """An id for what the platform gives none: the same for the same facts."""
    return f"made:{hashlib.sha256(repr(facts).encode('utf-8', 'replace')).hexdigest()[:32]}"


def matching(source: Source, pattern: str) -> list[str]:
    """The files whose path ends as the pattern says, parts in the order of their numbers."""
    wanted = re.compile(rf"(?:^|.*/)(?:{pattern})", re.IGNORECASE)
    return sorted((name for name in source.names if wanted.fullmatch(name)), key=in_order)


def any_matches(names: Iterable[str], pattern: str) -> bool:
    """True where one of the paths ends as the pattern says."""
    wanted = re.compile(rf"(?:^|.*/)(?:{pattern})", re.IGNORECASE)
    return any(wanted.fullmatch(name) for name in names)


def in_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts part2 before part10."""
    stem, _dot, ending = name.rpartition(".")
    pieces = [*re.split(r"(\d+)", stem), ending]
    return tuple((0, int(one), "") if one.isdecimal() and len(one) < 19 else (1, 0, one) for one in pieces)


def file(source: Source, name: str, *, url: str = "", alt: str = "") -> ArchivedFile:
    """A file of an entry: looked for in the archive by the end of its path, its kind told by its name."""
    found = source.locate(name) if name else ""
    mime = mimetypes.guess_type(found or name or url.partition("?")[0])[0] or ""
    return ArchivedFile(kind_of(mime), found, url, alt)


def without(raw: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What of a raw item is worth keeping beside the columns: without these, and without what is empty."""
    return {name: value for name, value in raw.items() if name not in names and value not in (None, "", [], {}, False)}
