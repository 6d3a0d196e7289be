"""What errors, receipts and look-ups mean: pure decisions, each branch."""

from __future__ import annotations

import pytest

from masthead.contract.errors import (
    ConnectorError,
    Ended,
    GoneForGood,
    NeedsReconnect,
    OutcomeUnknown,
    OverBudget,
    Refused,
    TokenExpired,
    TryAgain,
    Unsupported,
)
from masthead.contract.values import Found, Presence, Receipt
from masthead.posts import outcome
from masthead.posts.confirm import Again, Ask, judged, settled, stumbled
from masthead.posts.ledger import Outcome
from masthead.posts.states import State

R1, R2, BUSY = Receipt("1", "https://x/1"), Receipt("2", "https://x/2"), Receipt("3", "https://x/3", processing=True)


@pytest.mark.parametrize(
    ("error", "state", "pause", "stops"),
    [
        (OutcomeUnknown("cut"), State.UNCONFIRMED, 0.0, False),
        (TryAgain("wait", after=90, whole_channel=True), State.SCHEDULED, 90.0, True),
        (TryAgain("wait", after=0), State.SCHEDULED, 1.0, True),
        (TokenExpired("old"), State.SCHEDULED, outcome.TOKEN_WAIT, True),
        (NeedsReconnect("dead"), State.SCHEDULED, outcome.RECONNECT_WAIT, True),
        (OverBudget("cap"), State.SCHEDULED, outcome.BUDGET_WAIT, True),
        (GoneForGood("410"), State.SCHEDULED, outcome.GONE_WAIT, True),
        (Ended("over"), State.SCHEDULED, outcome.GONE_WAIT, True),
        (Refused("no", field="text"), State.FAILED, 0.0, False),
        (Unsupported("cannot"), State.FAILED, 0.0, False),
    ],
)
def test_errors(error: ConnectorError, state: State, pause: float, stops: bool) -> None:
    verdict = outcome.failed(7, 2, [R1], error, 5.0)
    assert (verdict.outcome.target, verdict.pause, verdict.stop_lane) == (state, pause, stops)
    assert verdict.outcome.receipts and verdict.outcome.why == error.message
    assert (verdict.outcome.check_in == 5.0) is (state is State.UNCONFIRMED)


def test_an_app_limit_pauses_the_app() -> None:
    assert outcome.failed(1, 1, [], TryAgain("x", whole_channel=True, scope="app"), 1).pause_app
    assert not outcome.failed(1, 1, [], TryAgain("x", scope="app"), 1).pause_app


def test_success() -> None:
    assert outcome.succeeded(1, 1, [R1, R2], 5).target is State.PUBLISHED
    busy = outcome.succeeded(1, 1, [R1, BUSY], 5)
    assert (busy.target, busy.check_in) == (State.PROCESSING, 5)
    assert outcome.released(1, 1, "later").target is State.SCHEDULED


def look(found: Found, *, checks: int = 0, parts: int = 1, before: tuple[Receipt, ...] = ()) -> object:
    return judged(7, 2, checks, parts, before, found, 5.0)


def test_found() -> None:
    decision = look(Found(Presence.FOUND, "seen", R1))
    assert isinstance(decision, Outcome) and decision.target is State.PUBLISHED and decision.url == R1.url
    resumed = look(Found(Presence.FOUND, "seen", R1), parts=3)
    assert isinstance(resumed, Outcome) and resumed.target is State.SCHEDULED and len(resumed.receipts or ()) == 1
    working = look(Found(Presence.FOUND, "seen", BUSY))
    assert isinstance(working, Outcome) and working.target is State.PROCESSING and working.check_in == 5.0
    bare = look(Found(Presence.FOUND, "seen"), before=(R1,))
    assert isinstance(bare, Outcome) and bare.target is State.PUBLISHED


def test_absent_is_believed_the_second_time() -> None:
    assert look(Found(Presence.ABSENT, "not seen")) == Again(5.0, counts=True)
    decision = look(Found(Presence.ABSENT, "not seen"), checks=1)
    assert isinstance(decision, Outcome) and decision.target is State.SCHEDULED


def test_who_cannot_tell_asks_a_person() -> None:
    assert look(Found(Presence.CANNOT_TELL, "too far back")) == Ask("too far back")


def test_processing() -> None:
    done = settled(1, 1, 0, [R1], 5.0)
    assert isinstance(done, Outcome) and done.target is State.PUBLISHED and done.sources == (State.PROCESSING,)
    assert isinstance(settled(1, 1, 3, [BUSY], 5.0), Again)
    late = settled(1, 1, 200, [BUSY], 5.0)
    assert isinstance(late, Outcome) and late.target is State.UNCONFIRMED


def test_a_look_that_stumbles_decides_nothing() -> None:
    def stumble(error: ConnectorError, state: State = State.UNCONFIRMED) -> object:
        return stumbled(1, 1, state, [R1], error)

    assert stumble(TryAgain("x", after=1)) == Again(30.0)
    assert stumble(TryAgain("x", after=9000, whole_channel=True)) == Again(300.0)
    assert stumble(NeedsReconnect("x")) == Again(60.0)
    assert stumble(Refused("x")) == Again(300.0)
    gone = stumble(Refused("x"), State.PROCESSING)
    assert isinstance(gone, Outcome) and gone.target is State.FAILED


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x/" + "a" * 2000, "https://x/\x00", "x"])
def test_an_address_that_a_server_invents_does_not_reach_the_page_or_stop_the_batch(url: str) -> None:
    assert outcome.succeeded(1, 1, [Receipt("1", url)], 5).as_row(())[9] == ""
    assert outcome.succeeded(1, 1, [R1], 5).as_row(())[9] == R1.url
