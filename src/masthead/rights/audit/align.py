"""Word against word: the best local alignment of a post with a stretch of the corpus, and the way back through it.

A word that is the same earns the bits that its being there is surprising; a word that differs or is missing on either side costs three.
The way back gives the pairs of equal words; a last or first block that hardly pays for the gap before it is cut off, because common
words meet by chance.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from masthead.rights.audit.compiled import compiled, part

COST: Final = 3.0
"""Bits that a word costs which differs or is missing."""
CHANCE: Final = 4.0
"""Bits that a block at an end must earn above the cost of the gap to count as more than chance; nothing where it reaches the post's own
first or last word."""
LONGEST: Final = 600
"""Words of a post that are aligned; of a longer one, those around the first run that was found."""
WIDEST: Final = 2 * LONGEST + 80
"""Words of the corpus that are aligned with them."""
_STOP, _SAME, _OTHER, _UP, _LEFT = range(5)


@part
def _row(ours: int, post: Any, bits: Any, there: Any, count: int, above: Any, here: Any, trace: Any, width: int) -> int:
    """One row: the best score that ends at each word there. Gives the place of the row's best."""
    best = 0
    here[0] = 0.0
    for j in range(1, count + 1):
        same = post[ours] == there[j - 1]
        if not same and above[j - 1] <= COST and above[j] <= COST and here[j - 1] <= COST:
            here[j] = 0.0  # most places: nothing that is worth its cost ends near them
            trace[(ours + 1) * width + j] = _STOP
            continue
        score, way = above[j - 1] + (bits[ours] if same else -COST), _SAME if same else _OTHER
        if above[j] - COST > score:
            score, way = above[j] - COST, _UP
        if here[j - 1] - COST > score:
            score, way = here[j - 1] - COST, _LEFT
        if score <= 0.0:
            score, way = 0.0, _STOP
        here[j] = score
        trace[(ours + 1) * width + j] = way
        if score > here[best]:
            best = j
    return best


@part
def _back(trace: Any, width: int, i: int, j: int, pairs: Any) -> int:
    """The pairs of equal words on the way back, last first; gives how many."""
    count = 0
    while trace[i * width + j] != _STOP:
        way = trace[i * width + j]
        if way == _SAME:
            pairs[0, count], pairs[1, count] = i - 1, j - 1
            count += 1
        if way != _LEFT:
            i -= 1
        if way != _UP:
            j -= 1
    return count


@part
def _gap(pairs: Any, k: int) -> Any:
    """Cost of what lies between a pair and the next one on the way back; 0 where they touch."""
    return COST * (max(pairs[0, k] - pairs[0, k + 1], pairs[1, k] - pairs[1, k + 1]) - 1)


@part
def _trimmed(pairs: Any, count: int, bits: Any, length: int) -> tuple[int, int]:
    """First and last pair that count, once blocks at the ends that chance explains are cut off."""
    first, last, cut = 0, count - 1, True
    while cut:
        cut, gain, k = False, bits[pairs[0, first]], first
        while k < last and _gap(pairs, k) == 0:
            k += 1
            gain += bits[pairs[0, k]]
        if k < last and gain - _gap(pairs, k) < (CHANCE if pairs[0, first] < length - 1 else 0.0):
            first, cut = k + 1, True
            continue
        gain, k = bits[pairs[0, last]], last
        while k > first and _gap(pairs, k - 1) == 0:
            k -= 1
            gain += bits[pairs[0, k]]
        if k > first and gain - _gap(pairs, k - 1) < (CHANCE if pairs[0, last] > 0 else 0.0):
            last, cut = k - 1, True
    return first, last


@compiled
def align(post: Any, bits: Any, there: Any, count: int, rows: Any, trace: Any, pairs: Any) -> Any:
    """Align a post's words with `count` words of the corpus.

    Gives the score in bits, how many words are the same, the first and last of them in the post and there, and whether they are one
    block on both sides. `rows`, `trace` and `pairs` are room to work in.
    """
    width = count + 1
    rows[:, : count + 1] = 0.0
    trace[:width] = _STOP
    best, at_i, at_j = 0.0, 0, 0
    for i in range(post.shape[0]):
        trace[(i + 1) * width] = _STOP
        j = _row(i, post, bits, there, count, rows[i & 1], rows[1 - (i & 1)], trace, width)
        if rows[1 - (i & 1), j] > best:
            best, at_i, at_j = rows[1 - (i & 1), j], i + 1, j
    found = _back(trace, width, at_i, at_j, pairs)
    if found == 0:
        return 0.0, 0, 0, 0, 0, 0, False
    first, last = _trimmed(pairs, found, bits, post.shape[0])
    score, one = 0.0, True
    for k in range(first, last + 1):
        score += bits[pairs[0, k]]
        if k < last:
            score -= _gap(pairs, k)
            one &= _gap(pairs, k) == 0
    return score, last - first + 1, pairs[0, last], pairs[0, first], pairs[1, last], pairs[1, first], one


def room() -> tuple[Any, Any, Any]:
    """Arrays for `align`."""
    return (
        np.zeros((2, WIDEST + 1)),
        np.zeros((LONGEST + 1) * (WIDEST + 1), np.uint8),
        np.zeros((2, LONGEST + 1), np.int64),
    )
