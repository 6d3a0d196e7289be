"""Counting and links: the examples come from the platforms' own descriptions of their counting."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.kit.text import COUNTERS, count, graphemes, has_link, links, web_address

FAMILY = "👩\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "how", "length"),
    [
        ("", "graphemes", 0),
        (FAMILY, "graphemes", 1),
        (FAMILY, "code_points", 5),
        (FAMILY, "utf16", 8),
        (FAMILY, "weighted_v3", 2),
        ("e\u0301", "graphemes", 1),
        ("e\u0301", "weighted_v3", 1),
        ("日本", "weighted_v3", 4),
        ("日本", "emoji_as_bytes", 2),
        (FAMILY, "emoji_as_bytes", len(FAMILY.encode())),
        ("Fresh 🍞", "emoji_as_bytes", 10),
        ("🇩🇪", "weighted_v3", 2),
        ("1\ufe0f\u20e3", "weighted_v3", 2),
        ("“quoted” – text…", "weighted_v3", 17),
        ("see https://example.org/a/very/long/path/that/goes/on", "weighted_v3", 27),
        ("see example.org", "weighted_v3", 27),
        ("see https://example.org/a/very/long/path/that/goes/on", "links_as_23", 27),
        ("see example.org", "links_as_23", 15),
        ("hi @bob@example.social!", "links_as_23", 8),
        ("hi @bob", "links_as_23", 7),
        ("mail bob@example.org", "links_as_23", 20),
    ],
)
def test_count(text, how, length):
    assert count(text, how) == length


def test_every_way_of_counting_agrees_on_plain_text():
    assert {count("Hello, world", how) for how in COUNTERS} == {12}


def test_unknown_counting_is_an_error():
    with pytest.raises(KeyError):
        count("x", "furlongs")


def test_links_have_positions_in_code_points_and_leave_punctuation():
    text = f"{FAMILY} (https://example.org/a_(b)?x=1). 東https://example.com/ö!"
    assert [text[link.start : link.end] for link in links(text)] == [
        "https://example.org/a_(b)?x=1",
        "https://example.com/ö",
    ]


def test_bare_links_only_when_asked_and_never_in_mentions_or_addresses():
    text = "example.org @bob@example.org bob@example.org https://example.com"
    assert [link.url for link in links(text)] == ["https://example.com"]
    assert [link.url for link in links(text, bare=True)] == ["http://example.org", "https://example.com"]


@settings(deadline=None)  # a busy machine is no fault of the text
@given(
    st.lists(
        st.sampled_from(
            ["https://a.org/b", "example.org", "me@example.org", "@x.com", "so.", "1.5", " ", "//b.org", "a"]
        )
    )
)
def test_whether_there_is_a_link_is_what_the_list_of_links_says(words):
    text = "".join(words)
    assert has_link(text) == bool(links(text))
    assert has_link(text, bare=True) == bool(links(text, bare=True))


def test_graphemes_join_back_to_the_text():
    text = f"a{FAMILY}é\r\n🇩🇪"
    assert "".join(graphemes(text)) == text
    assert len(graphemes(text)) == 5


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("//example.org", ""),
        ("https://example.org/\x00", ""),
        ("https://example.org/" + "a" * 30, ""),
        ("", ""),
    ],
)
def test_only_addresses_that_may_stand_in_a_link_are_kept(told, kept):
    assert web_address(told, 40) == kept
