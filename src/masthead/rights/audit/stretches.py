"""Which stretches of a piece are worth an alignment: shared runs put together by post, and what cannot come to a match turned away.

The words of a piece are known from the scan. The best alignment of a post with the words around a shared run is the best chain of equal
words, less what lies between them; it is found without reading or tracing anything. Where its bits are too few there is no match.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.align import COST, LONGEST
from masthead.rights.audit.compiled import address, compiled, equal_words, fetch, lowest, part, unordered
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import Candidates
from masthead.rights.audit.words import Places

SEED: Final = 20.0
"""Bits that the shared runs must have before anything is aligned."""
APART: Final = 600
"""Bytes between two shared runs of one copy, at most; in escaped text four times as many."""
POST, OFFSET, PLACE, DOCUMENT, WORD = range(5)
"""A stretch: its post, the word of the post and the byte of the piece where its first run begins, document, and word of the piece."""
_SPARE: Final = 16
"""Words on each side, besides half as many as the post has there; a few more than the alignment looks at."""
_AHEAD: Final = 8
"""Stretches for whose posts memory is asked beforehand."""
_MANY: Final = 256
"""Pairs of equal words of which a chain is made; where there are more, the alignment has to say."""
_U, _0, _1 = np.uint64, np.uint64(0), np.uint64(1)


def stretches(index: Index, found: Candidates, limits: Places, bits: NDArray[np.float32], least: float) -> Places:
    """One row for each stretch that shares runs with one post and can come to `least` bits, in the order of documents and posts.

    `bits` are those of the index's words.
    """
    document = np.searchsorted(limits, found.position, side="right") - 1
    order = np.lexsort((found.position, document << 32 | found.post))
    rows: Places = _together(
        found.post[order], found.offset[order], found.position[order], document[order], found.word[order],
        index.bounds, index.n, bits, SEED,
    )  # fmt: skip
    good: NDArray[np.bool_] = _promising(rows, found.kept, index.words, index.bounds, bits, least)
    return np.asarray(rows[good], np.int64)


@compiled
def _together(
    post: Any, offset: Any, position: Any, document: Any, word: Any, bounds: Any, n: int, bits: Any, least: float
) -> Any:
    """Runs of one post that follow each other closely, as one row; without those that have too few bits."""
    rows, count, size = np.empty((post.shape[0], 5), np.int64), 0, post.shape[0]
    held, covered = 0.0, 0
    for j in range(size):
        if j + _AHEAD < size:
            fetch(address(bits) + 4 * (bounds[post[j + _AHEAD]] + offset[j + _AHEAD]))
        p = np.int64(post[j])
        fresh = j == 0 or p != post[j - 1] or document[j] != document[j - 1] or position[j] - position[j - 1] > APART
        if fresh or (offset[j] <= rows[count - 1, OFFSET] and position[j] > position[j - 1]):
            count += held >= least or count == 0
            rows[count - 1, POST], rows[count - 1, OFFSET], rows[count - 1, PLACE] = p, offset[j], position[j]
            rows[count - 1, DOCUMENT], rows[count - 1, WORD] = document[j], word[j]
            held, covered = 0.0, 0
        until = min(offset[j] + n, bounds[p + 1] - bounds[p])
        for k in range(max(covered, offset[j]), until):
            held += bits[bounds[p] + k]
        covered = max(covered, until)
    return rows[: count - (held < least and count > 0)].copy()


@part
def _bag(words: Any, bits: Any, length: int, kept: int, count: int, equal: Any) -> float:
    """At least the bits of the best chain: as if all words that stand there did so in the order of the post.

    Writes for each word of the post where it stands among the `count` words from the address `kept`, 64 to a number.
    """
    best = run = 0.0
    for k in range(length):
        any_ = _0
        for block in range(0, count, 64):
            found = equal_words(kept + 4 * block, words[k])
            if count - block < 64:
                found &= (_1 << _U(count - block)) - _1
            equal[k, block >> 6] = found
            any_ |= found
        run = max(run + (bits[k] if any_ != _0 else -COST), 0.0)
        best = max(best, run)
    return best


@part
def _pairs(equal: Any, length: int, count: int, ours: Any, there: Any) -> int:
    """The pairs of equal words; gives how many there are, as far as there is room."""
    pairs = 0
    for k in range(length):
        for block in range((count + 63) >> 6):
            found = equal[k, block]
            while found != _0:
                if pairs == ours.shape[0]:
                    return pairs + 1
                ours[pairs], there[pairs] = k, 64 * block + lowest(found)
                pairs += 1
                found &= found - _1
    return pairs


@unordered
def _chain(bits: Any, ours: Any, there: Any, count: int, scores: Any) -> Any:
    """Bits of the best chain of pairs."""
    best, cost, none = np.float32(0.0), np.float32(COST), np.float32(0.0)
    for k in range(count):
        before, mine, theirs = none, ours[k], there[k]
        for j in range(k):
            right, down = mine - ours[j], theirs - there[j]
            score = scores[j] + cost - cost * (right if right > down else down)
            score = score if (right if right < down else down) > none else none
            before = score if score > before else before
        scores[k] = bits[np.int64(mine)] + before
        best = max(best, scores[k])
    return best


@compiled
def _promising(rows: Any, kept: Any, words: Any, bounds: Any, bits: Any, least: float) -> Any:
    """For each row whether its best chain has enough bits, or is not known."""
    out, size, many = np.ones(rows.shape[0], np.bool_), rows.shape[0], kept.shape[0]
    equal = np.empty((LONGEST, 2 * (LONGEST + _SPARE) // 64 + 1), np.uint64)
    ours, there, scores = np.empty(_MANY, np.float32), np.empty(_MANY, np.float32), np.empty(_MANY, np.float32)
    enough = least - 0.01  # sums of short numbers
    for g in range(size):
        if g + _AHEAD < size:
            later = bounds[rows[g + _AHEAD, POST]]
            fetch(address(words) + 4 * later)
            fetch(address(bits) + 4 * later)
        first, at, number = bounds[rows[g, POST]], rows[g, OFFSET], rows[g, WORD]
        length = bounds[rows[g, POST] + 1] - first
        if length > LONGEST:
            continue
        begin = max(number - at - at // 2 - _SPARE, 0)
        count = min(number + (length - at) + (length - at) // 2 + _SPARE, many) - begin
        gains = bits[first : first + length]
        out[g] = _bag(words[first : first + length], gains, length, address(kept) + 4 * begin, count, equal) >= enough
        if out[g]:
            pairs = _pairs(equal, length, count, ours, there)
            out[g] = pairs > _MANY or _chain(gains, ours, there, pairs, scores) >= enough
    return out
