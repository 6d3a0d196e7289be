"""What the values and rules of an inbox decide: openings, plans, windows, and the place of a sweep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from masthead.contract.capabilities import Counting, Source, TextRule
from masthead.contract.inbox import Conversation, InboxRules, Kind, Message, Objection, Person, Reply
from masthead.contract.inbox_rules import Answering, Stream
from masthead.contract.sweep import Sweep

DOC = Source("https://north.example/docs", date(2026, 11, 1))
TEXT = TextRule(Counting.GRAPHEMES, 500, DOC)
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = 86_400
RULES = InboxRules(
    (Stream("posts", (Kind.COMMENT, Kind.MENTION), 40, DOC), Stream("talks", (Kind.DIRECT,), 40, DOC)),
    (
        Answering(Kind.MENTION, TEXT, DOC),
        Answering(Kind.DIRECT, replace(TEXT, limit=1000), DOC, window_seconds=DAY, as_posts=False),
    ),
)


def message(kind: Kind = Kind.MENTION, **more: object) -> Message:
    talk = Conversation("c1", private=kind is Kind.DIRECT)
    plain = Message("m1", kind, talk, Person("p1", "@eve"), "Hello", AT)
    return replace(plain, **more)  # type: ignore[arg-type]


def reply(text: str, opening: str = "") -> Reply:
    return Reply("0" * 32, message(opening=opening), text, AT)


@pytest.mark.parametrize(
    ("text", "opening", "sent"),
    [
        ("Thanks", "", "Thanks"),
        ("Thanks", "@eve ", "@eve Thanks"),
        ("Thanks, @Eve!", "@eve ", "Thanks, @Eve!"),
        ("Thanks @evelyn", "@eve ", "@eve Thanks @evelyn"),
        ("Thanks @eve@other.example", "@eve ", "@eve Thanks @eve@other.example"),
    ],
)
def test_a_reply_begins_as_its_author_is_told(text: str, opening: str, sent: str) -> None:
    assert reply(text, opening).whole_text == sent
    assert reply(text, opening).delivery(visibility="quiet").segments[0].text == sent


def test_a_private_reply_follows_the_rules_of_direct_messages() -> None:
    assert reply("A").kind is Kind.MENTION
    assert replace(reply("A"), private=True).kind is Kind.DIRECT


def test_kinds_come_in_one_order() -> None:
    assert RULES.kinds == (Kind.MENTION, Kind.COMMENT, Kind.DIRECT)


def test_what_stands_against_an_answer() -> None:
    assert RULES.objection(message(), AT) is None
    assert RULES.objection(message(own=True), AT) is Objection.OWN
    assert RULES.objection(message(Kind.COMMENT), AT) is Objection.NOT_OFFERED
    assert RULES.objection(message(), AT, private=True) is Objection.NOT_OFFERED
    begins = InboxRules((), (replace(RULES.answers[1], begins=True),))
    assert begins.objection(message(), AT, private=True) is None


def test_a_window_counts_from_the_last_message_of_the_person() -> None:
    late = AT + timedelta(seconds=DAY + 1)
    assert RULES.objection(message(Kind.DIRECT), AT + timedelta(seconds=DAY)) is None
    assert RULES.objection(message(Kind.DIRECT), late) is Objection.TOO_LATE
    assert RULES.objection(message(Kind.DIRECT), late, last_at=AT + timedelta(hours=1)) is None


def test_a_plan_narrows() -> None:
    told = {"inbox_without_streams": ("talks",), "inbox_without_answers": ["direct"], "inbox_summoned": ["mention"]}
    rules = RULES.narrowed(told)
    assert (rules.kinds, rules.answering(Kind.DIRECT)) == ((Kind.MENTION, Kind.COMMENT), None)
    assert rules.objection(message(), AT) is Objection.NOT_SUMMONED
    assert rules.objection(message(summons=True), AT) is None
    assert RULES.narrowed({}) == RULES


def test_the_length_of_posts_holds_for_answers_that_are_posts() -> None:
    limits = [one.text.limit for one in RULES.narrowed({"text_limit": 5000}).answers]
    assert limits == [5000, 1000]


# Sweeps


def test_the_first_sweep_is_one_page_long() -> None:
    place = Sweep.at("").after("9", "more", reached=False)
    assert place == Sweep("9") and not place.going


def test_a_sweep_goes_down_to_where_the_last_one_began() -> None:
    first = Sweep("9").after("30", "t1", reached=False)
    assert (first.since, first.newest, first.token, first.going) == ("9", "30", "t1", True)
    kept = Sweep.at(first.cursor)
    assert kept == first
    assert kept.after("20", "t2", reached=True) == Sweep("30")
    assert kept.after("20", "", reached=False) == Sweep("30")
    assert kept.again() == Sweep("9")


def test_after_an_empty_listing_all_is_read() -> None:
    place = Sweep().after("", "", reached=False)
    assert (place.border, place.cursor != "") == ("", True)
    assert place.after("30", "t1", reached=False).token == "t1"
    assert place.after("", "", reached=False) == place
    assert Sweep("9").border == "9"


def test_nothing_new_leaves_the_place() -> None:
    assert Sweep("9").after("", "", reached=True) == Sweep("9")
    assert Sweep.at(Sweep().cursor) == Sweep()
