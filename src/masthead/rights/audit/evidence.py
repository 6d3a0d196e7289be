"""Reads the bytes of a match again from where they are stored, so that nobody has to take a report's word for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from masthead.rights.audit.batch import Notes
from masthead.rights.audit.corpus import Source, Task, unchanged
from masthead.rights.audit.readers.warc import record_text, records
from masthead.rights.audit.storage import opened
from masthead.rights.audit.unpack import unpacked
from masthead.rights.audit.values import Match


def stored(match: Match, source: Source, fields: tuple[str, ...]) -> bytes:
    """The matched bytes as they are stored; nothing where they are not there. Raises Unreadable where the file has changed.

    Of a page in a WARC these are bytes of its text, of a row in Parquet bytes of its value.
    """
    unchanged(source)
    if source.form == "parquet":
        return _of_row(match, source, fields)
    if source.form == "warc":
        return _of_record(match, source)
    return b"".join(_stretch(source, match.doc_start + match.start, match.end - match.start))


def proven(match: Match, source: Source, fields: tuple[str, ...]) -> bool:
    """Whether the matched text stands where the match says."""
    return bool(match.text) and agrees(stored(match, source, fields), match)


def agrees(data: bytes, match: Match) -> bool:
    """Whether bytes are the text of a match, written plainly or with the escapes of JSON. A match keeps the beginning of a long text."""
    plain = data.decode("utf-8", "replace")
    return bool(data) and (_begins(plain, match.text) or _begins(_without_escapes(plain), match.text))


def _begins(text: str, kept: str) -> bool:
    return text == kept or (len(kept) >= 1000 and text.startswith(kept.rstrip("…")))


def _without_escapes(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _stretch(source: Source, begin: int, length: int) -> Iterator[bytes]:
    """`length` decoded bytes from `begin` on."""
    seek = 0 if source.packing else begin
    with opened(source.place, seek) as file:
        at = seek
        for piece in unpacked(file, source.packing, lambda problem, remedy: None):
            wanted = piece[max(0, begin - at) : max(0, begin + length - at)]
            yield wanted
            at += len(piece)
            if at >= begin + length:
                return


def _of_record(match: Match, source: Source) -> bytes:
    task = Task(0, source.place, source.form, source.packing, 0, source.size)
    if not source.packing:
        task = Task(0, source.place, source.form, "", match.doc_start, source.size - match.doc_start)
    for record in records(task, Notes(), hashlib.sha256()):
        if record.at + task.offset == match.doc_start:
            return record_text(record, lambda problem, remedy: None)[match.start : match.end]
    return b""


def _of_row(match: Match, source: Source, fields: tuple[str, ...]) -> bytes:
    """The value of the row that has the text at that place: a row can hold several."""
    found = (value[match.start : match.end] for value in _values(match, source, fields))
    return next((data for data in found if agrees(data, match)), b"")


def _values(match: Match, source: Source, fields: tuple[str, ...]) -> Iterator[bytes]:
    # Loaded here and not above, because only Parquet needs pyarrow.
    columns: Any = import_module("masthead.rights.audit.readers.columns")
    task = Task(0, source.place, "parquet", "", 0, len(columns.row_groups(source.place)))
    for batch in columns.read(task, fields, Notes(), hashlib.sha256()):
        for piece in (batch.documents == match.document).nonzero()[0].tolist():
            end = batch.starts[piece + 1] if piece + 1 < len(batch.starts) else batch.size
            yield bytes(batch.data[batch.starts[piece] : end - 1])
