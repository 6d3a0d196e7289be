"""Words out of raw bytes, in long strides: plain ASCII words by 64 bytes at once, everything else read exactly.

A run of letters and digits is known from 64 comparisons made at once. Where the bytes on its two sides are of no consequence it is a
word, and its number comes from two loads. Where they are (an escape, an apostrophe, an `@`), or where it is not ASCII, the exact
reader takes over at the end of the run before and hands back where it stopped.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from masthead.rights.audit.characters import ALNUM
from masthead.rights.audit.compiled import byte, cell, compiled, eight, inlined, lowest, part, put_cell, word_bits
from masthead.rights.audit.letters import LATIN, letters
from masthead.rights.audit.words import BATCH, FIRST_EIGHT, NEXT_EIGHT, Places, Read, Words, blend, classed, exact

_U = np.uint64
_LOWER, _WIDE = _U(0x2020202020202020), _U(0x8080808080808080)
_0, _1, _63 = _U(0), _U(1), _U(63)
_PLAIN, _AFTER_ESCAPE, _EXACT = 0, 1, 2
_SHORT: Final = 16
_AT, _AND, _HASH, _UNDERSCORE, _BACKSLASH, _COLON, _SLASH, _APOSTROPHE, _LETTER_U = (ord(c) for c in "@&#_\\:/'u")
BASE, BITS, CARRY, START, SKIP, BEFORE, INSIDE = range(7)
"""The state of a reading: block, its changes not yet seen, its last bit, where the run began, where exact reading stopped, where the
run before ended, whether inside a run."""


def _flags(characters: str) -> Any:
    return np.array([chr(code) in characters for code in range(256)], np.uint8)


_RUN = np.array([code >= 128 or bool(ALNUM[code]) for code in range(256)], np.uint8)
_OPENS, _CLOSES = _flags("@&#_\\"), _flags("&:'\\")
_SIMPLE_ESCAPES = _flags("bfnrt")
_JOINS = _flags("'\\&") | _RUN


@part
def _escape_before(lo: int, start: int, json: bool) -> int:
    """Whether the first letter of a run belongs to an escape: an odd number of backslashes stands before it."""
    at = start - 1
    while at >= lo and byte(at) == _BACKSLASH:
        at -= 1
    if not json or (start - 1 - at) % 2 == 0:
        return _PLAIN
    return _AFTER_ESCAPE if _SIMPLE_ESCAPES[byte(start)] else _EXACT


@part
def _opening(lo: int, start: int, json: bool) -> int:
    """What the byte before a run makes of it."""
    at = start - 1
    before = byte(at)
    if before == _BACKSLASH:
        return _escape_before(lo, start, json)
    if before in (_AT, _AND):
        return _EXACT
    if before == _HASH:
        return _EXACT if at > lo and byte(at - 1) == _AND else _PLAIN
    while before == _UNDERSCORE and at > lo:
        at -= 1
        before = byte(at)
    return _EXACT if before == _AT else _PLAIN


@part
def _closing(end: int, hi: int, json: bool) -> int:
    """What the byte after a run makes of it."""
    here = byte(end)
    after = byte(end + 1) if end + 1 < hi else 32
    joins = here == _AND
    joins |= here == _COLON and (after in (_SLASH, _BACKSLASH))
    joins |= here == _APOSTROPHE and _JOINS[after] != 0
    joins |= here == _BACKSLASH and json and after == _LETTER_U
    return _EXACT if joins else _PLAIN


@inlined
def _plain(start: int, end: int, words: int, starts: int, count: int) -> int:
    """Write the word of a run of at most 16 bytes and give the new count; -1 where it is not ASCII."""
    length = end - start
    first = eight(start) & FIRST_EIGHT[length]
    second = eight(start + 8) & NEXT_EIGHT[length]
    if (first | second) & _WIDE:
        return -1
    lower, upper = (first | _LOWER) & FIRST_EIGHT[length], (second | _LOWER) & NEXT_EIGHT[length]
    put_cell(words, count, classed(blend(lower, upper, length), LATIN))
    put_cell(starts, count, start)
    return count + 1


@part
def _kind(lo: int, hi: int, start: int, end: int, json: bool) -> int:
    kind = _PLAIN
    if start > lo and _OPENS[byte(start - 1)]:
        kind = _opening(lo, start, json)
    if end < hi and kind != _EXACT and _CLOSES[byte(end)]:
        kind = max(kind, _closing(end, hi, json))
    return kind


@part
def _odd(
    lo: int, hi: int, edge: int, start: int, end: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, count: int, state: int,
) -> int:  # fmt: skip
    """A run that is not plainly a word. Reading may stop within it when the batch is full; `SKIP` of the state says where."""
    skip = cell(state, SKIP)
    if start >= skip:
        kind = _kind(lo, hi, start, end, json)
        if kind != _EXACT and start + kind == end:
            return count
        if kind != _EXACT and end - start <= _SHORT and start + kind <= edge:
            done = _plain(start + kind, end, words, starts, count)
            if done >= 0:
                return done
    at = max(skip, cell(state, BEFORE))
    count, skip = exact(at, end, hi, json, letters, words, starts, ends, spelled, open_, count)
    put_cell(state, SKIP, skip)
    return count


@part
def _changes(base: int, hi: int, edge: int, state: int) -> Any:
    """Where runs begin and end in a block of 64 bytes, as bits."""
    left = hi - base
    if base + 64 <= edge + _SHORT:
        bits = word_bits(base)
    else:
        bits = _0
        for k in range(max(min(left, 64), 0)):
            bits |= _U(_RUN[byte(base + k)]) << _U(k)
    if left < 64:
        bits &= (_1 << _U(max(left, 0))) - _1
    changes = bits ^ ((bits << _1) | _U(cell(state, CARRY)))
    put_cell(state, CARRY, np.int64(bits >> _63))
    return changes


@compiled
def restart(state: int, lo: int) -> None:
    """Make the state ready to read from `lo`."""
    for k in (START, SKIP, BEFORE):
        put_cell(state, k, lo)
    for k in (BITS, CARRY, INSIDE):
        put_cell(state, k, 0)
    put_cell(state, BASE, lo - 64)


@compiled
def fill(
    lo: int, hi: int, edge: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, count: int, state: int,
) -> tuple[int, bool]:  # fmt: skip
    """Read words between two addresses, behind the `count` that are there, until the batch is full or nothing is left.

    Up to 16 bytes behind `edge` may be looked at, even where they lie behind `hi`. Gives how many words there are now and whether all
    is read. The ends of words are not kept up.
    """
    base, bits = cell(state, BASE), _U(cell(state, BITS))
    start, inside, before = cell(state, START), cell(state, INSIDE), cell(state, BEFORE)
    skip, last = cell(state, SKIP), hi - 1
    while count < BATCH:
        while bits != _0 and count < BATCH:
            at = base + lowest(bits)
            if not inside:
                start, inside, bits = at, 1, bits & (bits - _1)
                continue
            done = -1
            sides = _OPENS[byte(max(start - 1, lo))] | _CLOSES[byte(min(at, last))]
            if sides == 0 and at - start <= _SHORT and start >= skip and start <= edge:
                done = _plain(start, at, words, starts, count)
            if done < 0 and at > skip:
                put_cell(state, BEFORE, before)
                done = _odd(
                    lo, hi, edge, start, at, json, letters, words, starts, ends, spelled, open_, count, state
                )  # fmt: skip
                skip = cell(state, SKIP)
            count = max(count, done)
            if count >= BATCH and start < skip < at:
                break  # within a run: the next batch goes on there
            bits, inside, before = bits & (bits - _1), 0, at
        if bits == _0 and count < BATCH:
            base += 64
            if base > hi:
                break
            bits = _changes(base, hi, edge, state)
    put_cell(state, BASE, base)
    put_cell(state, BITS, np.int64(bits))
    put_cell(state, START, start)
    put_cell(state, INSIDE, inside)
    put_cell(state, BEFORE, before)
    return count, bits == _0 and base > hi


def read_fast(text: bytes, *, json: bool = False, edge: int | None = None) -> tuple[Words, Places]:
    """All words of a text with the byte each begins at, read in strides. Bytes up to `edge` may be looked at, if there are more."""
    buf, read, state = np.frombuffer(text.ljust(edge or 0), np.uint8), Read.room(), np.zeros(8, np.int64)
    lo = buf.ctypes.data
    hi, most = lo + len(text), lo + len(buf) - _SHORT
    restart(state.ctypes.data, lo)
    found, done = list[tuple[Words, Places]](), False
    while not done:
        count, done = fill(lo, hi, most, json, letters().ctypes.data, *read.addresses(), 0, state.ctypes.data)
        found.append((read.words[:count].copy(), read.starts[:count] - lo))
    words, starts = zip(*found, strict=True)
    return np.concatenate(words), np.concatenate(starts)
