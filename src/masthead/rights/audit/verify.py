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
from masthead.rights.audit.compiled import address, compiled, part
from masthead.rights.audit.extents import documents, safe_start, value_at
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import Candidates, only_read
from masthead.rights.audit.spans import alike, back, forth
from masthead.rights.audit.stretches import stretches
from masthead.rights.audit.values import TIERS, Match, Tier
from masthead.rights.audit.words import BATCH, Places, Read, exact, half

LEAST: Final = 30.0
"""Bits that a match must have to be told."""
COPY: Final = 0.8
"""From this share of its words on, a match in one piece is the post with its ends changed, not a quotation."""
TEXT: Final = 2000
_NEAR: Final = 9
"""Bytes of a word and the space behind it, more than most have."""
SCORE, SAME, FIRST, LAST, START, END, ONE, ALIKE = range(8)
"""What is known of a match: bits, equal words, the first and last of them in the post, bytes, whether in one piece, whether the same
characters."""


def verify(
    index: Index,
    data: NDArray[np.uint8],
    candidates: Candidates,
    bits: NDArray[np.float32],
    source: str,
    least: float = LEAST,
) -> list[Match]:
    """Align every candidate with its post and give what matches, in the order it stands there. `bits` are those of the index's words
    (`Background.of`).

    `document` counts from the piece's first document and `doc_start` from its first byte: who cut the piece adds where it began.
    """
    data, form = only_read(data), candidates.form
    limits = documents(data, candidates.bounds, whole=form == "text")
    groups = stretches(index, candidates, limits, bits, least)
    if not len(groups):
        return []
    name = np.frombuffer(candidates.name, np.uint8)
    found = _measure(
        data, limits, groups, form == "jsonl", name, index.letters, index.words, index.bounds, index.texts, index.text_bounds,
        bits, index.n, *Read.room(), *Read.room(), *room(),
    )  # fmt: skip
    kept = _best(groups, found, least)
    return _matches(index, data, limits, groups[kept], found[kept], candidates, source)


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


@part
def _around(
    at: int, lo: int, hi: int, offset: int, ahead: int, json: bool, letters: int,
    words: int, starts: int, ends: int, spelled: int, open_: int, here: Any, begins: Any, finishes: Any,
) -> int:  # fmt: skip
    """The words around a place: some more before it than the post has there, and some more after it. Gives how many."""
    wanted, far = offset + offset // 2 + 12, 32 + (48 if json else 16) * offset
    first = safe_start(lo, at - min(far, _NEAR * wanted), json)
    count, reached = exact(first if first >= 0 else at, at, hi, json, letters, words, starts, ends, spelled, open_, 0)
    if count <= wanted and far > _NEAR * wanted:  # escapes or long words
        first = safe_start(lo, at - far, json)
        count, reached = exact(
            first if first >= 0 else at, at, hi, json, letters, words, starts, ends, spelled, open_, 0
        )
    drop = max(count - wanted, 0)
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
    bits: Any, n: int, here: Any, begins: Any, finishes: Any, spelled: Any, open_: Any,
    own: Any, own_starts: Any, own_ends: Any, own_spelled: Any, own_open: Any, rows: Any, trace: Any, ways: Any,
) -> Any:  # fmt: skip
    out = np.zeros((groups.shape[0], 8))
    base, table, line, lo, hi = address(data), address(letters), -1, 0, 0
    there, text = np.zeros(BATCH + 128, np.uint32), address(texts)
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
        gains = bits[bounds[post] + cut : bounds[post] + cut + ours.shape[0]]
        for k in range(count):
            there[k] = half(here[k])
        score, same, first, last, i, j, one = align(ours, gains, there, count, rows, trace, ways)
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
    columns = (groups[order, 0], found[order, START], found[order, END], found[order, SCORE])
    kept, rows = list[int](), list(zip(*(column.tolist() for column in columns), strict=True))
    for k, (post, start, _, score) in enumerate(rows):
        last = rows[kept[-1]] if kept else None
        if last and last[0] == post and start < last[2]:
            if score > last[3]:
                kept[-1] = k
        else:
            kept.append(k)
    kept.sort(key=lambda k: (rows[k][1], rows[k][2], rows[k][0]))
    return list(order[kept].tolist()) if kept else []


def _tiers(found: NDArray[np.float64], lengths: Places) -> list[Tier]:
    one, same = found[:, ONE] != 0, found[:, SAME]
    cases = [found[:, ALIKE] != 0, one & (same == lengths), one & (same < COPY * lengths)]
    numbers = np.select(cases, [0, 1, 3], 2).tolist()
    return [TIERS[number] for number in numbers]


def _matches(
    index: Index, data: NDArray[np.uint8], limits: Places, groups: Places, found: NDArray[np.float64], candidates: Candidates, source: str
) -> list[Match]:  # fmt: skip
    posts, documents, origins = groups[:, 0], groups[:, 3], limits[groups[:, 3]]
    starts, ends = found[:, START].astype(np.int64), found[:, END].astype(np.int64)
    lengths, stored, is_json = (
        index.bounds[posts + 1] - index.bounds[posts],
        data.data,
        candidates.form == "jsonl",
    )
    shown = np.minimum(ends, starts + 12 * TEXT)
    columns = (
        posts, documents, origins if candidates.bounds is None else np.zeros_like(origins), starts - origins, ends - origins,
        found[:, SAME].astype(np.int64), lengths, found[:, SCORE], starts, shown,
    )  # fmt: skip
    return [
        Match(post, source, document, origin, start, end, tier, words, length, round(score, 3), round(score, 3),
              _readable(stored[first:last], is_json))
        for tier, (post, document, origin, start, end, words, length, score, first, last)
        in zip(_tiers(found, lengths), zip(*(column.tolist() for column in columns), strict=True), strict=True)
    ]  # fmt: skip


def _readable(stored: memoryview, is_json: bool) -> str:
    """The text that the bytes stand for."""
    text = str(stored, "utf-8", "replace")
    if not (is_json and "\\" in text):
        return text[:TEXT]
    try:
        text = str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text[:TEXT]
    return text[:TEXT].encode("utf-8", "replace").decode()
