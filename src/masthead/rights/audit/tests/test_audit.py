"""Posts in, a corpus in, matches out: what is found, where exactly, and what is not claimed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from masthead.rights.audit.background import Background
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import Candidates, scan
from masthead.rights.audit.tests import corpora, reading
from masthead.rights.audit.values import Match, Post
from masthead.rights.audit.verify import margins, verify

MADE, CORPUS, PLANTED = corpora.make(5)
DATA = np.frombuffer(CORPUS, np.uint8)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(MADE)


@pytest.fixture(scope="module")
def background() -> Background:
    return Background.sample([DATA])


def look(index: Index, data: bytes, background: Background, form: str = "jsonl", **more: object) -> list[Match]:
    array = np.frombuffer(data, np.uint8)
    return verify(index, array, scan(index, array, form, **more), background.of(index), "corpus", 20.0)


def lines(*texts: str, key: str = "text") -> bytes:
    return b"".join(json.dumps({"n": 1, key: text}).encode() + b"\n" for text in texts)


@pytest.fixture(scope="module")
def found(index: Index, background: Background) -> list[Match]:
    return verify(index, DATA, scan(index, DATA), background.of(index), "corpus")


@pytest.mark.parametrize(
    ("kind", "least"), [("exact", 0.93), ("normalised", 0.92), ("edited12", 0.98), ("edited35", 0.80), ("quoted", 0.97)]
)
def test_copies_are_found(found: list[Match], kind: str, least: float) -> None:
    where = {(match.post, match.document) for match in found}
    copies = [plant for plant in PLANTED if plant.kind == kind]
    assert sum((plant.post, plant.line) in where for plant in copies) >= least * len(copies)


def test_what_is_claimed_is_there(found: list[Match]) -> None:
    """Every word that is said to stand there does, in this order, however the text is spelled."""
    rows = CORPUS.split(b"\n")
    starts = np.cumsum([0] + [len(row) + 1 for row in rows])
    for match in found:
        assert match.doc_start == starts[match.document]
        text = json.loads(b'"' + rows[match.document][match.start : match.end] + b'"')
        there, ours = reading.words(text), reading.words(MADE[match.post].text)
        assert subsequence(there, ours) >= match.words
        assert match.post_words == len(ours)
        assert match.text == text


def subsequence(left: list[str], right: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for word in left:
        before = row[:]
        for k, other in enumerate(right):
            row[k + 1] = before[k] + 1 if word == other else max(row[k], before[k + 1])
    return row[-1]


def test_bytes_are_those_of_the_copy(found: list[Match]) -> None:
    truth = {(plant.post, plant.line): plant for plant in PLANTED}
    pairs = [(match, truth[match.post, match.document]) for match in found if (match.post, match.document) in truth]
    overlap = sum(match.start < plant.end and plant.start < match.end for match, plant in pairs)
    same = sum((match.start, match.end) == (plant.start, plant.end) for match, plant in pairs)
    assert overlap >= 0.995 * len(pairs)
    assert same >= 0.95 * len(pairs)


def test_nothing_else_is_claimed(found: list[Match]) -> None:
    truth = {(plant.post, plant.line) for plant in PLANTED}
    strong = [match for match in found if match.score >= 60]
    assert len(strong) > 200
    assert sum((match.post, match.document) in truth for match in strong) >= 0.997 * len(strong)


def test_tiers_say_what_was_done(found: list[Match]) -> None:
    truth = {(plant.post, plant.line): plant.kind for plant in PLANTED}
    tiers = {
        kind: Counter(m.tier for m in found if truth.get((m.post, m.document)) == kind) for kind in set(truth.values())
    }
    assert set(tiers["exact"]) == {"exact"}
    assert tiers["normalised"]["normalised"] >= 0.9 * tiers["normalised"].total()
    assert tiers["quoted"]["quoted"] >= 0.9 * tiers["quoted"].total()
    assert tiers["edited35"]["edited"] >= 0.9 * tiers["edited35"].total()


def test_an_index_on_the_disk_finds_the_same(
    tmp_path: Path, index: Index, background: Background, found: list[Match]
) -> None:
    index.save(tmp_path / "index")
    background.save(tmp_path / "background")
    opened, known = Index.open(tmp_path / "index"), Background.open(tmp_path / "background")
    assert len(opened) == len(MADE) and opened.size == index.size
    assert verify(opened, DATA, scan(opened, DATA), known.of(opened), "corpus") == found
    (tmp_path / "index" / "index.json").write_text('{"format": 0}')
    with pytest.raises(ValueError, match="format 0"):
        Index.open(tmp_path / "index")


def test_documents_without_anything_between_them(index: Index, background: Background) -> None:
    """As Arrow stores a column: a copy at the very end of one row is not joined with the next."""
    rows = [MADE[3].text.encode(), b"nothing", MADE[7].text.encode(), MADE[7].text.encode()]
    bounds = np.cumsum([0] + [len(row) for row in rows])
    found = look(index, b"".join(rows), background, "text", bounds=bounds)
    assert [(m.post, m.document, m.start, m.end, m.tier) for m in found] == [
        (3, 0, 0, len(rows[0]), "exact"),
        (7, 2, 0, len(rows[2]), "exact"),
        (7, 3, 0, len(rows[3]), "exact"),
    ]
    assert {m.doc_start for m in found} == {0}


def test_lines_and_whole_texts(index: Index, background: Background) -> None:
    text = f"before\n{MADE[2].text}\nafter".encode()
    (line,), (whole,) = (look(index, text, background, form) for form in ("lines", "text"))
    assert (line.document, line.doc_start, line.start) == (1, 7, 0)
    assert (whole.document, whole.doc_start, whole.start) == (0, 0, 7)
    assert line.tier == whole.tier == "exact"


def test_only_the_field_that_is_asked_for(index: Index, background: Background) -> None:
    elsewhere = lines(MADE[0].text, key="title")
    assert look(index, elsewhere, background) == []
    assert [m.post for m in look(index, elsewhere, background, field=b"title")] == [0]
    assert [m.post for m in look(index, elsewhere, background, field=b"")] == [0]
    deep = json.dumps({"a": [{"text": ["x", MADE[0].text]}], "b": "no"}).encode()
    assert [m.post for m in look(index, deep, background)] == [0]


def test_a_match_does_not_leave_its_value(index: Index, background: Background) -> None:
    words = MADE[0].text.split()
    torn = json.dumps({"text": " ".join(words[:8]), "more": " ".join(words[8:])}).encode()
    assert all(match.words <= 8 for match in look(index, torn, background))


def test_two_copies_in_one_text_are_two(index: Index, background: Background) -> None:
    found = look(index, lines(f"{MADE[4].text} {MADE[4].text}"), background)
    assert [(m.post, m.tier) for m in found] == [(4, "exact")] * 2


def test_short_posts_count_only_whole(background: Background) -> None:
    index = Index.build(
        [Post("a", "Zanzibar quokka!"), Post("b", "Zanzibar quokka festival"), Post("c", "word"), Post("d", "")]
    )
    found = look(index, lines("we saw a zanzibar QUOKKA there", "Zanzibar quokka festival"), background)
    assert [(m.post, m.document, m.tier) for m in found] == [
        (0, 0, "normalised"),
        (0, 1, "normalised"),
        (1, 1, "exact"),
    ]


def test_what_too_many_posts_say_is_left_out(background: Background) -> None:
    index = Index.build([Post(str(k), "let me know what you think") for k in range(70)])
    assert index.hot == 70 * 3
    assert look(index, lines("let me know what you think"), background) == []


def test_languages_are_compared_within_themselves(index: Index) -> None:
    """One Chinese character in a sample of English is no rarer than a common word of a language never seen."""
    known = Background.sample([DATA])
    han = known.bits(Index.build([Post("a", "今天天气很好我们去公园")]).words)
    unseen = known.bits(Index.build([Post("a", "zyxwv utsrq ponml kjihg")]).words)
    assert han[1:].mean() < 9 < unseen.mean()


def test_margin_is_against_what_is_no_copy(found: list[Match], index: Index, background: Background) -> None:
    post = MADE[10]
    half = " ".join(post.text.split()[: len(post.text.split()) // 2])
    both = margins(look(index, lines(post.text, half, post.text), background))
    best = [m for m in both if m.tier == "exact"]
    (part,) = (m for m in both if m.tier != "exact")
    assert len(best) == 2
    assert all(m.margin == pytest.approx(m.score - part.score) for m in best)
    assert all(m.margin == m.score for m in margins(best))


def test_an_empty_piece_and_no_posts(index: Index, background: Background) -> None:
    assert look(index, b"", background) == []
    nobody = Index.build([])
    assert look(nobody, CORPUS[:2000], background) == []
    assert isinstance(scan(nobody, DATA[:10]), Candidates)
    with pytest.raises(ValueError, match="3 to 8"):
        Index.build([], n=2)
