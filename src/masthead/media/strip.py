"""Taking metadata out of pictures without touching the picture: pure, bytes in, bytes out.

Colour profiles and what is needed to show the picture stay; EXIF (with its location), XMP, comments, thumbnails and
anything after the end of the picture go. `Broken` says that the file is not built as its format demands.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from itertools import islice

PNG_KEPT = {
    b"IHDR",
    b"PLTE",
    b"tRNS",
    b"IDAT",
    b"IEND",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"cICP",
    b"sBIT",
    b"bKGD",
    b"pHYs",
    b"acTL",
    b"fcTL",
    b"fdAT",
}
WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
FRAME = ord(",")


class Broken(ValueError):
    """The file ends early or is not built as its format demands."""


def jpeg(data: bytes) -> bytes:
    """A JPEG without APP segments (except JFIF, Adobe and the colour profile), comments and what follows its end."""
    if data[:2] != b"\xff\xd8":
        raise Broken("no start of image")
    out, at = bytearray(data[:2]), 2
    while True:
        at = _next_marker(data, at)
        marker = data[at + 1]
        if marker == 0xD9:
            return bytes(out + b"\xff\xd9")
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + size
        if size < 2 or end > len(data):
            raise Broken("a segment ends early")
        if _jpeg_kept(marker, data[at + 4 : at + 20]):
            out += data[at:end]
        at = end
        if marker == 0xDA:
            end = _end_of_scan(data, at)
            out += data[at:end]
            at = end


def _next_marker(data: bytes, at: int) -> int:
    while at + 1 < len(data) and data[at] == 0xFF and data[at + 1] == 0xFF:
        at += 1
    if at + 1 >= len(data) or data[at] != 0xFF:
        raise Broken("no marker where one must be")
    return at


def _end_of_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Broken("the picture ends early")
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7 and data[at + 1] != 0xFF:
            return at
        at += 1 if data[at + 1] == 0xFF else 2


def _jpeg_kept(marker: int, start: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return (marker, start[:4]) in ((0xE0, b"JFIF"), (0xEE, b"Adob")) or (
            marker == 0xE2 and start[:11] == b"ICC_PROFILE"
        )
    return marker != 0xFE


def png(data: bytes) -> bytes:
    """A PNG (or APNG) with only the chunks that show it."""
    out, at = bytearray(data[:8]), 8
    while True:
        if at + 12 > len(data):
            raise Broken("the picture ends early")
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data):
            raise Broken("a chunk ends early")
        if kind in PNG_KEPT:
            out += data[at:end]
        if kind == b"IEND":
            return bytes(out)
        at = end


def webp(data: bytes) -> bytes:
    """A WebP without EXIF, XMP and unknown chunks."""
    total = 8 + int.from_bytes(data[4:8], "little")
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or total > len(data):
        raise Broken("the picture ends early")
    out, at = bytearray(), 12
    while at + 8 <= total:
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + (size & 1)
        if at + 8 + size > total:
            raise Broken("a chunk ends early")
        if kind in WEBP_KEPT:
            chunk = bytearray(data[at:end])
            if kind == b"VP8X":
                chunk[8] &= ~0b1100
            out += chunk
        at = end
    return b"RIFF" + struct.pack("<I", len(out) + 4) + b"WEBP" + bytes(out)


def gif(data: bytes) -> bytes:
    """A GIF without comments, plain text and application blocks other than the loop count."""
    out = bytearray(data[: _gif_start(data)])
    for begin, end in _gif_blocks(data):
        application = data[begin + 3 : begin + 14] if data[begin + 1] == 0xFF else b""
        if data[begin] == FRAME or data[begin + 1] == 0xF9 or application in GIF_KEPT:
            out += data[begin:end]
    return bytes(out + b";")


def gif_frames(data: bytes, most: int) -> int:
    """How many pictures a GIF holds, counted no farther than one more than `most`."""
    return sum(1 for _one in islice((1 for begin, _end in _gif_blocks(data) if data[begin] == FRAME), most + 1))


def _gif_start(data: bytes) -> int:
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise Broken("no GIF")
    return 13 + _colours(data[10])


def _gif_blocks(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each block begins and ends, up to the mark of the end."""
    at = _gif_start(data)
    while data[at : at + 1] != b";":
        begin, sign = at, data[at : at + 1]
        if sign == b"!":
            at = _past_blocks(data, at + 2)
        elif sign == b"," and at + 10 < len(data):
            at = _past_blocks(data, at + 11 + _colours(data[at + 9]))
        else:
            raise Broken("the picture ends early")
        yield begin, at


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while at < len(data):
        size = data[at]
        at += 1 + size
        if size == 0:
            return at
    raise Broken("a block ends early")


STRIPPERS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": jpeg,
    "image/png": png,
    "image/webp": webp,
    "image/gif": gif,
}
