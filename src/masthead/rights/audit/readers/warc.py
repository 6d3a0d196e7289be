"""WARC: every record is a document. Pages become their text, other text stays as it is, pictures and the like are passed over."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import numpy as np

from masthead.rights.audit.batch import LONGEST, SIZE, Batch, Digest, Notes, padded
from masthead.rights.audit.readers import html
from masthead.rights.audit.readers.pieces import Part
from masthead.rights.audit.storage import opened
from masthead.rights.audit.unpack import Members, Tell, unpacked
from masthead.rights.audit.warc import BEGIN, Record, Records

if TYPE_CHECKING:
    from masthead.rights.audit.corpus import Task

WANTED: Final = frozenset({"response", "conversion", "resource"})
PAGES: Final = ("text/html", "application/xhtml+xml")
TEXTS: Final = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/rss+xml",
    "application/atom+xml",
)


def read(task: Task, fields: Sequence[str], notes: Notes, digest: Digest) -> Iterator[Batch]:
    """The batches of a task. Places in a page are places in its text as `record_text` gives it."""
    heap = Heap()
    for record in records(task, notes, digest):
        content = record_text(record, partial(_told, notes, record))
        if content:
            heap.add(record, content)
        if heap.size >= SIZE:
            yield heap.batch()
            heap = Heap()
    if heap.size:
        yield heap.batch()


def records(task: Task, notes: Notes, digest: Digest) -> Iterator[Record]:
    """The wanted records of a task. One that a broken stretch has cut is given as far as it came."""
    taker = Records(lambda why, remedy: notes.tell(why, remedy, byte=taker.at), WANTED)
    with opened(task.source, task.offset) as file:
        part = cast(BinaryIO, Part(file, task.length, digest))
        for first, piece in _pieces(part, task, notes):
            if first and piece.startswith(BEGIN):
                yield from taker.interrupt("the next one begins")
            notes.size += len(piece)
            yield from taker.feed(piece)
        yield from taker.interrupt("the file ends")
    notes.documents = taker.number


def record_text(record: Record, tell: Tell) -> bytes:
    """A record's text in UTF-8; nothing where it holds none."""
    kind, body, headers = record.headers.get("content-type", ""), record.block, record.headers
    if record.kind == "response":
        if not kind.lower().startswith("application/http"):
            return b""
        headers, body = _answer(record.block)
        body = _decoded(headers, body, tell)
        kind = headers.get("content-type", "")
    media, _, rest = kind.lower().partition(";")
    media = media.strip() or ("text/plain" if record.kind == "conversion" else "")
    charset = rest.partition("charset=")[2].partition(";")[0].strip(" \"'")
    if media in PAGES:
        return html.text(body, charset).encode("utf-8", "replace")
    if media.startswith(TEXTS):
        return html.decoded(body, charset).encode("utf-8", "replace")
    return b""


@dataclass(slots=True)
class Heap:
    """Texts of records until there are enough for a batch."""

    parts: list[bytes] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    records: list[tuple[int, int, str]] = field(default_factory=list)
    size: int = 0

    def add(self, record: Record, content: bytes) -> None:
        """One more text."""
        self.starts.append(self.size)
        self.parts += (content, b"\n")
        self.size += len(content) + 1
        self.records.append((record.number, record.at, record.name))

    def batch(self) -> Batch:
        """All of them."""
        array, size = padded(self.parts)
        numbers, places, names = zip(*self.records, strict=True)
        starts = np.array(self.starts, np.int64)
        return Batch(
            array,
            size,
            False,
            starts,
            np.array(numbers, np.int64),
            np.zeros_like(starts),
            np.array(places, np.int64),
            names,
        )


def _pieces(part: BinaryIO, task: Task, notes: Notes) -> Iterator[tuple[bool, bytes]]:
    """Decoded pieces, and whether each is the first of a packed member."""
    if not task.packing:
        for piece in unpacked(part, "", notes.tell):
            yield False, piece
        return
    for _, pieces in Members(part, task.packing, notes.tell, task.offset):
        first = True
        for piece in pieces:
            yield first, piece
            first = False


def _answer(block: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body of an answer in HTTP."""
    for mark in (b"\r\n\r\n", b"\n\n"):
        head, found, body = block.partition(mark)
        if found:
            lines = (line.partition(":") for line in head.decode("latin-1").splitlines()[1:])
            return {name.strip().lower(): value.strip() for name, _, value in lines}, body
    return {}, b""


def _decoded(headers: dict[str, str], body: bytes, tell: Tell) -> bytes:
    """The body without chunks and packing. Many crawlers unpack it and leave the headers as they were."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    packing = headers.get("content-encoding", "").lower().strip()
    if packing in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
        return _inflated(body, 31, tell)
    if packing == "deflate":
        return _inflated(body, 15 if body[:1] == b"\x78" else -15, tell)
    if packing in ("br", "zstd") and not _is_text(body):
        tell(f"a page is packed with {packing}, which is not read", "Unpack it when crawling, as most crawlers do.")
        return b""
    return body


def _inflated(body: bytes, window: int, tell: Tell) -> bytes:
    unpacker = zlib.decompressobj(window)
    try:
        return unpacker.decompress(body, LONGEST)
    except zlib.error:
        if not _is_text(body):
            tell("a page's packed body is broken", "It was left out.")
            return b""
        return body


def _without_chunks(body: bytes) -> bytes:
    """The body without its chunks' lengths; as it is where it has none, or is cut off."""
    parts: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 64)) >= 0:
        try:
            length = int(body[at:end].partition(b";")[0], 16)
        except ValueError:
            break
        if length <= 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
    return b"".join(parts) or body


def _is_text(body: bytes) -> bool:
    return b"\0" not in body[:512] and sum(byte > 0x7E or byte < 9 for byte in body[:512]) < 100


def _told(notes: Notes, record: Record, problem: str, remedy: str) -> None:
    notes.tell(problem, remedy, document=record.number, byte=record.at)
