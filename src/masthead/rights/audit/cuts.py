"""Where a file may be cut: after a line, or before a record of a WARC, packed or not. Only the bytes around the cut are read."""

from __future__ import annotations

import zlib
from typing import Any, BinaryIO, Final

import zstandard

from masthead.rights.audit.storage import opened, whole
from masthead.rights.audit.unpack import GZIP, WINDOW, ZSTD
from masthead.rights.audit.warc import BEGIN

STEP: Final = 1 << 18
PROOF: Final = 4 << 10
"""Bytes that are looked at to see whether a record begins."""


def after_line(place: str, offset: int, size: int) -> int:
    """The place after the first end of line from `offset - 1` on; `size` where there is none."""
    with opened(place, offset - 1) as file:
        at = offset - 1
        while piece := file.read(STEP):
            if (end := piece.find(b"\n")) >= 0:
                return at + end + 1
            at += len(piece)
    return size


def after_record(place: str, offset: int, size: int, packing: str) -> int:
    """The place of the first record from `offset` on; `size` where there is none."""
    mark = {"gzip": GZIP, "zstd": ZSTD}.get(packing, BEGIN)
    with opened(place, offset) as file:
        return _search(file, offset, size, mark, packing)


def _search(file: BinaryIO, offset: int, size: int, mark: bytes, packing: str) -> int:
    """Go through the file for `mark`, and look at what follows it."""
    at, held = offset, b""
    while piece := whole(file, STEP):
        held += piece
        last = len(piece) < STEP
        # What stands too near the end of what was read is looked at with the next piece.
        reach = len(held) if last else len(held) - PROOF
        here = held.find(mark)
        while 0 <= here < reach:
            if _begins(held[here : here + PROOF], packing):
                return at + here
            here = held.find(mark, here + 1)
        if last:
            break
        at, held = at + reach, held[reach:]
    return size


def _begins(data: bytes, packing: str) -> bool:
    """Whether a record begins here: the mark alone can stand in the middle of packed bytes, or of a page."""
    if packing == "gzip":
        return _unpacks(zlib.decompressobj(wbits=31), data)
    if packing == "zstd":
        return _unpacks(zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj(), data)
    head, end, _ = data.partition(b"\r\n\r\n")
    return bool(end) and b"\nwarc-type:" in head.lower() and b"\ncontent-length:" in head.lower()


def _unpacks(unpacker: Any, data: bytes) -> bool:
    try:
        return bool(unpacker.decompress(data).startswith(BEGIN))
    except (zlib.error, zstandard.ZstdError):
        return False
