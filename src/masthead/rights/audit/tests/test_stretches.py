"""What is turned away before the alignment would not have been a match, and a pair that the sample lacks is no great surprise."""

from __future__ import annotations

import random

import numpy as np
import pytest

from masthead.rights.audit import stretches
from masthead.rights.audit.background import Background
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import scan
from masthead.rights.audit.values import Match, Post
from masthead.rights.audit.verify import verify

WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in ("l", "n", "rt", "st")]


def changed(luck: random.Random, text: str) -> str:
    """A post with some words gone, others in their place, or only a part of it."""
    words = text.split()
    for _ in range(luck.randrange(6)):
        words[luck.randrange(len(words))] = luck.choice([*WORDS, "", "the new"])
    first = luck.randrange(len(words) // 2)
    return " ".join(words[first : first + luck.randrange(4, len(words) + 1)])


def made(seed: int) -> tuple[Index, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    luck = random.Random(seed)

    def said(count: int) -> str:
        return " ".join(luck.choices(WORDS, k=count))

    posts = [Post(str(k), said(luck.randrange(5, 90))) for k in range(60)]
    texts = [
        f"{said(luck.randrange(80))} {changed(luck, luck.choice(posts).text)} {said(luck.randrange(80))}"
        for _ in range(400)
    ]
    data = np.frombuffer("\n".join(texts).encode(), np.uint8)
    index = Index.build(posts)
    return index, data, Background.sample([data], "lines").of(index)


def found(seed: int, least: float) -> list[Match]:
    index, data, bits = made(seed)
    return verify(index, data, scan(index, data, "lines"), bits, "corpus", least)


@pytest.mark.parametrize("least", [30.0, 45.0, 60.0])
def test_nothing_is_turned_away_that_would_match(monkeypatch: pytest.MonkeyPatch, least: float) -> None:
    screened = found(3, least)
    turned_away = []

    def all_of_them(rows: np.ndarray, *rest: object) -> np.ndarray:  # type: ignore[type-arg]
        turned_away.append(len(rows) - int(screen(rows, *rest).sum()))
        return np.ones(len(rows), np.bool_)

    screen = stretches._promising
    monkeypatch.setattr(stretches, "_promising", all_of_them)
    assert found(3, least) == screened
    assert len(screened) > 50
    assert turned_away[0] > 20


def test_the_words_of_a_piece_are_kept_with_the_places_of_runs() -> None:
    index, data, _ = made(4)
    seen = scan(index, data, "lines")
    words = index.words[index.bounds[seen.post] + seen.offset]
    assert len(seen) > 100
    assert (seen.kept[seen.word] == words).all()


def test_a_pair_that_the_sample_lacks_is_no_great_surprise() -> None:
    """After a word that much follows, something new is likely; after one that is always followed by the same, it is not."""
    luck = random.Random(5)
    text = " ".join(f"open {luck.choice(WORDS)} shut now" for _ in range(20_000))
    index = Index.build([Post("a", "open weather map one two"), Post("b", "shut weather map one two")])
    bits = Background.sample([np.frombuffer(text.encode(), np.uint8)], "text").of(index)
    after_open, after_shut = (bits[index.bounds[post] + 1] for post in (0, 1))
    assert after_open + 3 < after_shut
