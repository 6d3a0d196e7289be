"""From words to bytes: how far the characters around the matching words match too, and whether all of them do."""

from __future__ import annotations

from masthead.rights.audit.characters import decoded, unit
from masthead.rights.audit.compiled import byte, part
from masthead.rights.audit.letters import JOINER, KIND_SHIFT, SEPARATOR

_BACKSLASH, _SPACE = ord("\\"), 32


@part
def _attached(letters: int, code: int) -> bool:
    """Whether a character belongs to the word beside it without being a letter: a full stop, a bracket, no space."""
    kind = unit(letters, code) >> KIND_SHIFT
    return code > _SPACE and (kind in (SEPARATOR, JOINER))


@part
def _odd_backslashes(lo: int, at: int) -> bool:
    """Whether the backslash at `at` begins an escape."""
    before = at
    while before > lo and byte(before - 1) == _BACKSLASH:
        before -= 1
    return (at - before) % 2 == 0


@part
def _before(lo: int, at: int, json: bool) -> tuple[int, int]:
    """The character before a place and where it begins."""
    for size in (12, 6, 2):
        start = at - size
        if json and start >= lo and byte(start) == _BACKSLASH and _odd_backslashes(lo, start):
            code, after = decoded(start, at, True)
            if after == at:
                return code, start
    start = at - 1
    while start > lo and byte(start) & 0xC0 == 0x80:
        start -= 1
    return decoded(start, at, False)[0], start


@part
def _same(code: int, mine: int) -> bool:
    """Whether two characters are the same but for ASCII case."""
    return code == mine or ((code | 32) == (mine | 32) and 97 <= (code | 32) <= 122)


@part
def back(there: int, lo: int, json: bool, ours: int, first: int, letters: int) -> tuple[int, bool]:
    """How far back the text there is the post's own: to the post's beginning, else over what is attached to the word.

    `ours` is the place in the post that `there` matches, `first` the post's first byte. Case and spaces do not count. Gives the place
    there, and whether the post's beginning was reached.
    """
    kept, attached = there, True
    while ours > first and there > lo:
        code, before = _before(lo, there, json)
        mine, earlier = _before(first, ours, False)
        spaced = code <= _SPACE or mine <= _SPACE
        if not spaced and not _same(code, mine):
            return kept, False
        there = before if code <= _SPACE or not spaced else there
        ours = earlier if mine <= _SPACE or not spaced else ours
        attached = attached and not spaced and _attached(letters, code)
        if attached:
            kept = there
    return (there, True) if ours == first else (kept, False)


@part
def forth(there: int, hi: int, json: bool, ours: int, last: int, letters: int) -> tuple[int, bool]:
    """The same forwards; `hi` and `last` are the ends of the value there and of the post."""
    kept, attached = there, True
    while ours < last and there < hi:
        code, after = decoded(there, hi, json)
        mine, later = decoded(ours, last, False)
        spaced = code <= _SPACE or mine <= _SPACE
        if not spaced and not _same(code, mine):
            return kept, False
        there = after if code <= _SPACE or not spaced else there
        ours = later if mine <= _SPACE or not spaced else ours
        attached = attached and not spaced and _attached(letters, code)
        if attached:
            kept = there
    return (there, True) if ours == last else (kept, False)


@part
def alike(there: int, end: int, json: bool, ours: int, last: int) -> bool:
    """Whether two stretches are the same characters."""
    while there < end and ours < last:
        code, there = decoded(there, end, json)
        mine, ours = decoded(ours, last, False)
        if code != mine:
            return False
    return there == end and ours == last
