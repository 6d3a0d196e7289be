"""LinkedIn's own export: CSV files, each with its own way of quoting.

Shares.csv puts a quotation mark around each line break inside a text. Comments.csv writes a quotation mark in a text as \\". A row begins
with its date, so that a quotation mark that is never closed spoils its own row only.
Source: https://www.linkedin.com/help/linkedin/answer/a1339364 and columns seen in public readers of the export, read on 2026-11-24.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any
from urllib.parse import unquote

from masthead.contract.archive import (
    ArchivedFile,
    Entry,
    Guide,
    Owner,
    Part,
    Source,
    Trouble,
    Unreadable,
    any_matches,
    dated,
    made_id,
    matching,
    moment,
)
from masthead.contract.archive_json import LET_THE_OPERATOR, TOO_LARGE, decoder
from masthead.kit.words import N_ as _

SHARES, COMMENTS, REACTIONS = r"Shares(?:_\d+)?\.csv", r"Comments(?:_\d+)?\.csv", r"Reactions(?:_\d+)?\.csv"
MESSAGES, PROFILE = r"messages(?:_\d+)?\.csv", r"Profile\.csv"
NOT_CLOSED = _("A quotation mark in this row is never closed, or the row has too few columns.")
_ROW = re.compile(r'"?\d{4}-\d\d-\d\d[ T]\d\d:\d\d')
_ESCAPED = re.compile(r"\\(?!\")")
_URN = re.compile(r"urn:li:(?:share|ugcPost|activity|comment|article):[^?&#\s]+")
csv.field_size_limit(1 << 24)


class LinkedInArchive:
    """The reader of the export."""

    guide = Guide(
        _("Get a copy of your data"),
        "https://www.linkedin.com/mypreferences/d/download-my-data",
        (
            _("On LinkedIn open Settings, Data privacy, Get a copy of your data."),
            _("Choose the larger data archive; the quick one has no posts. LinkedIn writes within a day."),
            _("Download the zip and bring it here as it is. Pages have no export."),
        ),
        _("Posts, comments, reactions and messages. Pictures are addresses only."),
    )

    def recognise(self, names: Sequence[str]) -> bool:
        """By its posts, its comments, or profile and messages."""
        return any_matches(names, f"{SHARES}|{COMMENTS}") or (
            any_matches(names, PROFILE) and any_matches(names, f"{MESSAGES}|{REACTIONS}")
        )

    def owner(self, source: Source) -> Owner:
        """The name in the profile: the export knows neither handle nor id."""
        for name in matching(source, PROFILE):
            for row in _rows(source, name):
                if isinstance(row, dict):
                    full = f"{row.get('First Name', '')} {row.get('Last Name', '')}".strip()
                    return Owner(full, "", full)
        return Owner()

    def parts(self, source: Source, owner: Owner) -> list[Part]:
        """Profile, posts, comments, reactions, messages."""
        kinds: tuple[tuple[str, Callable[..., Iterable[Entry | Trouble]], bool], ...] = (
            (PROFILE, partial(_profile, owner), False),
            (SHARES, partial(_share, owner), False),
            (COMMENTS, partial(_comment, owner), True),
            (REACTIONS, _reaction, False),
            (MESSAGES, partial(_message, owner), False),
        )
        return [
            Part(name, partial(_rows, source, name, escaped), entries, source.size(name))
            for pattern, entries, escaped in kinds
            for name in matching(source, pattern)
        ]


def _lines(source: Source, name: str) -> Iterator[str]:
    """Lines with their ends. Raises Unreadable for one beyond the limit."""
    with closing(source.open(name)) as opened:
        data = opened.read(1 << 16)
        decode, rest = decoder(data), ""
        while True:
            rest += decode.decode(data, final=not data)
            lines = io.StringIO(rest, newline="\n").readlines()
            rest = lines.pop() if data and lines and not lines[-1].endswith("\n") else ""
            yield from lines
            if len(rest) > source.longest:
                raise Unreadable(TOO_LARGE, LET_THE_OPERATOR)
            if not data:
                return
            data = opened.read(1 << 16)


def _records(source: Source, name: str) -> Iterator[tuple[str, bool]]:
    """The text of each row, which may have several lines, and whether its quotation marks are closed."""
    lines: list[str] = []
    marks, length = 0, 0
    dated_rows = name.rpartition("/")[2].lower().startswith(("shares", "comments", "reactions"))
    for line in _lines(source, name):
        if lines and ((dated_rows and _ROW.match(line)) or length > source.longest):
            yield "".join(lines), False
            lines, marks, length = [], 0, 0
        lines.append(line)
        length += len(line)
        marks += line.count('"') - line.count('\\"')
        if marks % 2 == 0:
            yield "".join(lines), True
            lines, marks, length = [], 0, 0
    if lines:
        yield "".join(lines), False


def _rows(source: Source, name: str, escaped: bool = False) -> Iterator[Any]:
    head: list[str] = []
    for number, (text, closed) in enumerate(_records(source, name)):
        try:
            cells = _cells(text, escaped) if closed else []
        except csv.Error:
            cells = []
        if not head:
            head = [one.strip().lstrip("\ufeff") for one in cells]
        elif len(cells) >= len(head):
            yield dict(zip(head, cells, strict=False))
        elif text.strip():
            yield Trouble(f"{name}, {number + 1}", NOT_CLOSED)


def _cells(text: str, escaped: bool) -> list[str]:
    if escaped:
        return next(csv.reader([_ESCAPED.sub(r"\\\\", text)], escapechar="\\"), [])
    return next(csv.reader(text.splitlines(keepends=True)), [])


def _profile(owner: Owner, row: Mapping[str, str]) -> Iterator[Entry]:
    raw = {name: value for name, value in row.items() if value and name not in ("Summary", "Birth Date", "Address")}
    yield Entry("profile", "profile", None, row.get("Summary", ""), owner.handle, raw=raw)


def _share(owner: Owner, row: Mapping[str, str]) -> Iterator[Entry | Trouble]:
    link, picture = row["ShareLink"], row.get("MediaUrl", "")
    text = row["ShareCommentary"].replace('"\n"', "\n").replace('"\r\n"', "\n")
    entry = Entry(
        "own_post",
        _urn(link) or made_id(row["Date"], text),
        moment(row["Date"]),
        text,
        owner.handle,
        link,
        visibility=row.get("Visibility", "").lower().removeprefix("member_")[:12],
        media=(ArchivedFile("image", url=picture),) if picture.startswith("https://") else (),
        raw={"shared": row["SharedUrl"]} if row.get("SharedUrl") else {},
    )
    yield from dated(entry, "Shares.csv")


def _comment(owner: Owner, row: Mapping[str, str]) -> Iterator[Entry | Trouble]:
    link, text = row["Link"], row["Message"]
    entry = Entry(
        "own_post",
        made_id("comment", row["Date"], link, text),
        moment(row["Date"]),
        text,
        owner.handle,
        link,
        _urn(link),
        raw={"comment": True},
    )
    yield from dated(entry, "Comments.csv")


def _reaction(row: Mapping[str, str]) -> Iterator[Entry | Trouble]:
    word = row.get("Type", "LIKE").lower()
    entry = Entry(
        "reaction",
        made_id("reaction", row["Date"], row["Link"], word),
        moment(row["Date"]),
        url=row["Link"],
        raw={"reaction": word, "object": _urn(row["Link"])},
    )
    yield from dated(entry, "Reactions.csv")


def _message(owner: Owner, row: Mapping[str, str]) -> Iterator[Entry | Trouble]:
    told = {name.upper(): value for name, value in row.items()}
    conversation, sender, text = told["CONVERSATION ID"], told["FROM"], told["CONTENT"]
    kept = {"conversation": conversation, "mine": bool(sender) and sender == owner.name, "to": told.get("TO", "")}
    kept |= {"subject": told["SUBJECT"]} if told.get("SUBJECT") else {}
    entry = Entry(
        "message",
        made_id(conversation, told["DATE"], sender, text),
        moment(told["DATE"]),
        text,
        sender,
        visibility="private",
        raw=kept,
    )
    yield from dated(entry, "messages.csv")


def _urn(link: str) -> str:
    found = _URN.search(unquote(link))
    return found.group() if found else ""
