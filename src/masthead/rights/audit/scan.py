"""One pass over a piece of the corpus: where runs of words stand that also stand in posts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.compiled import address, compiled, fetch, part
from masthead.rights.audit.index import Index
from masthead.rights.audit.stride import STATE, fill, restart
from masthead.rights.audit.table import MIX, OFFSET, PAIR, POST, PRINT, pair_all, place, sift, turn_all, turn_four
from masthead.rights.audit.words import BATCH, ROOM, Places, Read, half

_LEAST = 64
_BEHIND = 64
"""Numbers that can be looked at behind the words that are kept."""
USUAL = 4
"""The length of runs that has its own code."""
Form = Literal["jsonl", "lines", "text"]
"""`jsonl`: one JSON object a line; `lines`: one document a line; `text`: one document, or as many as `bounds` say."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Runs of words that a piece of the corpus shares with posts, in the order they stand there."""

    post: NDArray[np.int32]
    offset: NDArray[np.int32]
    """Word of the post at which the run begins."""
    position: Places
    """Byte of the piece at which the run begins."""
    word: Places
    """Number of the word of the piece at which the run begins."""
    kept: NDArray[np.uint32]
    """All words of the piece, half of their numbers."""
    form: Form = "jsonl"
    name: bytes = b"text"
    """The JSON field that is looked at, at any depth; empty for every field."""
    bounds: Places | None = field(default=None)

    def __len__(self) -> int:
        return len(self.post)

    @property
    def words(self) -> int:
        """Words of the piece."""
        return len(self.kept)


def scan(
    index: Index, data: NDArray[np.uint8], form: Form = "jsonl", field: bytes = b"text", bounds: Places | None = None
) -> Candidates:
    """Look for the posts in a piece of the corpus as it is stored.

    With `bounds` (as Arrow has them: where each document begins, and the end) the documents of a `text` follow each other without
    anything between them.
    """
    size, data = len(data), only_read(data if len(data) >= _LEAST else np.append(data, np.full(_LEAST, 32, np.uint8)))
    limits = np.array([0, size], np.int64) if bounds is None else np.ascontiguousarray(bounds, np.int64)
    read = Read.room(ROOM + index.n)
    kept = np.empty(size // 5 + 2 * ROOM, np.uint32)  # mostly enough; what is not written to costs nothing
    found, count, kept, words = _scan(
        data, limits, form == "jsonl", index.letters, *read, index.n, index.filter, index.pairs,
        index.buckets, index.entries, kept,
    )  # fmt: skip
    post, offset, position, word = found[:, :count]
    return Candidates(post.astype(np.int32), offset.astype(np.int32), position, word, kept[:words], form, field, bounds)


def only_read(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same bytes, not to be written to: compiled code then needs one shape for mapped files and memory."""
    view = np.ascontiguousarray(data).view()
    view.flags.writeable = False
    return view


@part
def _more_room(found: Any, count: int) -> Any:
    larger = np.empty((4, 2 * count), np.int64)
    for row in range(4):
        for k in range(count):
            larger[row, k] = found[row, k]
    return larger


@part
def _more_words(kept: Any) -> Any:
    larger = np.empty(2 * kept.shape[0] + ROOM, np.uint32)
    larger[: kept.shape[0]] = kept
    return larger


@part
def _look_up(
    keys: Any, passed: Any, left: int, starts: Any, buckets: Any, entries: Any, found: Any, count: int, first: int
) -> Any:  # fmt: skip
    """Where the runs that passed the filter stand in the posts."""
    room, base = found.shape[1], address(entries)
    for j in range(left):
        fetch(address(buckets) + 4 * place(keys[passed[j]], buckets.shape[0] - 2))
    for j in range(left):
        fetch(base + 12 * np.int64(buckets[place(keys[passed[j]], buckets.shape[0] - 2)]))
    for j in range(left):
        key, at = keys[passed[j]], starts[passed[j]]
        print_, bucket = np.uint32(key & np.uint64(0xFFFFFFFF)), place(key, buckets.shape[0] - 2)
        for entry in range(buckets[bucket], buckets[bucket + 1]):
            if entries[entry, PRINT] == print_:
                if count == room:
                    found = _more_room(found, count)
                    room = found.shape[1]
                found[0, count], found[1, count], found[2, count] = entries[entry, POST], entries[entry, OFFSET], at
                found[3, count] = first + passed[j]
                count += 1
    return found, count


@part
def _probe(
    words: Any, starts: Any, runs: int, n: int, keys: Any, passed: Any,
    filter_: Any, pairs: Any, buckets: Any, entries: Any, found: Any, count: int, first: int,
) -> Any:  # fmt: skip
    """Look for the runs of a batch, and for the pairs that short posts begin with. `first` is the number of the batch's first word."""
    if n == USUAL:
        turn_four(address(words), runs, address(keys))
    else:
        turn_all(address(words), runs, n, address(keys))
    left = sift(address(keys), runs, MIX, address(filter_), filter_.shape[0], address(passed))
    found, count = _look_up(keys, passed, left, starts, buckets, entries, found, count, first)
    if pairs.shape[0] > 0:
        pair_all(address(words), runs, address(keys))
        left = sift(address(keys), runs, PAIR, address(pairs), pairs.shape[0], address(passed))
        found, count = _look_up(keys, passed, left, starts, buckets, entries, found, count, first)
    return found, count


@compiled
def _scan(
    data: Any, limits: Any, json: bool, letters: Any, words: Any, starts: Any, ends: Any, spelled: Any, open_: Any, n: int,
    filter_: Any, pairs: Any, buckets: Any, entries: Any, kept: Any,
) -> Any:  # fmt: skip
    """All documents, batch after batch. The last n - 1 words of a batch are the first of the next."""
    state, keys, passed = np.zeros(STATE, np.int64), np.zeros(ROOM + 8, np.uint64), np.zeros(ROOM + 8, np.int64)
    found, hits, total, have = np.empty((4, 4 * BATCH), np.int64), 0, 0, 0
    first = address(data)
    edge = first + data.shape[0] - 16
    for document in range(limits.shape[0] - 1):
        lo, hi = first + limits[document], first + limits[document + 1]
        restart(address(state), lo)
        done = False
        while not done:
            before = have
            have, done = fill(
                lo, hi, edge, json, address(letters), address(words), address(starts), address(ends), address(spelled),
                address(open_), have, address(state),
            )  # fmt: skip
            if total + have - before + _BEHIND > kept.shape[0]:
                kept = _more_words(kept)
            for k in range(have - before):
                kept[total + k] = half(words[before + k])
            total += have - before
            number = total - have
            if done and document == limits.shape[0] - 2:
                words[have : have + n - 1] = 0  # so that the last pairs are looked at
                have += n - 1
            if have >= BATCH or document == limits.shape[0] - 2:
                runs = max(have - n + 1, 0)
                found, hits = _probe(
                    words, starts, runs, n, keys, passed, filter_, pairs, buckets, entries, found, hits, number
                )  # fmt: skip
                for k in range(have - runs):
                    words[k], starts[k] = words[runs + k], starts[runs + k]
                have -= runs
    for k in range(hits):
        found[2, k] -= first
    return found, hits, kept, total
