"""Packed files, unpacked as they are read: gzip with any number of members, zstd with any number of frames.

What is broken is told and stepped over, so that one bad member does not cost the rest of the file. Memory stays bounded however much
a packed byte stands for.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import zstandard

PIECE: Final = 1 << 20
"""Unpacked bytes given at a time."""
GZIP: Final = b"\x1f\x8b\x08"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
FED: Final = 1 << 12
"""Packed bytes a zstd frame is fed at a time: they stand for 128 MiB at the very most, for 20 KiB in practice."""
WINDOW: Final = 1 << 27
"""Largest window of a zstd frame that is accepted, as `zstd -d` has it without --long."""

Tell = Callable[[str, str], None]
"""Called with what is wrong and what to do."""


def kind(beginning: bytes) -> str:
    """`gzip`, `zstd` or nothing, by a file's first four bytes."""
    if beginning.startswith(GZIP):
        return "gzip"
    return "zstd" if beginning.startswith(ZSTD) or _skippable(beginning) else ""


def unpacked(file: BinaryIO, packing: str, tell: Tell) -> Iterator[bytes]:
    """The bytes of a packed file, in pieces of about a megabyte or less."""
    if not packing:
        while piece := file.read(PIECE):
            yield piece
        return
    for _, pieces in Members(file, packing, tell):
        yield from pieces


def _skippable(beginning: bytes) -> bool:
    return len(beginning) > 3 and beginning[1:4] == b"\x2a\x4d\x18" and beginning[0] >> 4 == 5


class Gzip:
    """Unpacks one gzip member."""

    mark, word = GZIP, "gzip member"

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def ended(self) -> bool:
        """Whether the member was read to its end, checksum included."""
        return self._inner.eof

    def feed(self, packed: bytes) -> tuple[bytes, bytes]:
        """What some of `packed` unpacks to, and the rest of it."""
        piece = self._inner.decompress(packed, PIECE)
        return piece, self._inner.unused_data if self.ended else self._inner.unconsumed_tail


class Zstd:
    """Unpacks one zstd frame."""

    mark, word = ZSTD, "zstd frame"

    def __init__(self) -> None:
        self._inner: Any = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj(read_across_frames=False)

    @property
    def ended(self) -> bool:
        """Whether the frame was read to its end."""
        return bool(self._inner.eof)

    def feed(self, packed: bytes) -> tuple[bytes, bytes]:
        """What some of `packed` unpacks to, and the rest of it."""
        piece = self._inner.decompress(packed[:FED])
        rest = packed[FED:]
        return piece, self._inner.unused_data + rest if self.ended else rest


KINDS: Final[dict[str, type[Gzip] | type[Zstd]]] = {"gzip": Gzip, "zstd": Zstd}
FAULTS: Final = (zlib.error, zstandard.ZstdError)


@dataclass(slots=True)
class Members:
    """The gzip members or zstd frames of a file, one after the other."""

    file: BinaryIO
    packing: str
    tell: Tell
    at: int = 0
    """Where in the packed file the first held byte stands, counted from where reading began."""
    held: bytes = b""

    def __iter__(self) -> Iterator[tuple[int, Iterator[bytes]]]:
        """Each member's place in the packed file and its bytes, which must be read before the next one."""
        while self._next_begins():
            yield self.at, self._bytes()

    def _next_begins(self) -> bool:
        of = KINDS[self.packing]
        while len(self.held) < 4 and self._more():
            pass
        if self.held.startswith(of.mark) or (of is Zstd and _skippable(self.held)):
            return True
        # Zeros are a common padding after the last member.
        if self.held.strip(b"\0"):
            remedy = "Reading went on with the next one where there is one. Get the file again."
            self.tell(f"no {of.word} begins at byte {self.at} of the packed file", remedy)
        return bool(self.held) and self._skip(of.mark)

    def _bytes(self) -> Iterator[bytes]:
        of, begun, given = KINDS[self.packing], self.at, 0
        unpacker = of()
        while not unpacker.ended:
            if not self.held and not self._more():
                self.tell(f"the {of.word} at byte {begun} of the packed file ends early", "Get the file again.")
                return
            try:
                piece, rest = unpacker.feed(self.held)
            except FAULTS as error:
                self._step_over(f"the {of.word} at byte {begun} of the packed file is broken", given, error)
                return
            self._keep(rest)
            given += len(piece)
            if piece:
                yield piece

    def _step_over(self, what: str, given: int, error: Exception) -> None:
        why = str(error).rpartition(": ")[2]
        remedy = f"{given} bytes of it were read; reading went on with the next one. Get the file again."
        self.tell(f"{what} ({why})", remedy)
        mark = KINDS[self.packing].mark
        self._keep(self.held[1:] if self.held.startswith(mark) else self.held)
        self._skip(mark)

    def _more(self) -> bool:
        piece = self.file.read(1 << 16)
        self.held += piece
        return bool(piece)

    def _keep(self, rest: bytes) -> None:
        self.at += len(self.held) - len(rest)
        self.held = rest

    def _skip(self, mark: bytes) -> bool:
        """Go to the next `mark`; False where there is none."""
        while (here := self.held.find(mark)) < 0:
            self._keep(self.held[-len(mark) + 1 :])
            if not self._more():
                self._keep(b"")
                return False
        self._keep(self.held[here:])
        return True
