"""Sharing a platform's quota among lanes, against a real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest
from django.db import connection as django_connection

from masthead.connectors.sandbox import SANDBOX
from masthead.contract.capabilities import Plan, Quota, Source
from masthead.contract.platform import Platform
from masthead.posts.quotas import reserve_lanes

DOC = Source("https://north.example/limits", date(2026, 11, 1))
BUCKET = next(one.bucket for one in SANDBOX.operations.values() if one.creates)


def limited(*quotas: tuple[str, int, int]) -> dict[str, Platform]:
    """A platform with these quotas: (scope, limit, seconds)."""
    rules = tuple(Quota(BUCKET, scope, limit, seconds, DOC) for scope, limit, seconds in quotas)
    return {"north": replace(SANDBOX, key="north", capabilities=replace(SANDBOX.capabilities, quotas=rules))}


def lane(channel: int, segments: int = 1) -> dict[str, Any]:
    return {
        "channel_id": channel,
        "platform": "north",
        "server": "https://north.example",
        "content": {"segments": [{"text": "a"}] * segments},
    }


@pytest.fixture
async def pool(transactional_db: None) -> AsyncIterator[asyncpg.Pool]:
    name = django_connection.settings_dict["NAME"]
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], database=name, min_size=1, max_size=2) as made:
        yield made


async def test_without_quotas_everything_goes(pool: asyncpg.Pool) -> None:
    assert await reserve_lanes(pool, [(lane(1), 5)], limited()) == [(5, 0.0)]
    assert await reserve_lanes(pool, [(lane(1), 5)], {}) == [(5, 0.0)]


async def test_what_is_left_goes_and_the_rest_waits(pool: asyncpg.Pool) -> None:
    platforms = limited(("account", 8, 4800))
    assert await reserve_lanes(pool, [(lane(1), 5), (lane(2), 2)], platforms) == [(5, 0.0), (2, 0.0)]
    [(count, wait)] = await reserve_lanes(pool, [(lane(1), 5)], platforms)
    assert count == 3
    assert 500 < wait <= 600


async def test_lanes_share_an_app_quota(pool: asyncpg.Pool) -> None:
    platforms = limited(("app", 6, 6000))
    shares = await reserve_lanes(pool, [(lane(channel), 4) for channel in (1, 2, 3)], platforms)
    assert [count for count, _wait in shares] == [4, 2, 0]
    assert all(900 < wait <= 1000 for count, wait in shares if count < 4)


async def test_the_tighter_quota_decides_and_the_other_gets_its_part_back(pool: asyncpg.Pool) -> None:
    platforms = limited(("account", 2, 6000), ("app", 10, 6000))
    assert [count for count, _ in await reserve_lanes(pool, [(lane(1), 5)], platforms)] == [2]
    assert [
        count
        for count, _ in await reserve_lanes(pool, [(lane(2), 2), (lane(3), 2), (lane(4), 2), (lane(5), 2)], platforms)
    ] == [2, 2, 2, 2]


async def test_a_thread_goes_whole_or_not_at_all(pool: asyncpg.Pool) -> None:
    platforms = limited(("account", 10, 6000))
    [(count, wait)] = await reserve_lanes(pool, [(lane(1, segments=4), 3)], platforms)
    assert count == 2
    assert 1000 < wait <= 1200
    assert [count for count, _ in await reserve_lanes(pool, [(lane(1), 5)], platforms)] == [2]


async def test_a_thread_longer_than_the_quota_is_not_stuck(pool: asyncpg.Pool) -> None:
    platforms = limited(("account", 5, 5000))
    assert await reserve_lanes(pool, [(lane(1, segments=20), 1)], platforms) == [(1, 0.0)]
    [(count, wait)] = await reserve_lanes(pool, [(lane(1, segments=20), 1)], platforms)
    assert count == 0
    assert 4900 < wait <= 5000


async def test_a_plan_has_quotas_of_its_own(pool: asyncpg.Pool) -> None:
    platform = limited(("account", 8, 4800))["north"]
    plans = (Plan("free", "Free", DOC, quotas=(Quota(BUCKET, "account", 2, 4800, DOC),)), Plan("paid", "Paid", DOC))
    platforms = {"north": replace(platform, capabilities=replace(platform.capabilities, plans=plans))}
    free, paid = lane(21), lane(22) | {"limits": {"plan": "paid"}}
    assert [count for count, _wait in await reserve_lanes(pool, [(free, 5), (paid, 5)], platforms)] == [2, 5]


async def test_every_developer_app_has_its_own_share(pool: asyncpg.Pool) -> None:
    platforms = limited(("app", 6, 6000))
    ours, theirs = lane(31) | {"limits": {"app": "one"}}, lane(32) | {"limits": {"app": "two"}}
    again = lane(33) | {"limits": {"app": "one"}}
    granted = await reserve_lanes(pool, [(ours, 6), (theirs, 6)], platforms)
    assert [count for count, _wait in granted] == [6, 6]
    assert (await reserve_lanes(pool, [(again, 1)], platforms))[0][0] == 0
