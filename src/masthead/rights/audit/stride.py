"""Words out of raw bytes, in long strides: plain ASCII words by 64 bytes at once, everything else read exactly.

A run of letters and digits is known from 64 comparisons made at once. Where the bytes on its two sides are of no consequence it is a
word, and its number comes from two loads. Where they are (an escape, an apostrophe, an `@`), or where it is not ASCII, the exact
reader takes over at the end of the run before and hands back where it stopped.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from masthead.rights.audit.characters import ALNUM
from masthead.rights.audit.compiled import (
    address,
    byte,
    cell,
    compiled,
    eight,
    finder,
    inlined,
    lowest,
    ones,
    part,
    put_cell,
    word_bits,
)
from masthead.rights.audit.letters import LATIN, letters
from masthead.rights.audit.words import (
    BATCH,
    FIRST_EIGHT,
    K2,
    LONGEST,
    NEXT_EIGHT,
    Places,
    Read,
    Words,
    blend,
    classed,
    exact,
)

_U = np.uint64
_LOWER, _WIDE = _U(0x2020202020202020), _U(0x8080808080808080)
_0, _1, _31, _63 = _U(0), _U(1), _U(31), _U(63)
_PLAIN, _AFTER_ESCAPE, _EXACT = 0, 1, 2
_SHORT: Final = 16
_AT, _AND, _HASH, _UNDERSCORE, _BACKSLASH, _COLON, _SLASH, _APOSTROPHE, _LETTER_U = (ord(c) for c in "@&#_\\:/'u")
BASE, CARRY, SIDE, SKIP, BEFORE, CUT, HALVED, RUN, RUNS = range(9)
"""The state of a reading: the block, its last bit and its last side bit, where exact reading stopped, where the last run ended, whether
a run is open and where it began, the run that comes next and how many there are."""
_MANY: Final = 1024
_CUTS, _NUMBERS, _LOOK = 16, 2304, 3456
STATE: Final = 5760
"""Length of the array that holds the state and, behind it, the runs that were found: where each begins and ends, its number, and which
of them to look at closely."""
_STRANGE = _U(1)
"""The number of runs that are looked at on their own."""


def _flags(characters: str) -> Any:
    return np.array([chr(code) in characters for code in range(256)], np.uint8)


_RUNS = np.array([code >= 128 or bool(ALNUM[code]) for code in range(256)], np.uint8)
_SIMPLE_ESCAPES = _flags("bfnrt")
_JOINS = np.array([bool(_RUNS[code]) or chr(code) in "'\\&" for code in range(256)], np.uint8)
_MASKS = np.column_stack([FIRST_EIGHT, NEXT_EIGHT]).ravel()
_backslashes, _escaped, _after_backslash = finder(b"\\"), finder(b"bfnrt"), finder(b'bfnrt"/\\')
_always, _underscores, _hashes, _ands, _names = finder(b"@&"), finder(b"_"), finder(b"#"), finder(b"&"), finder(b"_@")
_colons, _slashes, _apostrophes, _joining, _us = (
    finder(b":"),
    finder(b"/\\"),
    finder(b"'"),
    finder(b"'\\&"),
    finder(b"u"),
)


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


@part
def _long(start: int, length: int) -> Any:
    """The number of a run of more than 16 bytes; 0 where it is not ASCII."""
    length = min(length, LONGEST)
    first, second, wide = eight(start) | _LOWER, eight(start + 8) | _LOWER, eight(start) | eight(start + 8)
    word = blend(first, second, length)
    for at in range(16, length, 8):
        more = eight(start + at) & FIRST_EIGHT[min(length - at, 8)]
        wide |= more
        word = (word ^ ((more | _LOWER) & FIRST_EIGHT[min(length - at, 8)])) * K2
        word ^= word >> _31
    return classed(word, LATIN) if wide & _WIDE == _0 else _0


@inlined
def _plain(start: int, length: int, edge: int) -> Any:
    """The number of a run; 0 where it must be read exactly."""
    if length > _SHORT:
        return _long(start, length) if start + LONGEST <= edge and length <= LONGEST else _0
    first = eight(start) & FIRST_EIGHT[length]
    second = eight(start + 8) & NEXT_EIGHT[length]
    if (first | second) & _WIDE:
        return _0
    return classed(blend((first | _LOWER) & FIRST_EIGHT[length], (second | _LOWER) & NEXT_EIGHT[length], length), LATIN)


@part
def _odd(
    lo: int, hi: int, edge: int, start: int, end: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, count: int, state: int,
) -> int:  # fmt: skip
    """A run that is not plainly a word. Reading may stop within it when the batch is full; `SKIP` of the state says where."""
    skip = cell(state, SKIP)
    if start >= skip:
        kind = _PLAIN
        if start > lo:
            kind = _opening(lo, start, json)
        if end < hi and kind != _EXACT:
            kind = max(kind, _closing(end, hi, json))
        if kind != _EXACT and start + kind == end:
            return count
        if kind != _EXACT and start + kind <= edge:
            word = _plain(start + kind, end - start - kind, edge)
            if word != _0:
                put_cell(words, count, word)
                put_cell(starts, count, start + kind)
                return count + 1
    at = max(skip, cell(state, BEFORE))
    count, skip = exact(at, end, hi, json, letters, words, starts, ends, spelled, open_, count)
    put_cell(state, SKIP, skip)
    return count


@part
def _tail_bits(base: int, left: int) -> Any:
    """`word_bits` for a block at an end of what may be looked at."""
    bits = _0
    for k in range(max(min(left, 64), 0)):
        bits |= _U(_RUNS[byte(base + k)]) << _U(k)
    return bits


@inlined
def _opens(base: int, json: bool) -> Any:
    """Where a byte stands that matters to a run after it. The two bytes before the block are looked at too."""
    found = _always(base) | (_underscores(base) & _names(base - 1)) | (_hashes(base) & _ands(base - 1))
    if json:
        found |= _backslashes(base) & (_backslashes(base - 1) | ~_after_backslash(base + 1))
    return found


@inlined
def _closes(base: int, json: bool) -> Any:
    """Where a byte stands that matters to a run before it. The byte after the block is looked at too."""
    found = _ands(base) | (_colons(base) & _slashes(base + 1))
    found |= _apostrophes(base) & (word_bits(base + 1) | _joining(base + 1))
    if json:
        found |= _backslashes(base) & _us(base + 1)
    return found


@inlined
def _letters_of_escapes(base: int) -> Any:
    """Where a letter stands that belongs to an escape such as \\n and to no run."""
    return _escaped(base) & _backslashes(base - 1) & ~_backslashes(base - 2)


@part
def _cut(lo: int, hi: int, edge: int, json: bool, state: int) -> int:
    """Write down where the next runs begin and end, and which have a byte beside them that matters; gives how many do."""
    base, cuts, look, count, looks = cell(state, BASE), state + 8 * _CUTS, state + 8 * _LOOK, cell(state, CUT), 0
    if count:
        put_cell(cuts, 0, cell(state, HALVED))
        put_cell(look, 0, 0)
        looks = 1
    carry, side = _U(cell(state, CARRY)), _U(cell(state, SIDE))
    while count < 2 * _MANY and base <= hi:
        if base > lo and base + 64 <= edge:
            bits, opens, closes = word_bits(base), _opens(base, json), _closes(base, json)
            if json:
                bits &= ~_letters_of_escapes(base)
        else:
            bits, opens, closes = _tail_bits(base, hi - base), ~_0, ~_0
        if hi - base < 64:
            bits &= (_1 << _U(hi - base)) - _1
        changes = bits ^ ((bits << _1) | carry)
        flagged = changes & (closes | (opens << _1) | side)
        carry, side = bits >> _63, opens >> _63
        while flagged != _0:
            put_cell(look, looks, (count + ones(changes & ((flagged & (~flagged + _1)) - _1))) >> 1)
            looks += 1
            flagged &= flagged - _1
        while changes != _0:
            put_cell(cuts, count, base + lowest(changes))
            count += 1
            changes &= changes - _1
        base += 64
    for name, value in (
        (BASE, base),
        (CARRY, np.int64(carry)),
        (SIDE, np.int64(side)),
        (CUT, count & 1),
        (RUN, 0),
        (RUNS, count >> 1),
    ):
        put_cell(state, name, value)
    put_cell(state, HALVED, cell(cuts, count - 1) if count & 1 else 0)
    return looks


@inlined
def _number(at: int, length: int) -> Any:
    """The number of a run as if it were a plain word; `_STRANGE` where it is too long or not ASCII."""
    masks = address(_MASKS) + 16 * (length & 63)
    left, right, low, high = eight(at), eight(at + 8), eight(masks), eight(masks + 8)
    number = classed(blend((left & low) | (_LOWER & low), (right & high) | (_LOWER & high), length), LATIN)
    return _STRANGE if (np.int64(length > _SHORT) | np.int64(((left & low) | (right & high)) & _WIDE != _0)) else number


@part
def _weigh(edge: int, looks: int, state: int) -> None:
    """The numbers of all runs that were cut, as if each were a plain word, but of those that are to be looked at."""
    cuts, numbers, look = state + 8 * _CUTS, state + 8 * _NUMBERS, state + 8 * _LOOK
    for k in range(cell(state, RUNS)):
        start, end = cell(cuts, 2 * k), cell(cuts, 2 * k + 1)
        put_cell(numbers, k, _number(start, end - start) if start <= edge else _STRANGE)
    for k in range(looks):
        put_cell(numbers, cell(look, k), _STRANGE)


@part
def _pour(state: int, words: int, starts: int, count: int) -> int:
    """Plain runs into the batch, up to one that is not."""
    numbers, cuts, run, runs = state + 8 * _NUMBERS, state + 8 * _CUTS, cell(state, RUN), cell(state, RUNS)
    first = run
    while run < runs and count < BATCH:
        number = eight(numbers + 8 * run)
        if number == _STRANGE:
            break
        put_cell(words, count, number)
        put_cell(starts, count, cell(cuts, 2 * run))
        count, run = count + 1, run + 1
    if run > first:
        put_cell(state, BEFORE, cell(cuts, 2 * run - 1))
    put_cell(state, RUN, run)
    return count


@part
def _pass(state: int) -> None:
    """Go on to the first run that exact reading has not read whole; one that it has read in part is read exactly too."""
    cuts, skip, run, runs = state + 8 * _CUTS, cell(state, SKIP), cell(state, RUN), cell(state, RUNS)
    while run < runs and cell(cuts, 2 * run + 1) <= skip:
        run += 1
    if run < runs and cell(cuts, 2 * run) < skip:
        put_cell(state, _NUMBERS + run, _STRANGE)
    put_cell(state, RUN, run)


@compiled
def restart(state: int, lo: int) -> None:
    """Make the state ready to read from `lo`."""
    for k in range(RUNS + 1):
        put_cell(state, k, 0)
    for k in (BASE, SKIP, BEFORE):
        put_cell(state, k, lo)


@compiled
def fill(
    lo: int, hi: int, edge: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, count: int, state: int,
) -> tuple[int, bool]:  # fmt: skip
    """Read words between two addresses, behind the `count` that are there, until the batch is full or nothing is left.

    Up to 16 bytes behind `edge` may be looked at, even where they lie behind `hi`, and 16 must be there in all. Gives how many words there
    are now and whether all is read. The ends of words are not kept up.
    """
    while count < BATCH:
        if cell(state, RUN) == cell(state, RUNS):
            if cell(state, BASE) > hi:
                break
            # a constant in each call: the compiler then makes one reader for each, without a question inside its loop
            looks = _cut(lo, hi, edge, True, state) if json else _cut(lo, hi, edge, False, state)
            _weigh(edge, looks, state)
            _pass(state)
        count = _pour(state, words, starts, count)
        run = cell(state, RUN)
        if run < cell(state, RUNS) and count < BATCH:
            start, end = cell(state, _CUTS + 2 * run), cell(state, _CUTS + 2 * run + 1)
            count = _odd(lo, hi, edge, start, end, json, letters, words, starts, ends, spelled, open_, count, state)
            if not start < cell(state, SKIP) < end:
                put_cell(state, BEFORE, end)
                put_cell(state, RUN, run + 1)
                _pass(state)
    return count, cell(state, RUN) == cell(state, RUNS) and cell(state, BASE) > hi


def read_fast(text: bytes, *, json: bool = False, edge: int | None = None) -> tuple[Words, Places]:
    """All words of a text with the byte each begins at, read in strides. Bytes up to `edge` may be looked at, if there are more."""
    buf, read, state = np.frombuffer(text.ljust(max(edge or 0, 16)), np.uint8), Read.room(), np.zeros(STATE, np.int64)
    lo = buf.ctypes.data
    hi, most = lo + len(text), lo + len(buf) - _SHORT
    restart(state.ctypes.data, lo)
    found, done = list[tuple[Words, Places]](), False
    while not done:
        count, done = fill(lo, hi, most, json, letters().ctypes.data, *read.addresses(), 0, state.ctypes.data)
        found.append((read.words[:count].copy(), read.starts[:count] - lo))
    words, starts = zip(*found, strict=True)
    return np.concatenate(words), np.concatenate(starts)
