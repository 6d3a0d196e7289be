"""One turn of a lane: what its publications share."""

from __future__ import annotations

import asyncio
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest

from masthead.posts import publish
from masthead.posts.outcome import released
from masthead.posts.tests.test_sides import ROW, publisher


async def test_the_publications_of_a_turn_share_their_client_and_the_next_turn_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a claim read of a channel holds for its turn; a new sign-in, or an end, holds from the next claim on."""
    made, _said = publisher()
    clients: list[Any] = []

    async def client(around: Any, row: Any, platform: Any) -> Any:
        clients.append(SimpleNamespace(told=None, budget=None))
        return clients[-1]

    async def nothing(*given: Any) -> Any:
        return SimpleNamespace(segments=[])

    monkeypatch.setattr(publish, "bound", client)
    monkeypatch.setattr(publish, "account", lambda row: SimpleNamespace(limits={}))
    monkeypatch.setattr(publish, "delivery", nothing)
    monkeypatch.setattr(publish, "refuse_unfit", lambda *given: None)
    monkeypatch.setattr(publish.outcome, "succeeded", lambda number, *given: released(number, 1, "done"))
    for turn in (1, 2):
        await made._lane(made._take(3, inf), [ROW | {"id": number} for number in (1, 2, 3)], 3, 0.0)  # type: ignore[misc]
        assert len(clients) == turn and not made.held
    assert [one.why for one in made.outcomes] == ["done"] * 6


async def test_a_turn_that_lost_its_lease_sends_no_more_once_the_lane_was_claimed_anew() -> None:
    """A send hangs until the lease is lost; the same worker claims the channel again: the old turn must find no fence to pass."""
    made, _said = publisher()
    sent: list[tuple[int, bool]] = []
    hanging = asyncio.Event()

    async def send(turn: Any, row: Any, *given: Any) -> Any:
        if turn is old and row["id"] == 1:
            await hanging.wait()
        sent.append((row["id"], await made._still_ours(turn, row, [], 0)))
        return publish.outcome.Verdict(released(row["id"], 1, "done"))

    made._send = send  # type: ignore[method-assign]
    old = made._take(3, inf)
    first = asyncio.create_task(made._lane(old, [ROW | {"id": 1}, ROW | {"id": 2}], 2, 0.0))  # type: ignore[list-item]
    await asyncio.sleep(0)
    snapshot = dict(made.held)
    new = made._take(3, inf)
    made._refence(snapshot, {3}, inf)
    hanging.set()
    await first
    assert sent == [(1, False), (2, False)] and made.freed == [], "the lane is the new turn's: it is not given back"
    await made._lane(new, [ROW | {"id": 2}], 1, 0.0)  # type: ignore[list-item]
    assert sent[-1] == (2, True) and [one.channel_id for one in made.freed] == [3] and not made.held


async def test_where_nothing_can_be_foreseen_nothing_is_held_ahead() -> None:
    """Each call then asks for its own money; a platform that foresees holds that of the whole delivery."""
    held: list[Any] = []

    class Purse(publish.Purse):
        """Writes down what is held."""

        def __init__(self) -> None:
            """Without a till."""

        async def advance(self, foreseen: Any) -> None:
            held.append(list(foreseen))

        async def close(self) -> None:
            held.append("closed")

    http, parcel = SimpleNamespace(budget=Purse()), SimpleNamespace(segments=[])
    async with publish.funded(http, SimpleNamespace(foresee=None), parcel, 0, {}):  # type: ignore[arg-type]
        assert held == []
    foresee = SimpleNamespace(foresee=lambda planned, limits: [SimpleNamespace(operation="post.create", units=1)])
    async with publish.funded(http, foresee, parcel, 0, {}):  # type: ignore[arg-type]
        assert held == [[("post.create", 1)]]
    assert held[-1] == "closed"
