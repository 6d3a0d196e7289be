"""Where a run of words stands in the posts: a filter that says "nowhere" at once, and a table that says where.

A run of n words is a number of 64 bits. Its upper half picks a word of the filter and a bucket of the table; its lower half is kept in
the table, where 10 million posts take 12 bytes a run. Two runs are taken for one once in 2^50 times, and the alignment notices.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from masthead.rights.audit.compiled import compiled, eight, inlined, part, put_cell

_U = np.uint64
MIX, PAIR = _U(0x9E3779B97F4A7C15), _U(0xC2B2AE3D27D4EB4F)
_6, _12, _13, _25, _26, _32, _38, _39, _51, _63, _64 = (_U(k) for k in (6, 12, 13, 25, 26, 32, 38, 39, 51, 63, 64))
_0, _1, _LOW = _U(0), _U(1), _U(0xFFFFFFFF)
HOT: Final = 64
"""A run that stands in more posts than this tells nothing and is left out."""
PRINT, POST, OFFSET = range(3)
"""An entry: half of the run's number, the post it stands in, the word it begins at."""
FILTER_BITS: Final = 16
"""Bits of the filter for each run."""
SHORTEST: Final = 2
"""Words of the shortest post that is looked for."""


@inlined
def turned(word: Any, times: int) -> Any:
    """A word's number, made to depend on its place in the run."""
    by = _U(times * 13 & 63)
    return (word << by) | (word >> ((_64 - by) & _63))


@inlined
def key_of(words: Any, at: int, n: int) -> Any:
    """The number of the run of n words from `at`."""
    key = words[at]
    for k in range(1, n):
        key ^= turned(words[at + k], k)
    return key * MIX


@inlined
def pair_of(words: Any, at: int) -> Any:
    """The number of two words, as short posts are found by."""
    return (words[at] ^ turned(words[at + 1], 1)) * PAIR


@inlined
def place(key: Any, size: int) -> Any:
    """Where a number goes among so many."""
    return np.int64(((key >> _32) * _U(size)) >> _32)


@inlined
def bits_of(key: Any) -> Any:
    """The three bits of a filter's word that a run sets."""
    return (_1 << (key & _63)) | (_1 << ((key >> _6) & _63)) | (_1 << ((key >> _12) & _63))


@inlined
def _runs(length: int, n: int) -> int:
    return max(length - n + 1, 0) if length >= n else int(length >= SHORTEST)


@inlined
def _run(words: Any, first: int, k: int, length: int, n: int) -> Any:
    return key_of(words, first + k, n) if length >= n else pair_of(words, first)


@compiled
def count_runs(words: Any, bounds: Any, n: int, often: Any) -> int:
    """How many runs the posts have; and how often each stands there, up to 255, counted in `often` by its number."""
    total = 0
    for post in range(bounds.shape[0] - 1):
        length = bounds[post + 1] - bounds[post]
        for k in range(_runs(length, n)):
            slot = place(_run(words, bounds[post], k, length, n), often.shape[0])
            often[slot] += often[slot] < 255
            total += 1
    return total


@compiled
def count_buckets(words: Any, bounds: Any, n: int, often: Any, buckets: Any) -> int:
    """How many runs go into each bucket, hot ones left out. Counts stand one place further, to be summed into beginnings."""
    hot = 0
    for post in range(bounds.shape[0] - 1):
        length = bounds[post + 1] - bounds[post]
        for k in range(_runs(length, n)):
            key = _run(words, bounds[post], k, length, n)
            if often[place(key, often.shape[0])] > HOT:
                hot += 1
            else:
                buckets[place(key, buckets.shape[0] - 2) + 2] += 1
    return hot


@compiled
def spread(
    words: Any, bounds: Any, n: int, often: Any,
    buckets: Any, entries: Any, filter_: Any, pairs: Any,
) -> None:  # fmt: skip
    """Write every run into its bucket. `buckets[k + 1]` begins as the beginning of bucket k and ends as its end."""
    for post in range(bounds.shape[0] - 1):
        length = bounds[post + 1] - bounds[post]
        for k in range(_runs(length, n)):
            key = _run(words, bounds[post], k, length, n)
            if often[place(key, often.shape[0])] > HOT:
                continue
            bucket = place(key, buckets.shape[0] - 2) + 1
            at = np.int64(buckets[bucket])
            buckets[bucket] += 1
            entries[at, PRINT], entries[at, POST], entries[at, OFFSET] = key & _LOW, post, k
            into = filter_ if length >= n else pairs
            into[place(key, into.shape[0])] |= bits_of(key)


@part
def turn_all(words: int, count: int, n: int, keys: int) -> None:
    """The numbers of the `count` runs of n words in a batch; the arrays are given by address."""
    for j in range(count):
        put_cell(keys, j, eight(words + 8 * j))
    for k in range(1, n):
        by, back = _U(k * 13 & 63), _U((64 - k * 13) & 63)
        for j in range(count):
            word = eight(words + 8 * (j + k))
            put_cell(keys, j, eight(keys + 8 * j) ^ ((word << by) | (word >> back)))


@part
def turn_four(words: int, count: int, keys: int) -> None:
    """The same for n = 4, in one go."""
    for j in range(count):
        one, two, three = eight(words + 8 * j + 8), eight(words + 8 * j + 16), eight(words + 8 * j + 24)
        key = eight(words + 8 * j) ^ ((one << _13) | (one >> _51))
        put_cell(keys, j, key ^ ((two << _26) | (two >> _38)) ^ ((three << _39) | (three >> _25)))


@part
def pair_all(words: int, count: int, keys: int) -> None:
    """The numbers of the `count` pairs in a batch, before they are mixed."""
    for j in range(count):
        word = eight(words + 8 * j + 8)
        put_cell(keys, j, eight(words + 8 * j) ^ ((word << _13) | (word >> _51)))


@part
def sift(keys: int, count: int, mix: Any, filter_: int, length: int, passed: int) -> int:
    """Mix the numbers of a batch and give how many the filter lets through; writes their places, in order, to `passed`."""
    left, size = 0, _U(length)
    for j in range(count):
        key = eight(keys + 8 * j) * mix
        put_cell(keys, j, key)
        bits = bits_of(key)
        put_cell(passed, left, j)
        left += eight(filter_ + 8 * np.int64(((key >> _32) * size) >> _32)) & bits == bits
    return left
