"""Caps follow the ledger, however the calls came: held or not, charged once a day, failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import asyncpg
import pytest
from asgiref.sync import sync_to_async

from masthead.contract.calls import Call
from masthead.kit.clock import now
from masthead.metering.caps.hold import Account, Ask, Held, Spent, hold, settle
from masthead.metering.caps.limit import Limit, add
from masthead.metering.caps.till import over
from masthead.metering.models import Cap, CapWindow
from masthead.metering.tests.test_meter import READ, meter
from masthead.workspaces.models import Workspace

MOST = 1_000_000


@pytest.fixture
async def cap(transactional_db: None) -> Cap:
    workspace = await Workspace.objects.acreate(name="Bakery", slug="bakery")
    return await sync_to_async(add)(workspace, Limit(micros=MOST, currency="USD"), now=now())


def read(cap: Cap, *resources: str, at: datetime | None = None, **more: object) -> Call:
    call = replace(READ, workspace_id=cap.workspace_id, resources=resources, units=len(resources), at=at or now())
    return replace(call, **more)  # type: ignore[arg-type]


async def written(database: asyncpg.Connection, *calls: Call) -> int:
    made = meter()
    for call in calls:
        made.note(call)
    await made.flush(database)
    return (await CapWindow.objects.aget()).spent


async def test_calls_that_asked_no_cap_count(database: asyncpg.Connection, cap: Cap) -> None:
    assert await written(database, read(cap, "a", "b")) == 10_000


async def test_what_was_settled_is_not_counted_twice(database: asyncpg.Connection, cap: Cap) -> None:
    account = Account(cap.workspace_id, "north", "app1", 7, "read", "USD")
    (held,) = await hold(over(database), [Ask(account, 15_000, 60)])
    assert isinstance(held, Held)
    await settle(over(database), [Spent(held, 10_000)])
    assert await written(database, read(cap, "a", "b", settled=10_000)) == 10_000


async def test_what_the_platform_charges_once_a_day_is_given_back(database: asyncpg.Connection, cap: Cap) -> None:
    account = Account(cap.workspace_id, "north", "app1", 7, "read", "USD")
    for _ in range(2):
        (held,) = await hold(over(database), [Ask(account, 10_000, 60)])
        assert isinstance(held, Held)
        await settle(over(database), [Spent(held, 10_000)])
    both = [read(cap, "a", "b", settled=10_000), read(cap, "a", "b", settled=10_000)]
    assert await written(database, *both) == 10_000


async def test_an_outcome_that_is_not_known_stays_counted(database: asyncpg.Connection, cap: Cap) -> None:
    await CapWindow.objects.aupdate(spent=500)
    assert await written(database, read(cap, error="outcome_unknown", settled=500)) == 500


async def test_a_cap_counts_what_was_spent_before_it_was_set(database: asyncpg.Connection, cap: Cap) -> None:
    await written(database, read(cap, "a", "b"), read(cap, "c", channel_id=8))
    await CapWindow.objects.all().adelete()
    workspace = await Workspace.objects.aget()
    one = await sync_to_async(add)(workspace, Limit(micros=MOST, currency="USD", channel_id=7), now=now())
    part = await sync_to_async(add)(workspace, Limit(micros=MOST, currency="USD", period="day"), now=now(), part=True)
    assert (await CapWindow.objects.aget(cap=one)).spent == 10_000
    row = await CapWindow.objects.aget(cap=part)
    assert row.spent == 0 and 0 < row.micros < MOST
    account = Account(cap.workspace_id, "north", "app1", 7, "read", "USD")
    await hold(over(database), [Ask(account, 10, 60)])
    assert (await CapWindow.objects.aget(cap=cap)).spent == 15_000
