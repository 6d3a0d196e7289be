"""Where documents and the values in them begin and end, in bytes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.compiled import address, byte, compiled, equal_bits, finder, lowest, part
from masthead.rights.audit.words import Places

_NEWLINE, _QUOTE, _BACKSLASH, _COLON, _SPACE = (ord(c) for c in '\n"\\: ')
_0, _1 = np.uint64(0), np.uint64(1)
_stops = finder(b'"\\')
_BACK: Final = 300
"""Bytes that are looked through for a space."""


@compiled
def line_starts(data: Any) -> Any:
    """Where each line begins, and the end: one more than there are lines. A last line without a line break counts."""
    size = data.shape[0]
    first, found, count = address(data), np.empty(1024, np.int64), 1
    found[0] = 0
    for base in range(0, size - size % 64, 64):
        bits = equal_bits(first + base, _NEWLINE)
        while bits != _0:
            if count + 2 > found.shape[0]:
                found = np.concatenate((found, np.empty_like(found)))
            found[count] = base + lowest(bits) + 1
            count += 1
            bits &= bits - _1
    for at in range(size - size % 64, size):
        if data[at] == _NEWLINE:
            if count + 2 > found.shape[0]:
                found = np.concatenate((found, np.empty_like(found)))
            found[count] = at + 1
            count += 1
    if found[count - 1] < size:
        found[count] = size
        count += 1
    return found[:count].copy()


@part
def string_end(at: int, hi: int) -> int:
    """The closing quote of the JSON string whose text begins here; `hi` where it has none."""
    while at < hi:
        if at + 64 <= hi:
            stops = _stops(at)
            if stops == _0:
                at += 64
                continue
            at += lowest(stops)
        letter = byte(at)
        if letter == _QUOTE:
            return at
        at += 2 if letter == _BACKSLASH else 1
    return hi


@part
def _is_key(at: int, hi: int) -> bool:
    """Whether a colon follows the closing quote."""
    at += 1
    while at < hi and byte(at) <= _SPACE:
        at += 1
    return at < hi and byte(at) == _COLON


@part
def _named(at: int, end: int, name: Any) -> bool:
    if end - at != name.shape[0]:
        return False
    for k in range(name.shape[0]):  # noqa: SIM110 (compiled code has no generators)
        if byte(at + k) != name[k]:
            return False
    return True


@part
def value_at(lo: int, hi: int, at: int, name: Any) -> tuple[int, int]:
    """The JSON string of a line that holds an address, if it is the value of the key given: its text's first byte and the one behind.

    Two equal numbers where there is none. An empty name stands for every key.
    """
    ours = name.shape[0] == 0
    while lo < at:
        while lo < at and byte(lo) != _QUOTE:
            lo += 1
        end = string_end(lo + 1, hi)
        if _is_key(end, hi):
            ours = name.shape[0] == 0 or _named(lo + 1, end, name)
        elif lo < at < end:
            return (lo + 1, end) if ours else (at, at)
        lo = end + 1
    return at, at


@part
def safe_start(lo: int, at: int, json: bool) -> int:
    """A place near `at`, not before `lo`, where a character begins and, as far as can be told, no word or link is open; else -1."""
    if at <= lo:
        return lo
    for back in range(min(_BACK, at - lo)):
        if byte(at - back) == _SPACE:
            return at - back
    for here in range(at, at + 16):
        if byte(here) >= 0xC0 or (json and byte(here) == _BACKSLASH and byte(here - 1) != _BACKSLASH):
            return here
    return -1


def documents(data: NDArray[np.uint8], bounds: Places | None, *, whole: bool) -> Places:
    """Where the documents of a piece begin, and the end: as given, the whole piece, or its lines."""
    if bounds is not None:
        return np.asarray(bounds, np.int64)
    if whole:
        return np.array([0, len(data)], np.int64)
    starts: Places = line_starts(data)
    return starts
