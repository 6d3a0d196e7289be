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
    inlined,
    lowest,
    ones,
    part,
    put_cell,
    side_bits,
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
STATE: Final = 4608
"""Length of the array that holds the state and, behind it, the runs that were found: where each begins and ends, its number, and which
of them to look at closely."""
_DROPPED, _STRANGE = _U(0), _U(1)
"""Numbers of runs that are no word, and of those that are read exactly."""


def _flags(characters: str) -> Any:
    return np.array([chr(code) in characters for code in range(256)], np.uint8)


_RUNS = np.array([code >= 128 or bool(ALNUM[code]) for code in range(256)], np.uint8)
_SIMPLE_ESCAPES = _flags("bfnrt")
_ESCAPE = 8


def _sides(*bits: tuple[int, str]) -> Any:
    """For each byte the bits of the lists it is in."""
    table = np.zeros(256, np.uint8)
    for bit, characters in bits:
        table[[ord(character) for character in characters]] |= bit
    return table


_ALL = "".join(chr(code) for code in range(256))
_AFTER_APOSTROPHE = "".join(chr(code) for code in range(256) if _RUNS[code] or chr(code) in "'\\&")
# A byte beside a run matters when the one beyond it, or the first of the run, shares a bit with it: what stands before the run, the byte
# before that, the first byte of the run; then what stands after the run and the byte after that. First for text, then for JSON.
_SIDES = np.concatenate(
    [
        table
        for escape in (0, _ESCAPE)
        for table in (
            _sides((1, "@&"), (2, "_"), (4, "#"), (escape, "\\" if escape else "")),
            _sides((1, _ALL), (2, "_@"), (4, "&"), (_ESCAPE, "\\")),
            _sides((_ESCAPE, "".join(c for c in _ALL if c not in "bfnrt"))),
            _sides((1, "&"), (2, ":"), (4, "'"), (escape, "\\" if escape else "")),
            _sides((1, _ALL), (2, "/\\"), (4, _AFTER_APOSTROPHE), (_ESCAPE, "u")),
        )
    ]
)
_FURTHER, _FIRST, _AFTER, _BEYOND, _JSON = 256, 512, 768, 1024, 1280
_MASKS = np.column_stack([FIRST_EIGHT, NEXT_EIGHT]).ravel()


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
    joins |= here == _APOSTROPHE and _SIDES[_BEYOND + after] & 4 != 0
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
def _tail_bits(base: int, left: int, state: int) -> Any:
    """`word_bits` near the end of what may be looked at; every byte there may matter to the next."""
    bits = _0
    for k in range(max(min(left, 64), 0)):
        bits |= _U(_RUNS[byte(base + k)]) << _U(k)
    return bits


@part
def _cut(hi: int, edge: int, state: int) -> int:
    """Write down where the next runs begin and end, and which have a byte beside them that may matter; gives how many do."""
    base, cuts, look, count, looks, known = (
        cell(state, BASE),
        state + 8 * _CUTS,
        state + 8 * _LOOK,
        cell(state, CUT),
        0,
        -1,
    )
    if count:
        put_cell(cuts, 0, cell(state, HALVED))
        put_cell(look, 0, 0)
        looks, known = 1, 0
    carry, side = _U(cell(state, CARRY)), _U(cell(state, SIDE))
    while count < 2 * _MANY and base <= hi:
        whole = base + 64 <= edge + _SHORT
        bits = word_bits(base) if whole else _tail_bits(base, hi - base, state)
        sides = side_bits(base) if whole else ~_0
        if hi - base < 64:
            bits &= (_1 << _U(hi - base)) - _1
        changes = bits ^ ((bits << _1) | carry)
        flagged = changes & (sides | (sides << _1) | side)
        carry, side = bits >> _63, sides >> _63
        while flagged != _0:
            run = (count + ones(changes & ((flagged & (~flagged + _1)) - _1))) >> 1
            put_cell(look, looks, run)
            looks += run != known
            known = run
            flagged &= flagged - _1
        while changes != _0:
            put_cell(cuts, count, base + lowest(changes))
            count += 1
            changes &= changes - _1
        base += 64
    put_cell(state, BASE, base)
    put_cell(state, CARRY, np.int64(carry))
    put_cell(state, SIDE, np.int64(side))
    put_cell(state, CUT, count & 1)
    put_cell(state, HALVED, cell(cuts, count - 1) if count & 1 else 0)
    put_cell(state, RUN, 0)
    put_cell(state, RUNS, count >> 1)
    return looks - (looks > 0 and known == count >> 1)


@inlined
def _number(at: int, length: int) -> Any:
    """The number of a run as if it were a plain word; `_STRANGE` where it is too long or not ASCII."""
    masks = address(_MASKS) + 16 * (length & 63)
    left, right, low, high = eight(at), eight(at + 8), eight(masks), eight(masks + 8)
    number = classed(blend((left & low) | (_LOWER & low), (right & high) | (_LOWER & high), length), LATIN)
    return _STRANGE if (np.int64(length > _SHORT) | np.int64(((left & low) | (right & high)) & _WIDE != _0)) else number


@part
def _weigh(lo: int, hi: int, edge: int, state: int) -> None:
    """The numbers of all runs that were cut, as if each were a plain word.

    Runs so close to an end that there are not two bytes on both sides, or not 16 to load, are left to exact reading.
    """
    cuts, numbers, near, far = state + 8 * _CUTS, state + 8 * _NUMBERS, lo + 2, min(hi - 2, edge)
    for k in range(cell(state, RUNS)):
        start, end = cell(cuts, 2 * k), cell(cuts, 2 * k + 1)
        if start < near or end > far:
            put_cell(numbers, k, _STRANGE)
        else:
            put_cell(numbers, k, _number(start, end - start))


@part
def _look_closely(json: bool, looks: int, state: int) -> None:
    """The runs with a byte beside them that may matter: take the letter of an escape away, and find those where it does matter."""
    cuts, numbers, look = state + 8 * _CUTS, state + 8 * _NUMBERS, state + 8 * _LOOK
    sides = address(_SIDES) + (_JSON if json else 0)
    for k in range(looks):
        run = cell(look, k)
        start, end = cell(cuts, 2 * run), cell(cuts, 2 * run + 1)
        number = eight(numbers + 8 * run)
        if number == _STRANGE:
            continue
        before = byte(sides + byte(start - 1))
        first = byte(sides + _FURTHER + byte(start - 2)) | byte(sides + _FIRST + byte(start))
        after = byte(sides + _AFTER + byte(end)) & byte(sides + _BEYOND + byte(end + 1))
        escape = before >> 3
        stripped = _number(start + escape, end - start - escape)
        number = stripped if end - start > escape else _DROPPED
        matters = ((before & first) | after) != 0
        put_cell(numbers, run, _STRANGE if matters else number)
        put_cell(cuts, 2 * run, start if matters else start + escape)


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
        count += number != _DROPPED
        run += 1
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
            looks = _cut(hi, edge, state)
            _weigh(lo, hi, edge, state)
            _look_closely(json, looks, state)
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
