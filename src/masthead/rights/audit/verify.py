"""From shared runs of words to evidence: where exactly a post's text stands, how much of it, and how surprising that is."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.align import LONGEST, WIDEST, align, room
from masthead.rights.audit.background import Background, bits_after, half
from masthead.rights.audit.compiled import address, compiled, part
from masthead.rights.audit.extents import documents, safe_start, value_at
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import Candidates, only_read
from masthead.rights.audit.spans import alike, back, forth
from masthead.rights.audit.values import Match, Tier
from masthead.rights.audit.words import BATCH, Places, Read, exact

SEED: Final = 20.0
"""Bits that the shared runs must have before anything is aligned."""
LEAST: Final = 30.0
"""Bits that a match must have to be told."""
APART: Final = 600
"""Bytes between two shared runs of one copy, at most; in escaped text four times as many."""
COPY: Final = 0.8
"""From this share of its words on, a match in one piece is the post with its ends changed, not a quotation."""
TEXT: Final = 2000
SCORE, SAME, FIRST, LAST, START, END, ONE, ALIKE = range(8)
"""What is known of a match: bits, equal words, the first and last of them in the post, bytes, whether in one piece, whether the same
characters."""


def verify(
    index: Index,
    data: NDArray[np.uint8],
    candidates: Candidates,
    background: Background,
    source: str,
    least: float = LEAST,
) -> list[Match]:
    """Align every candidate with its post and give what matches, in the order it stands there.

    `document` counts from the piece's first document and `doc_start` from its first byte: who cut the piece adds where it began.
    """
    data, form = only_read(data), candidates.form
    limits = documents(data, candidates.bounds, whole=form == "text")
    groups = _grouped(index, candidates, limits, background)
    if not len(groups):
        return []
    name = np.frombuffer(candidates.name, np.uint8)
    found = _measure(
        data, limits, groups, form == "jsonl", name, index.letters, index.words, index.bounds, index.texts, index.text_bounds,
        background.singles, background.pairs, background.totals, index.n, *Read.room(), *Read.room(), *room(),
    )  # fmt: skip
    kept = _best(groups, found, least)
    rows = candidates.bounds is not None
    return [_match(index, data, limits, groups[k], found[k], form == "jsonl", source, rows=rows) for k in kept]


def margins(matches: Sequence[Match]) -> list[Match]:
    """The same matches with their margin: score less that of the best match of the same post that is no copy.

    A match is a copy when at least nine tenths as many words stand there as in the best one. To be called with all matches of a run.
    """
    by_post = defaultdict(list)
    for match in matches:
        by_post[match.post].append(match)
    rival = {post: _rival(those) for post, those in by_post.items()}
    return [replace(match, margin=round(match.score - rival[match.post], 3)) for match in matches]


def _rival(matches: Iterable[Match]) -> float:
    most = max(match.words for match in matches)
    return max((match.score for match in matches if match.words < 0.9 * most), default=0.0)


def _grouped(index: Index, found: Candidates, limits: Places, background: Background) -> Places:
    """One row for each stretch that shares runs with one post: post, word of the post and byte of the first run, document."""
    document = np.searchsorted(limits, found.position, side="right") - 1
    order = np.lexsort((found.position, document << 32 | found.post))
    groups: Places = _group(
        found.post[order], found.offset[order], found.position[order], document[order], index.words, index.bounds, index.n,
        background.singles, background.pairs, background.totals, SEED,
    )  # fmt: skip
    return groups


@part
def _gain(words: Any, first: int, start: int, end: int, singles: Any, pairs: Any, totals: Any) -> float:
    """Bits of a post's words from `start` to `end`."""
    total = 0.0
    for k in range(start, end):
        total += bits_after(words[first + k - 1] if k else np.uint32(0), words[first + k], singles, pairs, totals)
    return total


@compiled
def _group(
    post: Any, offset: Any, position: Any, document: Any, words: Any, bounds: Any, n: int,
    singles: Any, pairs: Any, totals: Any, least: float,
) -> Any:  # fmt: skip
    groups, count, size = np.empty((post.shape[0], 4), np.int64), 0, post.shape[0]
    bits, covered = 0.0, 0
    for j in range(size):
        p = np.int64(post[j])
        fresh = j == 0 or p != post[j - 1] or document[j] != document[j - 1] or position[j] - position[j - 1] > APART
        if fresh or (offset[j] <= groups[count - 1, 1] and position[j] > position[j - 1]):
            count += bits >= least or count == 0
            groups[count - 1, 0], groups[count - 1, 1] = p, offset[j]
            groups[count - 1, 2], groups[count - 1, 3] = position[j], document[j]
            bits, covered = 0.0, 0
        until = min(offset[j] + n, bounds[p + 1] - bounds[p])
        bits += _gain(words, bounds[p], max(covered, offset[j]), until, singles, pairs, totals)
        covered = max(covered, until)
    return groups[: count - (bits < least and count > 0)].copy()


