"""Words are the same however a text is spelled, and the fast reader reads what the exact one reads and the plain one says."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from masthead.rights.audit.stride import fill, read_fast
from masthead.rights.audit.tests import reading
from masthead.rights.audit.words import exact, read_words

PIECES = st.sampled_from(
    [
        "Good morning", "don't", "don’t", "don&#39;t", "R&amp;D", "&", "@", "@anna", "@anna_b@example.social", "@__x",
        "#tag", "https://t.co/a1B2", "http://example.org/x?y=z(1)", "HTTPS://", ":", "//", "/", "_", "__", "\\", "\\n", "\n", "\t",
        '"', "'", "''", "’", "...", " ", "  ", "-", ".", ",", ";", "é", "e\u0301", "ß", "ﬁ", "½", "…", "漢字", "ｶﾞ", "か\u3099", "한국어",
        "Привет", "שלום", "مرحبا", "नमस्ते", "𝐇𝐞𝐥𝐥𝐨", "🎉", "👩\u200d💻", "\u00a0", "\u200b", "\u00ad", "\u3000", "ﷺ", "㍿", "İ", "ǅ",
        "a" * 17, "b" * 70, "жж" * 40, "123", "u0041", "n", "x", "amp;", "39;", "\ufeff", "\U000e0100", "\U0002f800",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=14).map("".join),
    st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join),
)


def numbers(text: str) -> list[int]:
    return [reading.number(word) for word in reading.words(text)]


def both(text: bytes, *, json: bool = False) -> list[int]:
    """The words as the exact and the fast reader give them, which must be the same."""
    words, starts, _ = read_words(text, json=json)
    for fast_words, fast_starts in (read_fast(text, json=json), read_fast(text, json=json, edge=len(text) + 64)):
        assert fast_words.tolist() == words.tolist()
        assert fast_starts.tolist() == starts.tolist()
    return words.tolist()


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
@example("\\\\nname \\n a\\", random.Random(1))
@example("@__a b @\u200bc x@y.z", random.Random(1))
@example("don'漢 a'@b '' 'c' d'", random.Random(1))
def test_every_spelling_reads_the_same(text: str, luck: random.Random) -> None:
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    expected = numbers(text)
    assert both(text.encode()) == expected
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, text)
        assert numbers(other) == expected
        assert both(other.encode()) == expected
    for spelled in reading.json_forms(text, luck):
        assert both(spelled, json=True) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t PANIC, it&#39;s fine!", "dont panic its fine"),
        ("via @anna@example.social: see https://t.co/x1?a=b&c #NiceDay", "via see niceday"),
        ("AT&amp;T and R&D", "at t and r d"),
        ("Crème brûlée", "creme brulee"),
        ("ｶﾞ漢字", "カ 漢 字"),
        ("‘tis “quoted” rock'n'roll", "tis quoted rocknroll"),
        ("𝐁𝐨𝐥𝐝 ½", "bold 1 2"),
    ],
)
def test_what_people_call_the_same(text: str, words: str) -> None:
    assert reading.words(text) == words.split()
    assert both(text.encode()) == [reading.number(word) for word in words.split()]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_bytes_that_are_no_text_are_read_alike(junk: bytes) -> None:
    both(junk)
    both(junk, json=True)


def test_places_are_those_of_the_words() -> None:
    text = "Ça va, l’été ? \\u00c7a"
    words, starts, ends = read_words(text.encode(), json=True)
    assert [text.encode()[a:b].decode() for a, b in zip(starts, ends, strict=True)] == ["Ça", "va", "l’été", "\\u00c7a"]
    assert words[0] == words[3]


def test_a_long_text_is_read_over_many_batches() -> None:
    text = ("alpha beta gamma d'elta " * 3000 + "漢字" * 4000 + " x'y" * 3000).encode()
    assert len(both(text)) == 12_000 + 8_000 + 3_000


def test_compiled_code_that_is_kept_depends_on_every_file() -> None:
    stamps = {made._cache._cache_file._source_stamp[1] for made in (exact, fill)}
    assert len(stamps) == 1 and len(stamps.pop()) == 64
