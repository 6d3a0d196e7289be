"""Holding, settling and returning against a real PostgreSQL; the clock is moved with `shift`."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from django.db import connection

from masthead.metering.caps.cycles import cycle, share
from masthead.metering.caps.hold import Account, Ask, Denied, Held, Run, Spent, hold, settle, sweep
from masthead.metering.caps.till import Till, over
from masthead.metering.models import Cap, CapWindow, Hold
from masthead.metering.tests.conftest import Connect
from masthead.workspaces.models import Workspace

DAY = 86_400.0
Make = Callable[..., Awaitable[Cap]]


@pytest.fixture
async def run(database: asyncpg.Connection) -> Run:
    return over(database)


@pytest.fixture
async def cap(transactional_db: None) -> Make:
    workspace = await Workspace.objects.acreate(name="Bakery", slug="bakery")

    async def make(micros: int, **more: Any) -> Cap:
        return await Cap.objects.acreate(**{"workspace": workspace, "micros": micros, "currency": "USD", **more})

    return make


def booked_on(cap: Cap, **more: Any) -> Account:
    given = {"platform": "x", "app": "7", "channel_id": 1, "purpose": "publish", "currency": "USD", **more}
    return Account(cap.workspace_id, **given)


async def window(cap: Cap) -> CapWindow:
    return await CapWindow.objects.aget(cap=cap)


async def test_what_fits_is_held_and_what_does_not_is_denied_by_name(run: Run, cap: Make) -> None:
    one = await cap(100)
    first, second, third = await hold(run, [Ask(booked_on(one), micros, 60) for micros in (60, 50, 40)])
    row = await window(one)
    assert isinstance(third, Held) and isinstance(second, Held) and third.windows == (row.pk,)
    assert first == Denied(row.pk)
    assert (row.held, row.spent) == (90, 0) and row.denied_at


async def test_a_denial_keeps_nothing(run: Run, cap: Make) -> None:
    one = await cap(100)
    assert isinstance((await hold(run, [Ask(booked_on(one), 101, 60)]))[0], Denied)
    assert (await window(one)).held == 0
    assert isinstance((await hold(run, [Ask(booked_on(one), 100, 60)]))[0], Held)


async def test_settling_books_what_was_spent_and_gives_back_the_rest(run: Run, cap: Make) -> None:
    one = await cap(100)
    (held,) = await hold(run, [Ask(booked_on(one), 100, 60)])
    assert isinstance(held, Held)
    await settle(run, [Spent(held, 30, done=False), Spent(held, 10, done=False)])
    row = await window(one)
    assert (row.spent, row.held) == (40, 60)
    assert (await Hold.objects.aget()).micros == 60
    await settle(run, [Spent(held, 5, done=False), Spent(held, 0)])
    row = await window(one)
    assert (row.spent, row.held) == (45, 0)
    assert not await Hold.objects.aexists()
    await settle(run, [Spent(held, 0)])
    assert (await window(one)).held == 0


async def test_a_hold_returns_by_itself_when_its_lease_is_over(run: Run, cap: Make) -> None:
    one = await cap(100, month_day=1)
    await hold(run, [Ask(booked_on(one), 100, 60)])
    assert isinstance((await hold(run, [Ask(booked_on(one), 1, 60)], shift=59))[0], Denied)
    assert isinstance((await hold(run, [Ask(booked_on(one), 100, 60)], shift=61))[0], Held)
    assert (await window(one)).held == 100


async def test_the_sweep_returns_what_nobody_asks_for(run: Run, cap: Make) -> None:
    one = await cap(100)
    (held,) = await hold(run, [Ask(booked_on(one), 70, 60)])
    assert isinstance(held, Held)
    await settle(run, [Spent(held, 20, done=False)])
    await sweep(run)
    assert (await window(one)).held == 50
    await sweep(run, shift=61)
    row = await window(one)
    assert (row.held, row.spent) == (0, 20) and not await Hold.objects.aexists()
    await settle(run, [Spent(held, 30)])
    row = await window(one)
    assert (row.held, row.spent) == (0, 50)


async def test_a_call_falls_under_every_cap_whose_named_fields_match(run: Run, cap: Make) -> None:
    wide = await cap(100)
    fields = {"platform": "x", "app": "7", "channel_id": 1, "purpose": "publish"}
    narrow = [await cap(50, **{name: value}) for name, value in fields.items()]
    others = {"platform": "y", "app": "8", "channel_id": 2, "purpose": "read"}
    for name, value in others.items():
        await cap(0, **{name: value})
    await cap(0, currency="EUR")
    (held,) = await hold(run, [Ask(booked_on(wide), 40, 60)])
    assert isinstance(held, Held)
    mine = CapWindow.objects.filter(cap__in=[wide, *narrow])
    assert set(held.windows) == {row.pk async for row in mine}
    assert isinstance((await hold(run, [Ask(booked_on(wide), 20, 60)]))[0], Denied)
    assert {row.held async for row in mine} == {40}


async def test_caps_of_one_workspace_do_not_touch_another(run: Run, cap: Make) -> None:
    one = await cap(0)
    other = await Workspace.objects.acreate(name="Other", slug="other")
    (held,) = await hold(run, [Ask(Account(other.pk, "x", "7", 1, "publish", "USD"), 10, 60)])
    assert isinstance(held, Held) and held.windows == ()
    assert isinstance((await hold(run, [Ask(booked_on(one), 10, 60)]))[0], Denied)


async def test_a_soft_cap_never_stops(run: Run, cap: Make) -> None:
    one = await cap(10, hard=False)
    (held,) = await hold(run, [Ask(booked_on(one), 50, 60)])
    assert isinstance(held, Held)
    await settle(run, [Spent(held, 50)])
    row = await window(one)
    assert row.spent == 50 and row.denied_at is None


async def test_a_neighbour_that_is_denied_elsewhere_does_not_take_the_place(run: Run, cap: Make) -> None:
    one = await cap(100)
    await cap(5, channel_id=2)
    small, large = await hold(run, [Ask(booked_on(one, channel_id=2), 60, 60), Ask(booked_on(one), 100, 60)])
    assert isinstance(small, Denied) and isinstance(large, Held)


async def test_reading_leaves_what_scheduled_posts_will_need(run: Run, cap: Make) -> None:
    one = await cap(100)
    await hold(run, [Ask(booked_on(one), 0, 60)])
    await CapWindow.objects.filter(cap=one).aupdate(committed=70)
    reading = booked_on(one, purpose="read")
    assert isinstance((await hold(run, [Ask(reading, 31, 60, spare=True)]))[0], Denied)
    assert isinstance((await hold(run, [Ask(reading, 30, 60, spare=True)]))[0], Held)
    assert isinstance((await hold(run, [Ask(booked_on(one), 70, 60)]))[0], Held)


async def test_each_month_and_day_begins_anew(run: Run, cap: Make) -> None:
    daily, monthly = await cap(10, period="day"), await cap(15)
    account, far = booked_on(daily), 62 * DAY
    assert isinstance((await hold(run, [Ask(account, 10, 5)]))[0], Held)
    assert isinstance((await hold(run, [Ask(account, 10, 5)], shift=far))[0], Held)
    assert await CapWindow.objects.filter(cap=daily).acount() == 2
    assert await CapWindow.objects.filter(cap=monthly).acount() == 2


@pytest.mark.parametrize(
    ("period", "day", "at", "start", "end"),
    [
        ("day", 1, "2026-03-31T23:59", "2026-03-31", "2026-04-01"),
        ("month", 1, "2026-12-05T00:00", "2026-12-01", "2027-01-01"),
        ("month", 15, "2026-03-14T23:59", "2026-02-15", "2026-03-15"),
        ("month", 15, "2026-03-15T00:00", "2026-03-15", "2026-04-15"),
        ("month", 31, "2026-02-28T00:00", "2026-02-28", "2026-03-31"),
        ("month", 31, "2026-02-27T12:00", "2026-01-31", "2026-02-28"),
        ("month", 31, "2026-04-30T12:00", "2026-04-30", "2026-05-31"),
        ("month", 29, "2028-02-29T12:00", "2028-02-29", "2028-03-29"),
        ("month", 20, "2026-01-03T12:00", "2025-12-20", "2026-01-20"),
    ],
)
def test_cycles(period: str, day: int, at: str, start: str, end: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = cycle(period, day, moment)
    assert [one.isoformat() for one in found] == [f"{start}T00:00:00+00:00", f"{end}T00:00:00+00:00"]


def test_a_share_of_a_month() -> None:
    span = cycle("month", 1, datetime(2026, 4, 1, tzinfo=UTC))
    assert share(30, span, datetime(2026, 4, 16, tzinfo=UTC)) == 15
    assert share(30, span, span[0]) == 30


async def test_many_at_once_never_exceed_the_cap(connect: Connect, cap: Make) -> None:
    """Eight pools, two overlapping caps, settles and returns in between; watched from outside all the time."""
    one, two = await cap(1000), await cap(400, channel_id=1)
    dsn, name = os.environ["DATABASE_URL"], connection.settings_dict["NAME"]
    pools = [await asyncpg.create_pool(dsn, database=name, min_size=2, max_size=2) for _ in range(8)]
    tills = [Till(over(pool)) for pool in pools]
    watcher, done, seen = await connect(), asyncio.Event(), []
    real = [0, 0]

    async def work(till: Till, number: int) -> None:
        luck = random.Random(number)
        for _ in range(25):
            channel = luck.choice([1, 2])
            held = await till.hold(Ask(booked_on(one, channel_id=channel), luck.randint(1, 9), 60))
            if isinstance(held, Held):
                used = luck.randint(0, held.micros)
                await till.settle(Spent(held, used, done=luck.random() < 0.5))
                await till.settle(Spent(held, 0))
                real[0] += used
                real[1] += used if channel == 1 else 0

    async def watch() -> None:
        while not done.is_set():
            seen.extend(await watcher.fetch("select micros, spent, held from metering_capwindow"))
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(work(till, number) for number, till in enumerate(tills * 5)))
    done.set()
    await watching
    await asyncio.gather(*(pool.close() for pool in pools))
    assert seen and all(row["spent"] + row["held"] <= row["micros"] and row["held"] >= 0 for row in seen)
    rows = [await window(each) for each in (one, two)]
    assert [row.spent for row in rows] == real and [row.held for row in rows] == [0, 0]
    assert real[1] > 390 and not await Hold.objects.aexists()
