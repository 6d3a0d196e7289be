"""The publisher's and the confirmer's decisions around a ledger that is played: what real troubles reach only by chance."""

from __future__ import annotations

import asyncio
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest

from masthead.connectors.sandbox import SANDBOX
from masthead.contract.errors import NeedsReconnect, TokenExpired, TryAgain
from masthead.contract.http import Unmetered
from masthead.contract.values import Receipt
from masthead.posts import publish
from masthead.posts.confirm import Again, Ask, Confirmer
from masthead.posts.ledger import Freed, Ledger, Outcome
from masthead.posts.outcome import released
from masthead.posts.publish import Publisher, Turn
from masthead.posts.states import State

ROW: dict[str, Any] = {
    "id": 7,
    "attempts": 1,
    "workspace_id": 1,
    "channel_id": 3,
    "platform": "sandbox",
    "limits": {},
    "state": "unconfirmed",
    "receipts": [],
    "version": 4,
    "checks": 0,
}


def around(**changes: Any) -> Any:
    """Surroundings that remember who was told and which channel was to be reconnected."""
    said = SimpleNamespace(told=[], reconnected=[], paused=[])

    async def told(states: Any) -> None:
        said.told.append(dict(states))

    async def reconnect(channel: int, version: int, error: Any) -> None:
        said.reconnected.append((channel, version))

    async def pause_app(row: Any, seconds: float, why: str) -> None:
        said.paused.append(seconds)

    given = {"transport": None, "till": None, "meter": Unmetered(), "platforms": {"sandbox": SANDBOX}, "attach": None}
    return SimpleNamespace(
        **given | {"told": told, "reconnect": reconnect, "pause_app": pause_app, "said": said} | changes
    )


def ledger(**acts: Any) -> Any:
    """A ledger whose named acts give a value, or raise it; `asked` is what was asked of it."""
    asked: list[tuple[str, tuple[Any, ...]]] = []

    def act(name: str, value: Any) -> Any:
        async def answer(*given: Any, **named: Any) -> Any:
            asked.append((name, given))
            if isinstance(value, Exception):
                raise value
            return value

        return answer

    return SimpleNamespace(
        worker="w", lease=0.2, asked=asked, **{name: act(name, value) for name, value in acts.items()}
    )


def publisher(of: Any = None, **changes: Any) -> tuple[Publisher, Any]:
    surroundings = around(**changes)
    return Publisher(of or ledger(), surroundings, lanes=8), surroundings.said


async def failing(error: Exception, *, after_sending: bool = False) -> tuple[Any, Any]:
    made, said = publisher()

    async def send(turn: Any, row: Any, platform: Any, receipts: Any, sent: list[bool]) -> Any:
        sent[0] = after_sending
        raise error

    made._send = send  # type: ignore[method-assign]
    return await made._safely(Turn(3, inf), ROW), said  # type: ignore[arg-type]


async def test_a_platform_that_was_removed_fails_with_a_way_out() -> None:
    made, _said = publisher(platforms={})
    verdict = await made._safely(Turn(3, inf), ROW)  # type: ignore[arg-type]
    assert (verdict.outcome.target, verdict.outcome.remedy) == (State.FAILED, "Choose another channel.")


@pytest.mark.parametrize(("sent", "state"), [(True, State.UNCONFIRMED), (False, State.FAILED)])
async def test_a_fault_of_ours_is_unknown_only_once_something_was_sent(sent: bool, state: State) -> None:
    verdict, _said = await failing(ZeroDivisionError(), after_sending=sent)
    assert verdict.outcome.target is state and "ZeroDivisionError" in verdict.outcome.why


@pytest.mark.parametrize("error", [NeedsReconnect("dead"), TokenExpired("old")])
async def test_a_dead_sign_in_is_seen_to(error: Exception) -> None:
    _verdict, said = await failing(error)
    assert said.reconnected == [(3, 4)] and said.paused == []


async def test_a_limit_of_the_app_pauses_the_app() -> None:
    _verdict, said = await failing(TryAgain("slow down", after=40, whole_channel=True, scope="app"))
    assert said.paused == [40] and said.reconnected == []


async def test_with_all_lanes_busy_nothing_is_claimed() -> None:
    made, _said = publisher()
    made.running = {asyncio.create_task(asyncio.sleep(0.01)) for _ in range(8)}
    assert await made._round() and made.ledger.asked == []  # type: ignore[attr-defined]


async def test_without_quota_nothing_is_sent_and_the_channel_waits() -> None:
    made, _said = publisher()
    await made._lane(made._take(3, 1.0), [ROW, ROW | {"id": 8}], 0, 30.0)  # type: ignore[list-item]
    assert [(one.id, one.target) for one in made.outcomes] == [(7, State.SCHEDULED), (8, State.SCHEDULED)]
    assert made.freed == [Freed(3, 30.0, "The platform's quota is used up for now.")] and made.held == {}