@part
def _around(
    at: int, lo: int, hi: int, offset: int, ahead: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, here: Any, begins: Any, finishes: Any,
) -> int:  # fmt: skip
    """The words around a place: some more before it than the post has there, and some more after it. Gives how many."""
    first = safe_start(lo, at - 32 - (48 if json else 16) * offset, json)
    count, reached = exact(first if first >= 0 else at, at, hi, json, letters, words, starts, ends, spelled, open_, 0)
    drop = max(count - offset - offset // 2 - 12, 0)
    for k in range(count - drop):
        here[k], begins[k], finishes[k] = here[k + drop], begins[k + drop], finishes[k + drop]
    count -= drop
    need = min(count + ahead + ahead // 2 + 12, BATCH)
    while count < need and reached < hi:
        count, reached = exact(reached, reached + 1, hi, json, letters, words, starts, ends, spelled, open_, count)
    return min(count, WIDEST)


@part
def _to_bytes(
    out: Any, begins: Any, finishes: Any, i: int, j: int, lo: int, hi: int, json: bool, letters: int,
    text: int, text_end: int, length: int, words: int, starts: int, ends: int, spelled: int, open_: int, own: Any, own_ends: Any,
) -> None:  # fmt: skip
    """Where the match begins and ends in bytes, and whether it is the whole post character by character."""
    start, end = begins[i], finishes[j]
    first, last = np.int64(out[FIRST]), np.int64(out[LAST])
    count, _ = exact(text, text_end, text_end, False, letters, words, starts, ends, spelled, open_, 0)
    if last < count:
        start, from_first = back(start, lo, json, own[first], text, letters)
        end, to_last = forth(end, hi, json, own_ends[last], text_end, letters)
        out[ALIKE] = from_first and to_last and out[SAME] == length and alike(start, end, json, text, text_end)
    out[START], out[END] = start, end


@compiled
def _measure(
    data: Any, limits: Any, groups: Any, json: bool, name: Any, letters: Any, words: Any, bounds: Any, texts: Any, text_bounds: Any,
    singles: Any, pairs: Any, totals: Any, n: int, here: Any, begins: Any, finishes: Any, spelled: Any, open_: Any,
    own: Any, own_starts: Any, own_ends: Any, own_spelled: Any, own_open: Any, rows: Any, trace: Any, ways: Any,
) -> Any:  # fmt: skip
    out = np.zeros((groups.shape[0], 8))
    base, table, line, lo, hi = address(data), address(letters), -1, 0, 0
    bits, there, text = np.zeros(LONGEST), np.zeros(BATCH + 128, np.uint32), address(texts)
    for g in range(groups.shape[0]):
        post, offset, at, document = groups[g, 0], groups[g, 1], base + groups[g, 2], groups[g, 3]
        if json and not (line == document and lo <= at < hi):
            lo, hi = value_at(base + limits[document], base + limits[document + 1], at, name)
        elif not json:
            lo, hi = base + limits[document], base + limits[document + 1]
        line = document
        length = bounds[post + 1] - bounds[post]
        cut = max(min(offset - LONGEST // 2, length - LONGEST), 0)
        ours = words[bounds[post] + cut : bounds[post] + min(length, cut + LONGEST)]
        if lo == hi:
            continue
        count = _around(
            at, lo, hi, offset - cut, ours.shape[0] - offset + cut, json, table, address(here), address(begins), address(finishes),
            address(spelled), address(open_), here, begins, finishes,
        )  # fmt: skip
        for k in range(ours.shape[0]):
            bits[k] = bits_after(ours[k - 1] if k else np.uint32(0), ours[k], singles, pairs, totals)
        for k in range(count):
            there[k] = half(here[k])
        score, same, first, last, i, j, one = align(ours, bits, there, count, rows, trace, ways)
        if same == 0 or (length < n and same < length):
            continue
        out[g, SCORE], out[g, SAME], out[g, FIRST], out[g, LAST], out[g, ONE] = (
            score,
            same,
            first + cut,
            last + cut,
            one,
        )
        _to_bytes(
            out[g], begins, finishes, i, j, lo, hi, json, table, text + text_bounds[post], text + text_bounds[post + 1], length,
            address(own), address(own_starts), address(own_ends), address(own_spelled), address(own_open), own_starts, own_ends,
        )  # fmt: skip
        out[g, START] -= base
        out[g, END] -= base
    return out


def _best(groups: Places, found: NDArray[np.float64], least: float) -> list[int]:
    """The matches to tell, in the order they stand there: of those of one post that overlap, the best."""
    good = np.flatnonzero(found[:, SCORE] >= least)
    order = good[np.lexsort((found[good, END], found[good, START], groups[good, 0]))]
    kept = list[int]()
    for k in order.tolist():
        last = kept[-1] if kept else -1
        if last >= 0 and groups[last, 0] == groups[k, 0] and found[k, START] < found[last, END]:
            if found[k, SCORE] > found[last, SCORE]:
                kept[-1] = k
        else:
            kept.append(k)
    return sorted(kept, key=lambda k: (found[k, START], found[k, END], groups[k, 0]))


def _tier(found: NDArray[np.float64], length: int) -> Tier:
    if found[ALIKE]:
        return "exact"
    if found[ONE] and found[SAME] == length:
        return "normalised"
    return "quoted" if found[ONE] and found[SAME] < COPY * length else "edited"


def _match(
    index: Index,
    data: NDArray[np.uint8],
    limits: Places,
    group: Places,
    found: NDArray[np.float64],
    is_json: bool,
    source: str,
    *,
    rows: bool,
) -> Match:
    post, document, start, end = int(group[0]), int(group[3]), int(found[START]), int(found[END])
    origin, length, score = int(limits[document]), index.post_words(post), round(float(found[SCORE]), 3)
    return Match(
        post, source, document, 0 if rows else origin, start - origin, end - origin, _tier(found, length), int(found[SAME]), length,
        score, score, _readable(data[start:end].tobytes(), is_json),
    )  # fmt: skip


def _readable(stored: bytes, is_json: bool) -> str:
    """The text that the bytes stand for."""
    text = stored[: 12 * TEXT].decode("utf-8", "replace")
    if is_json and "\\" in text:
        try:
            text = json.loads(f'"{text}"', strict=False)
        except ValueError:
            return text[:TEXT]
    return text[:TEXT].encode("utf-8", "replace").decode()
