"""Words out of raw bytes: the exact reading, one character after the other.

Two texts that a reader calls the same come out as the same words: upper or lower case, composed or decomposed accents or none, JSON
escapes or plain, straight, curly or escaped apostrophes, with mentions, links and entities or without. A word is a number of 64 bits;
its lowest three say the class of language. `stride.py` reads the same words faster.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.characters import SPECIAL, decoded, special, unit
from masthead.rights.audit.compiled import cell, compiled, eight, four, inlined, part, put_byte, put_cell
from masthead.rights.audit.letters import (
    ALONE,
    CLASS_SHIFT,
    DROPPED,
    JOINER,
    KIND_SHIFT,
    LENGTH_SHIFT,
    LETTER,
    MARK,
    PAYLOAD,
    SEPARATOR,
    SEQUENCE,
    letters,
)

Words = NDArray[np.uint64]
Places = NDArray[np.int64]
LONGEST: Final = 56
"""Bytes of a word that count; of a longer one the rest is not looked at."""
BATCH: Final = 2048
"""Words that are read before anything is done with them."""
ROOM: Final = BATCH + 128
"""Length of the arrays they are read into: a last character may come to many words."""

_U = np.uint64
K1, K2 = _U(0x9E3779B97F4A7C15), _U(0xBF58476D1CE4E5B9)
K3, K4 = _U(0x94D049BB133111EB), _U(0xD6E8FEB86659FD93)
_29, _31, _35, _CLASS = _U(29), _U(31), _U(35), _U(7)
LENGTH, FIRST, LAST, KIND = range(4)
"""What is known of the word that is being read."""
FIRST_EIGHT = np.array([(1 << 8 * min(k, 8)) - 1 for k in range(65)], np.uint64)
"""For a length: which bits of the first eight bytes belong to the word."""
NEXT_EIGHT = np.array([(1 << 8 * min(max(k - 8, 0), 8)) - 1 for k in range(65)], np.uint64)


class Read(NamedTuple):
    """Where words are read to: their numbers, the byte each begins at and the byte after it, and room for the word that is open."""

    words: Words
    starts: Places
    ends: Places
    spelled: NDArray[np.uint8]
    open_: Places

    @classmethod
    def room(cls, size: int = ROOM) -> Read:
        """Empty arrays for so many words."""
        words, starts, ends = np.zeros(size, np.uint64), np.zeros(size, np.int64), np.zeros(size, np.int64)
        return cls(words, starts, ends, np.zeros(80, np.uint8), np.zeros(4, np.int64))

    def addresses(self) -> tuple[int, int, int, int, int]:
        """Where the arrays lie, as compiled code takes them."""
        words, starts, ends, spelled, open_ = (array.ctypes.data for array in self)
        return words, starts, ends, spelled, open_


@inlined
def blend(first: Any, second: Any, length: int) -> Any:
    """The number of a word of up to 16 bytes, before its class is written into it."""
    left = (first ^ (_U(length) * K1)) * K2
    right = (second + K3) * K4
    left ^= (right >> _29) ^ (right << _35)
    return left ^ (left >> _31)


@inlined
def classed(word: Any, kind: int) -> Any:
    """The number with its class in the lowest bits."""
    return (word & ~_CLASS) | _U(kind)


@inlined
def half(word: Any) -> Any:
    """A word in half the room, as the index keeps it."""
    return np.uint32((word >> np.uint64(32)) & np.uint64(0xFFFFFFF8) | (word & np.uint64(7)))


@part
def number(spelled: int, length: int, kind: int) -> Any:
    """The number of the folded word whose letters lie at an address."""
    word = blend(eight(spelled) & FIRST_EIGHT[length], eight(spelled + 8) & NEXT_EIGHT[length], length)
    for at in range(16, length, 8):
        word = (word ^ (eight(spelled + at) & FIRST_EIGHT[min(length - at, 8)])) * K2
        word ^= word >> _31
    return classed(word, kind)


@part
def _put_wide(spelled: int, length: int, code: int) -> int:
    """Two or three bytes, of which all but the last have their highest bit set."""
    size = 2 if code < 0x4000 else 3
    if length + size > LONGEST:
        return length
    put_byte(spelled + length, 0x80 | (code & 0x7F))
    put_byte(spelled + length + 1, code >> 7 if size == 2 else 0x80 | (code >> 7 & 0x7F))
    put_byte(spelled + length + 2, code >> 14)
    return length + size


@inlined
def _put(spelled: int, length: int, code: int) -> int:
    """Write a character into the word and give its new length."""
    if code >= 128:
        return _put_wide(spelled, length, code)
    if length < LONGEST:
        put_byte(spelled + length, code)
        length += 1
    return length


@inlined
def _letter(what: int, at: int, after: int, spelled: int, open_: int) -> None:
    if cell(open_, LENGTH) == 0:
        put_cell(open_, FIRST, at)
        put_cell(open_, KIND, what >> CLASS_SHIFT & 7)
    put_cell(open_, LENGTH, _put(spelled, cell(open_, LENGTH), what & PAYLOAD))
    put_cell(open_, LAST, after)


@inlined
def _write(words: int, starts: int, ends: int, count: int, word: Any, start: int, end: int) -> int:
    put_cell(words, count, word)
    put_cell(starts, count, start)
    put_cell(ends, count, end)
    return count + 1


@part
def _no_letter(
    what: int, at: int, after: int, spelled: int, open_: int, words: int, starts: int, ends: int, count: int
) -> int:
    """One unit that is no letter."""
    kind, length = what >> KIND_SHIFT, cell(open_, LENGTH)
    if kind == MARK and length:
        put_cell(open_, LAST, after)
    elif kind == MARK:
        if count and cell(ends, count - 1) == at:
            put_cell(ends, count - 1, after)
    elif kind != JOINER:
        if length and kind != DROPPED:
            word = number(spelled, length, cell(open_, KIND))
            count = _write(words, starts, ends, count, word, cell(open_, FIRST), cell(open_, LAST))
        put_cell(open_, LENGTH, 0)
        if kind == ALONE:
            word = number(spelled, _put(spelled, 0, what & PAYLOAD), what >> CLASS_SHIFT & 7)
            count = _write(words, starts, ends, count, word, at, after)
    return count


@part
def _sequence(
    letters: int, what: int, at: int, after: int,
    spelled: int, open_: int, words: int, starts: int, ends: int, count: int,
) -> int:  # fmt: skip
    """The units of a character that comes to more than one."""
    for k in range(what >> LENGTH_SHIFT & 31):
        part = four(letters + 4 * ((what & PAYLOAD) + k))
        if part >> KIND_SHIFT == LETTER:
            _letter(part, at, after, spelled, open_)
        else:
            count = _no_letter(part, at, after, spelled, open_, words, starts, ends, count)
    return count


@compiled
def exact(
    at: int, stop: int, hi: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, count: int,
) -> tuple[int, int]:  # fmt: skip
    """Read words from `at`, where none is open, until none is open at `stop` or later or `BATCH` are there.

    Gives the number of words read and where reading goes on. Nothing at `hi` or behind it is looked at. All places are addresses.
    `open_` is room for what is known of the word that is being read: length, first byte, the byte after it, class.
    """
    put_cell(open_, LENGTH, 0)
    while at < hi and (cell(open_, LENGTH) > 0 or (at < stop and count < BATCH)):
        code, after = decoded(at, hi, json)
        if code < 128 and SPECIAL[code]:
            kind, after = special(code, after, hi, json, letters, spelled, cell(open_, LENGTH))
            what = kind << KIND_SHIFT
        else:
            what = unit(letters, code)
        if what >> KIND_SHIFT == LETTER:
            _letter(what, at, after, spelled, open_)
        elif what >> KIND_SHIFT == SEQUENCE:
            count = _sequence(letters, what, at, after, spelled, open_, words, starts, ends, count)
        else:
            count = _no_letter(what, at, after, spelled, open_, words, starts, ends, count)
        at = after
    return _no_letter(SEPARATOR << KIND_SHIFT, at, at, spelled, open_, words, starts, ends, count), at


def read_words(text: bytes, *, json: bool = False) -> tuple[Words, Places, Places]:
    """All words of a text, with the byte each begins at and the byte after it."""
    buf, read, table = np.frombuffer(text, np.uint8), Read.room(), letters()
    first = at = buf.ctypes.data
    end, found = first + len(buf), list[tuple[Words, Places, Places]]()
    while not found or at < end:
        count, at = exact(at, end, end, json, table.ctypes.data, *read.addresses(), 0)
        found.append((read.words[:count].copy(), read.starts[:count] - first, read.ends[:count] - first))
    words, starts, ends = zip(*found, strict=True)
    return np.concatenate(words), np.concatenate(starts), np.concatenate(ends)
