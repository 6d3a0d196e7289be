"""Reserving and pausing against a real PostgreSQL; the clock is moved with `shift`."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from masthead.metering.quota import RACE_WAIT, Wanted, give_back, pause, paused, reserve, reserve_some
from masthead.metering.tests.conftest import Connect


async def test_a_burst_is_granted_then_one_each_interval(database: asyncpg.Connection) -> None:
    ten = Wanted("a", 60.0, 600.0)
    for _ in range(10):
        assert await reserve(database, [ten]) == {}
    denied = await reserve(database, [ten])
    assert 40 < denied["a"] <= 60
    assert await reserve(database, [ten], shift=60.0) == {}
    assert await reserve(database, [ten], shift=60.0) != {}


async def test_a_denial_consumes_nothing(database: asyncpg.Connection) -> None:
    assert await reserve(database, [Wanted("a", 60.0, 600.0, 8)]) == {}
    for _ in range(5):
        assert 40 < (await reserve(database, [Wanted("a", 60.0, 600.0, 3)]))["a"] <= 60
    assert await reserve(database, [Wanted("a", 60.0, 600.0, 2)]) == {}


async def test_each_key_of_a_batch_is_its_own(database: asyncpg.Connection) -> None:
    await reserve(database, [Wanted("full", 60.0, 60.0)])
    denied = await reserve(
        database, [Wanted("b", 60.0, 300.0, 5), Wanted("full", 60.0, 60.0), Wanted("a", 60.0, 300.0)]
    )
    assert list(denied) == ["full"]
    assert 40 < denied["full"] <= 60


async def test_a_key_that_comes_twice_is_reserved_for_the_sum(database: asyncpg.Connection) -> None:
    assert set(await reserve(database, [Wanted("a", 60.0, 300.0, 3), Wanted("a", 60.0, 300.0, 3)])) == {"a"}
    assert await reserve(database, [Wanted("a", 60.0, 300.0, 3), Wanted("a", 60.0, 300.0, 2)]) == {}


async def test_some_grants_what_there_is_in_order(database: asyncpg.Connection) -> None:
    grants = await reserve_some(
        database, [Wanted("a", 60.0, 300.0, 3), Wanted("b", 60.0, 540.0, 2), Wanted("a", 60.0, 300.0, 4)]
    )
    assert [grant.count for grant in grants] == [3, 2, 2]
    assert [grant.wait for grant in grants][:2] == [0.0, 0.0]
    assert 40 < grants[2].wait <= 60
    again = await reserve_some(database, [Wanted("a", 60.0, 300.0, 4)], shift=120.0)
    assert again[0].count == 2


async def test_more_than_the_burst_holds_is_granted_in_parts(database: asyncpg.Connection) -> None:
    assert (await reserve_some(database, [Wanted("a", 60.0, 300.0, 50)]))[0].count == 5
    assert "b" in await reserve(database, [Wanted("b", 60.0, 300.0, 50)])


async def test_nothing_wanted_is_nothing_asked(database: asyncpg.Connection) -> None:
    assert await reserve(database, []) == {}
    assert await reserve_some(database, []) == []
    assert (await reserve_some(database, [Wanted("a", 60.0, 300.0, 0)]))[0].count == 0


async def test_what_is_given_back_can_be_used(database: asyncpg.Connection) -> None:
    await reserve(database, [Wanted("a", 60.0, 300.0, 5)])
    await give_back(database, [Wanted("a", 60.0, 300.0, 2)])
    assert (await reserve_some(database, [Wanted("a", 60.0, 300.0, 5)]))[0].count == 2


@pytest.mark.parametrize(("limit", "seconds"), [(5000, 3600), (35_000, 86_400), (300, 300), (7, 10), (30, 1800)])
async def test_rounding_never_loses_the_last_one(database: asyncpg.Connection, limit: int, seconds: int) -> None:
    gap = seconds / limit
    await reserve(database, [Wanted("a", gap, seconds, limit - 3)])
    for _ in range(3):
        assert await reserve(database, [Wanted("a", gap, seconds)]) == {}


async def test_workers_together_never_exceed_the_limit(connect: Connect) -> None:
    connections = [await connect() for _ in range(6)]
    keys = [f"k{number}" for number in range(5)]

    async def work(connection: asyncpg.Connection, turn: int) -> dict[str, int]:
        got: dict[str, int] = {}
        order = keys if turn % 2 else keys[::-1]
        for _ in range(12):
            grants = await reserve_some(connection, [Wanted(key, 3600.0, 3600.0 * 20, 2) for key in order])
            for key, grant in zip(order, grants, strict=True):
                got[key] = got.get(key, 0) + grant.count
        return got

    results = await asyncio.gather(*(work(connection, turn) for turn, connection in enumerate(connections)))
    assert {key: sum(result[key] for result in results) for key in keys} == dict.fromkeys(keys, 20)


async def test_a_key_made_at_the_same_moment_is_asked_again_soon(connect: Connect) -> None:
    first, second = await connect(), await connect()
    transaction = first.transaction()
    await transaction.start()
    await first.execute("insert into metering_quotawindow (key, full_until) values ('new', now())")
    waiting = asyncio.create_task(reserve(second, [Wanted("new", 60.0, 300.0)]))
    await asyncio.sleep(0.2)
    await transaction.commit()
    assert await waiting == {"new": RACE_WAIT}
    assert await reserve(second, [Wanted("new", 60.0, 300.0)]) == {}


async def test_a_pause_only_ever_grows(database: asyncpg.Connection) -> None:
    await pause(database, "channel:1", 3600, "The platform asked for an hour.")
    await pause(database, "channel:1", 5, "A short one.")
    found = await paused(database, ["channel:1", "channel:2"])
    assert set(found) == {"channel:1"}
    assert 3500 < found["channel:1"].seconds <= 3600
    assert found["channel:1"].why == "The platform asked for an hour."
    await pause(database, "channel:1", 7200, "x" * 500)
    assert (await paused(database, ["channel:1"]))["channel:1"].seconds > 7000


async def test_a_pause_ends(database: asyncpg.Connection) -> None:
    await pause(database, "channel:1", 10, "Wait.")
    assert await paused(database, ["channel:1"], shift=11) == {}