async def test_after_a_lost_lease_nothing_more_is_sent() -> None:
    made, _said = publisher(ledger(save=False))
    assert not await made._still_ours(Turn(3, 0.0), ROW, [], 0), "no fence"  # type: ignore[arg-type]
    assert not await made._still_ours(Turn(3, inf), ROW, [], 1), "not saved"  # type: ignore[arg-type]
    one, two = made._take(1, 5.0), made._take(2, 5.0)
    made._refence({1: one, 2: two, 9: Turn(9, 5.0)}, {1}, 8.0)
    assert (one.fence, two.fence) == (8.0, 0.0)
    made._refence({1: one, 2: two}, None, 9.0)
    assert (one.fence, two.fence) == (8.0, 0.0), "the database was away: the old fences stand"


async def test_lanes_go_free_only_when_all_their_outcomes_are_written() -> None:
    made, said = publisher(ledger(settle={7: "failed", 8: "published"}))
    made.outcomes, made.freed = [released(number, 1, "") for number in range(1200)], [Freed(3)]
    assert await made._settle() and len(made.outcomes) == 200 and made.freed == [Freed(3)]
    assert await made._settle() and not made.outcomes and not made.freed
    assert said.told == [{7: "failed"}] * 2
    assert [len(given[1]) for _name, given in made.ledger.asked] == [0, 1]  # type: ignore[attr-defined]


