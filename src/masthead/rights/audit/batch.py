"""What a reader gives to the scan: some megabytes of text with the places where documents begin in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

SIZE: Final = 16 << 20
"""Bytes of one batch; a longer document makes a longer batch."""
LONGEST: Final = 128 << 20
"""The longest line or record that is read; longer ones are cut there and noted."""
PADDING: Final = 256
"""Spaces behind the text of a batch, because the scan reads some words at a time."""
KEPT: Final = 20
"""Problems of one kind that a task keeps in full; of the others it keeps the number."""

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: bytes, /) -> None:
        """More bytes."""


@dataclass(slots=True)
class Batch:
    """Text of some documents, all of one source, in its order."""

    padded: Bytes
    """The text, with PADDING more bytes behind it."""
    size: int
    escaped: bool
    """Whether the pieces are strings of JSON, in quotes and with escapes."""
    starts: Places
    """Where each piece of text begins. A piece ends where the next one begins; none reaches into another."""
    documents: Places
    """The document each piece belongs to, counted from the task's first."""
    shifts: Places
    """What is added to a place in a piece to get the place in its document as it is stored."""
    doc_starts: Places
    """Where each piece's document begins, counted from the decoded byte at which the task begins."""
    names: Sequence[str] = ()
    """What the source itself calls each piece's document, such as a page's address."""
    overlap: int = 0
    """Bytes at the beginning that the batch before had at its end."""

    @property
    def data(self) -> Bytes:
        """The text without its padding."""
        return self.padded[: self.size]


@dataclass(slots=True)
class Notes:
    """What was wrong in a task, and how much was read."""

    documents: int = 0
    size: int = 0
    """Decoded bytes."""
    kept: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def tell(self, problem: str, remedy: str, **where: int) -> None:
        """Note a problem; `where` can name a `document` and a `byte`. Of problems with the same words only the first ones are kept."""
        self.counts[problem] += 1
        if self.counts[problem] <= KEPT:
            self.kept.append({"problem": problem, "remedy": remedy, **where})

    def left_out(self) -> int:
        """How many problems are counted but not kept."""
        return sum(self.counts.values()) - len(self.kept)


def padded(parts: Iterable[bytes | bytearray | memoryview]) -> tuple[Bytes, int]:
    """The parts one after the other in an array with padding, and their size."""
    views = [memoryview(part) for part in parts]
    size = sum(view.nbytes for view in views)
    array = np.empty(size + PADDING, np.uint8)
    at, target = 0, array.data
    for view in views:
        target[at : at + view.nbytes] = view
        at += view.nbytes
    array[size:] = 0x20
    return array, size


def lines(pieces: Iterator[bytes], notes: Notes, size: int = SIZE) -> Iterator[tuple[int, bytearray]]:
    """Whole lines, about `size` bytes at a time, each with the place of its first byte. A line longer than LONGEST is cut."""
    at, held = 0, bytearray()
    for piece in pieces:
        held += piece
        if len(held) < size:
            continue
        cut = held.rfind(b"\n") + 1
        if cut:
            yield at, held[:cut]
        elif len(held) >= LONGEST:
            cut = len(held)
            _too_long(notes, at)
            yield at, held[:cut]
        if cut:
            at += cut
            del held[:cut]
    if held:
        yield at, held


def _too_long(notes: Notes, at: int) -> None:
    notes.tell(
        f"a line is longer than {LONGEST >> 20} MiB",
        "It was read in pieces, and its number counts each. Write one document on a line.",
        byte=at,
    )
