"""Reserving a platform's quota for the publications of many channels in one statement, shared by all workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import asyncpg

from masthead.contract.capabilities import Quota
from masthead.contract.platform import Platform
from masthead.metering.quota import Wanted, reserve

Lane = tuple[Mapping[str, Any], int]


async def reserve_lanes(pool: asyncpg.Pool, lanes: Sequence[Lane], platforms: Mapping[str, Platform]) -> list[tuple[int, float]]:
    """For each lane (its first row, how many publications): how many may go now, and the seconds to wait for the rest."""
    wanted = [one for row, count in lanes for one in _wanted(row, count, platforms.get(row["platform"]))]
    if not wanted:
        return [(count, 0.0) for _row, count in lanes]
    async with pool.acquire() as connection:
        denied = await reserve(connection, wanted)
    return [_granted(row, count, denied, platforms.get(row["platform"])) for row, count in lanes]


def _wanted(row: Mapping[str, Any], count: int, platform: Platform | None) -> list[Wanted]:
    quotas = creating_quotas(platform) if platform else ()
    segments = max(1, len(row["content"]["segments"])) * count
    return [
        Wanted(key_of(row, one), one.seconds / one.limit * weight, float(one.seconds), segments) for one, weight in quotas
    ]


def _granted(row: Mapping[str, Any], count: int, denied: Mapping[str, float], platform: Platform | None) -> tuple[int, float]:
    keys = [key_of(row, one) for one, _weight in (creating_quotas(platform) if platform else ())]
    wait = max((denied[key] for key in keys if key in denied), default=0.0)
    return (0, wait) if wait else (count, 0.0)


def creating_quotas(platform: Platform) -> tuple[tuple[Quota, int], ...]:
    """The quotas that publishing draws on, each with its weight for one segment."""
    return _creating_quotas(platform.key, platform.capabilities.quotas, tuple(platform.operations.values()))


@lru_cache(maxsize=64)
def _creating_quotas(key: str, quotas: tuple[Quota, ...], operations: tuple[Any, ...]) -> tuple[tuple[Quota, int], ...]:
    weights = {one.bucket: one.weight for one in operations if one.creates and one.bucket}
    return tuple((quota, weights[quota.bucket]) for quota in quotas if quota.bucket in weights)


def key_of(row: Mapping[str, Any], one: Quota) -> str:
    """The shared key of a quota: per channel, or per app and server."""
    place = f"channel:{row['channel_id']}" if one.scope == "account" else row["server"]
    return f"{row['platform']}:{one.bucket}:{one.seconds}:{place}"
