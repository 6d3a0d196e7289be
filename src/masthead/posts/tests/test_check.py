"""The pure check: each rule, on its limit and one over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from masthead.contract.capabilities import (
    Capabilities,
    Counting,
    MediaRule,
    Option,
    PatternRule,
    PollRule,
    Source,
    TextRule,
    ThreadRule,
)
from masthead.contract.values import MediaKind, Poll
from masthead.posts.check import Item, Part, Problem, Weight, check, length, stops

S = Source("https://example.org/", date(2026, 1, 1))
IMAGE = MediaRule(MediaKind.IMAGE, ("image/png",), 1000, 4, S, alt_limit=20)
VIDEO = MediaRule(MediaKind.VIDEO, ("video/mp4",), 5000, 1, S, max_seconds=60)
CAN = Capabilities(
    text=TextRule(Counting.GRAPHEMES, 10, S, bytes_limit=40),
    media=(IMAGE, VIDEO),
    max_attachments=4,
    threads=ThreadRule(2, S),
    quotas=(),
    edit=True,
    remove=True,
    source=S,
    poll=PollRule(4, 10, 300, 3600, False, S),
    options=(
        Option("visibility", "Visibility", "choice", S, choices=(("public", "Public"),)),
        Option("warning", "Warning", "text", S, limit=5, counts_as_text=True),
    ),
)
PICTURE = Item(MediaKind.IMAGE, "image/png", 500, 10, 10, alt="a loaf")
POLL = Poll(("yes", "no"), 600)


def codes(*parts: Part, can: Capabilities = CAN, **options: Any) -> list[str]:
    return [problem.code for problem in check(parts, options, can)]


def test_fine() -> None:
    assert codes(Part("hello")) == [] and codes(Part("", (PICTURE,))) == [] and codes(Part("hello", poll=POLL)) == []


def test_nothing() -> None:
    assert codes() == ["empty"] and codes(Part("  ")) == ["empty_text"]
    assert codes(Part("", poll=POLL)) == ["empty_text"]


@pytest.mark.parametrize(
    ("text", "found"), [("a" * 10, []), ("a" * 11, ["too_long"]), ("👩‍👩‍👧" * 10, ["too_many_bytes"])]
)
def test_length(text: str, found: list[str]) -> None:
    assert codes(Part(text)) == found


def test_a_warning_counts_as_text_on_the_first_part_only() -> None:
    assert codes(Part("a" * 8), warning="abc") == ["too_long"]
    assert codes(Part("a"), Part("a" * 10), warning="abc") == []
    assert length(Part("ab"), {"warning": "c"}, CAN).left == 7


def test_threads() -> None:
    assert codes(Part("a"), Part("b")) == [] and codes(Part("a"), Part("b"), Part("c")) == ["too_many_segments"]


def test_media() -> None:
    assert codes(Part("a", (PICTURE,) * 4)) == [] and codes(Part("a", (PICTURE,) * 5)) == ["too_many_attachments"]
    video = Item(MediaKind.VIDEO, "video/mp4", 5000, seconds=60)
    assert codes(Part("a", (video,))) == []
    assert codes(Part("a", (video, video))) == ["too_many_of_kind"]
    assert codes(Part("a", (PICTURE, video))) == ["mixed_media"]
    assert codes(Part("a", (PICTURE, video)), can=replace(CAN, mixed_media=True)) == []
    assert codes(Part("a", (replace(video, size=5001),))) == ["file_too_large"]
    assert codes(Part("a", (replace(video, seconds=61),))) == ["too_long_to_play"]
    assert codes(Part("a", (Item(MediaKind.AUDIO, "audio/mpeg", 1),))) == ["kind_not_taken"]
    assert codes(Part("a", (replace(PICTURE, present=False),))) == ["file_missing"]


def test_alt() -> None:
    assert codes(Part("a", (replace(PICTURE, alt="x" * 21),))) == ["alt_too_long"]
    missing = check([Part("a", (replace(PICTURE, alt=" "),))], {}, CAN)
    assert [one.code for one in missing] == ["alt_missing"] and not stops(missing)


@pytest.mark.parametrize(
    ("poll", "found"),
    [
        (Poll(("yes",), 600), "poll_options"),
        (Poll(("a", "b", "c", "d", "e"), 600), "poll_options"),
        (Poll(("a", "a"), 600), "poll_option_empty_or_twice"),
        (Poll(("a", " "), 600), "poll_option_empty_or_twice"),
        (Poll(("a", "b" * 11), 600), "poll_option_too_long"),
        (Poll(("a", "b"), 299), "poll_time"),
        (Poll(("a", "b"), 3601), "poll_time"),
        (Poll(("a", "b"), 600, multiple=True), "poll_multiple"),
    ],
)
def test_polls(poll: Poll, found: str) -> None:
    assert codes(Part("q", poll=poll)) == [found]


def test_polls_and_media() -> None:
    assert codes(Part("q", (PICTURE,), POLL)) == ["poll_with_media"]
    assert codes(Part("q", (PICTURE,), POLL), can=replace(CAN, poll_with_media=True)) == []
    assert codes(Part("q", poll=POLL), can=replace(CAN, poll=None)) == ["no_polls"]


def test_options() -> None:
    assert codes(Part("a"), visibility="public") == [] and codes(Part("a"), visibility="secret") == ["not_a_choice"]
    assert codes(Part("a"), warning="") == [] and "option_too_long" in codes(Part("a"), warning="abcdef")


def test_stops() -> None:
    assert stops([Problem("x", "y")]) and not stops([Problem("x", "y", weight=Weight.WARNS)]) and not stops([])


def test_at_most_so_many_matches() -> None:
    can = replace(CAN, patterns=(PatternRule("tags", "Hashtags", r"#\w+", 1, S),))
    assert codes(Part("#one"), Part("#two"), can=can) == []
    found = check([Part("#one #two")], {}, can)
    assert [one.code for one in found] == ["too_many_matches"]
    assert found[0].values == {"what": "Hashtags", "count": 2, "limit": 1}
    assert codes(Part("#one #two"), can=can.narrowed({"without_patterns": ["tags"]})) == []


def test_a_file_that_goes_alone() -> None:
    can = replace(CAN, media=(IMAGE, MediaRule(MediaKind.GIF, ("image/gif",), 1000, 1, S, alone=True)))
    moving = Item(MediaKind.GIF, "image/gif", 500)
    assert codes(Part("hello", (moving,)), can=can) == []
    assert codes(Part("hello", (moving, PICTURE)), can=can) == ["not_alone"]
    assert codes(Part("hello", (moving, moving)), can=can) == ["too_many_of_kind"]


BOARD = Option("board", "Board", "choice", S, required=True, from_account=True)
PRICED = Option("price", "Price", "text", S, required=True, default="0")


def boards(*told: tuple[str, str]) -> Capabilities:
    return replace(CAN, options=(BOARD, PRICED)).narrowed({"choices": {"board": told}} if told else {})


def test_a_required_option_must_be_set_unless_it_has_a_default() -> None:
    can = boards(("1", "Bread"))
    assert codes(Part("a"), can=can, board="1") == []
    assert codes(Part("a"), can=can) == ["option_missing"] and codes(Part("a"), can=can, board="") == ["option_missing"]


def test_choices_of_an_account_are_the_ones_it_told() -> None:
    assert codes(Part("a"), can=boards(("1", "Bread")), board="2") == ["not_a_choice"]
    assert codes(Part("a"), can=boards(), board="1") == ["not_a_choice"]
    assert codes(Part("a"), can=boards()) == ["no_choices"]
    assert codes(Part("a"), can=boards(("1", "Bread")), board=["1"]) == ["not_a_choice"], "what a program may send"


def test_a_document_goes_where_it_is_taken() -> None:
    paper = Item(MediaKind.DOCUMENT, "application/pdf", 500)
    rule = MediaRule(MediaKind.DOCUMENT, ("application/pdf",), 500, 1, S)
    can = replace(CAN, media=(IMAGE, rule))
    assert codes(Part("a", (paper,))) == ["kind_not_taken"]
    assert codes(Part("a", (paper,)), can=can) == []
    assert codes(Part("a", (replace(paper, size=501),)), can=can) == ["file_too_large"]
    assert codes(Part("a", (paper, PICTURE)), can=can) == ["mixed_media"]


def test_a_platform_of_pictures_asks_for_one_or_a_poll() -> None:
    can = replace(CAN, media_required=True)
    assert codes(Part("hello"), can=can) == ["media_required"]
    assert codes(Part("hello", (PICTURE,)), can=can) == codes(Part("hello", poll=POLL), can=can) == []


def test_a_text_beside_files_or_a_poll_may_have_a_limit_of_its_own() -> None:
    can = replace(CAN, text=replace(CAN.text, media_limit=4, poll_limit=3))
    for part, limit in ((Part("a"), 10), (Part("a", (PICTURE,)), 4), (Part("a", (), Poll(("a", "b"), 600)), 3)):
        assert length(part, {}, can).limit == limit
    found = check([Part("a" * 5, (PICTURE,))], {}, can)
    assert [(one.code, one.values["limit"]) for one in found] == [("too_long", 4)]