@pytest.mark.parametrize("error", [OSError("away"), ValueError("ours")])
async def test_no_step_ends_the_publisher(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _said = publisher()

    async def quick(seconds: float) -> None:
        return None

    async def act() -> None:
        raise error

    monkeypatch.setattr(publish.asyncio, "sleep", quick)
    assert await made._survive(act, "otherwise") == "otherwise"


def confirmer(acts: Any, **changes: Any) -> tuple[Any, Any, Any]:
    surroundings = around(**changes)
    made: Any = Confirmer.__new__(Confirmer)
    made.ledger, made.around, made.idle, made.most, made.per_lane = acts, surroundings, 0.01, 300, 20
    made.stopping = asyncio.Event()
    return made, acts, surroundings.said


def test_the_confirmer_holds_lanes_under_a_name_of_its_own() -> None:
    assert Confirmer(Ledger(None, "w"), around()).ledger.worker == "w:looks"


async def test_a_look_that_cannot_be_made() -> None:
    made, _acts, _said = confirmer(ledger(), platforms={})
    assert isinstance(await made._look(ROW), Ask)

    async def asked(error: Exception) -> Any:
        async def ask(*given: Any) -> Any:
            raise error

        made, _acts, said = confirmer(ledger())
        made._asked = ask
        return await made._look(ROW), said.reconnected

    assert await asked(ZeroDivisionError()) == (Again(300.0), [])
    assert await asked(NeedsReconnect("dead")) == (Again(60.0), [(3, 4)])
    assert await asked(TryAgain("later")) == (Again(30.0), [])


async def test_what_a_decision_does() -> None:
    made, acts, said = confirmer(ledger(look_again=None, ask_a_person=True, settle={7: "failed"}))
    await made._carry_out(ROW, Again(5.0, counts=True))
    assert acts.asked == [("look_again", (7, 1, 5.0))] and said.told == []
    await made._carry_out(ROW, Ask("too far back"))
    await made._carry_out(ROW, Outcome(7, 1, State.FAILED, "refused"))
    assert said.told == [{7: "unconfirmed"}, {7: "failed"}]
    made.ledger = ledger(settle={7: "published"})
    await made._carry_out(ROW, Outcome(7, 1, State.PUBLISHED, "found"))
    assert len(said.told) == 2, "a success is not told here"
    made.ledger = ledger(settle={7: "unconfirmed"})
    await made._carry_out(ROW, Outcome(7, 1, State.PUBLISHED, "found"))
    assert said.told[2:] == [{7: "unconfirmed"}], "found, but another row holds it"


async def test_nobody_is_asked_about_a_row_that_was_settled_meanwhile() -> None:
    made, _acts, said = confirmer(ledger(ask_a_person=False))
    await made._carry_out(ROW, Ask("too far back"))
    assert said.told == []


@pytest.mark.parametrize("renewed", [set(), OSError("away")])
async def test_a_look_ends_with_its_hold(renewed: Any) -> None:
    """A lane that is lost, or cannot be kept because the database is away: what is found later is not written down."""
    made, acts, _said = confirmer(ledger(renew=renewed, settle={}))

    async def look(row: Any) -> Any:
        await asyncio.sleep(5)

    made._look = look
    with pytest.raises(TimeoutError):
        await made._channel([ROW], asyncio.get_running_loop().time() + 0.2)
    assert acts.asked[-1] == ("settle", ([], [Freed(3)])) and len(acts.asked) == 2


async def test_what_is_in_processing_needs_no_hold() -> None:
    made, acts, _said = confirmer(ledger(settle={7: "published"}))

    async def look(row: Any) -> Any:
        return Outcome(7, 1, State.PUBLISHED, "published")

    made._look = look
    await made._channel([ROW | {"state": "processing"}], 0.0)
    assert [name for name, _given in acts.asked] == ["settle"] and acts.asked[0][1][1] == []


@pytest.mark.parametrize("error", [OSError("away"), ValueError("ours")])
async def test_no_round_ends_the_confirmer(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    made, acts, _said = confirmer(ledger(orphans=error))
    real = asyncio.sleep

    async def quick(seconds: float) -> None:
        if len(acts.asked) > 1:
            made.stopping.set()
        await real(0)

    monkeypatch.setattr("masthead.posts.confirm.asyncio.sleep", quick)
    await asyncio.wait_for(made.run(), 5)
    assert len(acts.asked) > 1


async def test_what_is_too_late_is_told() -> None:
    made, _acts, said = confirmer(ledger(orphans=[], expire=[5, 6], look=[]))
    assert not await made.round() and said.told == [{5: "expired", 6: "expired"}]


async def test_a_round_with_work_is_followed_by_the_next_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made, acts, _said = confirmer(ledger(orphans=[], expire=[], look=[]))
    rounds = [True, True]

    async def round_() -> bool:
        made.stopping.set() if len(rounds) == 1 else None
        return rounds.pop()

    async def sleep(seconds: float) -> None:
        raise AssertionError("it rested")

    made.round = round_
    monkeypatch.setattr("masthead.posts.confirm.asyncio.sleep", sleep)
    await made.run()
    assert not rounds and await Confirmer.round(made) is False and [name for name, _ in acts.asked][-1] == "look"


async def test_a_platform_that_says_its_quota_is_used_up_silences_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The post is out; the next one waits until the platform's own window begins anew."""
    made, _said = publisher()

    async def parcel(row: Any, attach: Any) -> Any:
        return SimpleNamespace(segments=["one"])

    class Told:
        told, budget = SimpleNamespace(remaining=0, resets_in=50.0), None

        def __init__(self, *given: Any, **named: Any) -> None:
            return None

    async def published(*given: Any) -> Receipt:
        return Receipt("1", "https://x/1")

    monkeypatch.setattr(publish, "account", lambda row: SimpleNamespace(limits={}))
    monkeypatch.setattr(publish, "delivery", parcel)
    monkeypatch.setattr(publish, "refuse_unfit", lambda *given: None)
    monkeypatch.setattr(publish, "Http", Told)
    platform: Any = SimpleNamespace(
        key="x",
        operations={},
        capabilities=SimpleNamespace(narrowed=lambda limits: None),
        look_up_after_seconds=1.0,
        publisher=SimpleNamespace(publish=published),
    )
    lost = await made._send(Turn(3, 0.0), ROW, platform, [], [False])  # type: ignore[arg-type]
    assert (lost.outcome.target, lost.outcome.outcome) == (State.SCHEDULED, "released"), "no fence, nothing sent"
    verdict = await made._send(Turn(3, inf), ROW, platform, [], [False])  # type: ignore[arg-type]
    assert verdict.outcome.target is State.PUBLISHED and (verdict.pause, verdict.stop_lane) == (50.0, True)


@pytest.mark.parametrize("works", [True, False])
async def test_what_could_not_be_settled_is_tried_again(works: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _said = publisher()
    made.outcomes, tries, real = [released(7, 1, "")], [], asyncio.sleep

    async def settle() -> bool:
        tries.append(1)
        if len(tries) > 1 or works:
            made.outcomes.clear()
            return True
        raise OSError("away")

    async def quick(seconds: float) -> None:
        await real(0)

    made._settle = settle  # type: ignore[method-assign]
    monkeypatch.setattr(publish.asyncio, "sleep", quick)
    made.unsettled.set()
    keeping = asyncio.create_task(made._keep_settling())
    while made.outcomes:
        await real(0)
    keeping.cancel()
    assert len(tries) == (1 if works else 2)


@pytest.mark.parametrize("holding", [True, False])
async def test_leases_are_renewed_while_something_is_held(holding: bool) -> None:
    made, _said = publisher(ledger(beat=None, renew={3}))
    made.ledger.lease = 0.02
    made.held = {3: Turn(3, 0.0)} if holding else {}
    keeping = asyncio.create_task(made._keep_leases())
    await asyncio.sleep(0.1)
    keeping.cancel()
    assert ("renew" in {name for name, _given in made.ledger.asked}) is holding  # type: ignore[attr-defined]
    assert all(turn.fence > 0 for turn in made.held.values())


async def test_leases_are_not_renewed_while_outcomes_are_written() -> None:
    """Both write the same rows, each in its own order: at once they could lock each other out."""
    made, _said = publisher()
    at_once, seen = 0, 0

    async def write(*given: Any) -> Any:
        nonlocal at_once, seen
        at_once += 1
        seen = max(seen, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        return {}

    made.ledger.settle, made.ledger.renew = write, write
    made.outcomes = [released(7, 1, "")]
    await asyncio.gather(made._settle(), made._renew([3]))
    assert seen == 1


async def test_stopping_waits_until_everything_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away while the worker is told to stop: it settles first, then it ends."""
    made, _said = publisher()
    made.outcomes, tries = [released(7, 1, "")], []

    async def settle() -> bool:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("away")
        made.outcomes.clear()
        return True

    made._settle = settle  # type: ignore[method-assign]
    made.stopping.set()
    await asyncio.wait_for(made.run(), 10)
    assert len(tries) == 3
