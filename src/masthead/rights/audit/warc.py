"""Records of a WARC file (ISO 28500), taken from its decoded bytes. A broken record is told and costs only itself.

Readers that are packages were tried: they end at the first broken record, or accept one that is cut off without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from masthead.rights.audit.batch import LONGEST
from masthead.rights.audit.unpack import Tell

BEGIN: Final = b"WARC/1."
HEAD: Final = 64 << 10
"""The longest header that is read."""
ENDS: Final = (b"\r\n\r\n", b"\n\n")


@dataclass(slots=True)
class Record:
    """One record."""

    number: int
    """From 0, of all records that were begun."""
    at: int
    """Place of its first byte in the decoded file, counted from where reading began."""
    headers: dict[str, str]
    """By name in small letters."""
    block: bytes

    @property
    def kind(self) -> str:
        """`response`, `conversion`, `resource`, `request`, ..."""
        return self.headers.get("warc-type", "").lower()

    @property
    def name(self) -> str:
        """The page's address; the record's id where it has none."""
        return self.headers.get("warc-target-uri", "").strip("<>") or self.headers.get("warc-record-id", "")


@dataclass(slots=True)
class Records:
    """Takes the bytes of a file piece by piece, gives the records that are complete."""

    tell: Tell
    wanted: frozenset[str]
    number: int = 0
    at: int = 0
    _held: bytearray = field(default_factory=bytearray)
    _skip: int = 0
    """Bytes of an unwanted or overlong block still to come."""
    _open: tuple[dict[str, str], int] | None = None
    _lost: bool = False

    def feed(self, piece: bytes) -> Iterator[Record]:
        """More bytes."""
        if self._skip:
            skipped = min(self._skip, len(piece))
            self._skip -= skipped
            self.at += skipped
            piece = piece[skipped:]
        self._held += piece
        while self._held and not self._skip:
            record = self._next()
            if record is None:
                return
            if record.kind in self.wanted:
                yield record

    def interrupt(self, why: str) -> Iterator[Record]:
        """The bytes end here, or a new record begins here for certain: what is open is given as far as it came."""
        if self._open:
            self.tell(f"the record ends early, because {why}", "What came of it was read. Get the file again.")
            headers, begun = self._open
            record = Record(self.number - 1, begun, headers, bytes(self._held))
            if record.kind in self.wanted:
                yield record
        elif self._held.strip():
            self.tell("there are bytes that are no record", "They were left out. Get the file again.")
        self.at += len(self._held)
        self._held, self._skip, self._open = bytearray(), 0, None

    def _next(self) -> Record | None:
        """One step: a record (wanted or not) that is complete, or None where more bytes are needed."""
        if self._open is None and not self._begin():
            return None
        assert self._open is not None
        headers, begun = self._open
        length = _length(headers)
        if headers.get("warc-type", "").lower() not in self.wanted or length > LONGEST:
            if length > LONGEST:
                self.tell(f"a record is longer than {LONGEST >> 20} MiB", "It was left out.")
            self._skip = max(0, length - len(self._held))
            self._take(min(length, len(self._held)))
            self._open = None
            return Record(self.number - 1, begun, {}, b"")
        if len(self._held) < length:
            return None
        self._open = None
        return Record(self.number - 1, begun, headers, self._take(length))

    def _begin(self) -> bool:
        """Read a header; False where more bytes are needed."""
        self._take(len(self._held) - len(self._held.lstrip(b"\r\n")))
        if len(self._held) < len(BEGIN):
            return False
        if not self._held.startswith(BEGIN) and not self._find_again():
            return False
        end = min((place + len(mark) for mark in ENDS if (place := self._held.find(mark)) >= 0), default=0)
        if not end and len(self._held) < HEAD:
            return False
        begun = self.at
        headers = _headers(self._take(end or len(self._held)))
        self._open, self.number = (headers, begun), self.number + 1
        if _length(headers) < 0:
            self.tell("a record does not say how long it is", "It was left out. Get the file again.")
            self._open = ({"content-length": "0"}, begun)
        return True

    def _find_again(self) -> bool:
        """Go to the next record's beginning after bytes that belong to none."""
        here = self._held.find(b"\n" + BEGIN)
        lost = here + 1 if here >= 0 else max(0, len(self._held) - len(BEGIN))
        if not self._lost:
            remedy = "Reading went on with the next record. Get the file again."
            self.tell("a record begins where none can, so its length or the one before is wrong", remedy)
        self._lost = here < 0
        self._take(lost)
        return here >= 0

    def _take(self, length: int) -> bytes:
        taken = bytes(self._held[:length])
        del self._held[:length]
        self.at += length
        return taken


def _headers(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").splitlines()[1:]:
        if line.startswith((" ", "\t")) and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found


def _length(headers: dict[str, str]) -> int:
    value = headers.get("content-length", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else -1
