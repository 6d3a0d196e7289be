"""Reserving a platform's quota for the publications of many channels in one statement, shared by all workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import asyncpg

from masthead.contract.capabilities import Quota
from masthead.contract.platform import Platform
from masthead.metering.quota import Grant, Wanted, give_back, reserve_some

Lane = tuple[Mapping[str, Any], int]


async def reserve_lanes(
    pool: asyncpg.Pool, lanes: Sequence[Lane], platforms: Mapping[str, Platform]
) -> list[tuple[int, float]]:
    """For each lane (its first row, how many publications): how many may go now, and seconds to wait for the rest."""
    asked = [_wanted(row, count, platforms.get(row["platform"])) for row, count in lanes]
    wanted = [one for lane in asked for one in lane]
    if not wanted:
        return [(count, 0.0) for _row, count in lanes]
    async with pool.acquire() as connection:
        grants = iter(await reserve_some(connection, wanted))
        shares = [
            _shared(row, count, [(one, next(grants)) for one in lane])
            for (row, count), lane in zip(lanes, asked, strict=True)
        ]
        await give_back(connection, [one for share in shares for one in share.unused])
    return [(share.count, share.wait) for share in shares]


@dataclass(frozen=True, slots=True)
class Share:
    """What a lane gets: publications that may go now, seconds to wait for the rest, and what it was granted in vain."""

    count: int
    wait: float
    unused: list[Wanted]


def _wanted(row: Mapping[str, Any], count: int, platform: Platform | None) -> list[Wanted]:
    quotas = creating_quotas(platform, row.get("limits") or {}) if platform else ()
    return [
        Wanted(key_of(row, one), one.seconds / one.limit * weight, float(one.seconds), _segments(row) * count)
        for one, weight in quotas
    ]


def _segments(row: Mapping[str, Any]) -> int:
    return max(1, len(row["content"]["segments"]))


def _shared(row: Mapping[str, Any], count: int, granted: Sequence[tuple[Wanted, Grant]]) -> Share:
    """A thread longer than the quota can ever hold goes when the quota is whole."""
    needs = [min(_segments(row), max(1, int(one.burst / one.interval))) for one, _grant in granted]
    fit = [count, *(grant.count // need for need, (_one, grant) in zip(needs, granted, strict=True))]
    best, unused, wait = min(fit), [], 0.0
    for need, (one, grant) in zip(needs, granted, strict=True):
        left = grant.count - best * need
        if left > 0:
            unused.append(replace(one, count=left))
        if grant.count // need == best < count:
            wait = max(wait, grant.wait + max(0, need - left - 1) * one.interval)
    return Share(best, wait, unused)


def creating_quotas(platform: Platform, limits: Mapping[str, Any]) -> tuple[tuple[Quota, int], ...]:
    """The quotas that publishing draws on on a channel, each with its weight for one segment."""
    quotas = platform.capabilities.quotas_under(limits)
    return _creating_quotas(platform.key, quotas, tuple(platform.operations.values()))


@lru_cache(maxsize=64)
def _creating_quotas(key: str, quotas: tuple[Quota, ...], operations: tuple[Any, ...]) -> tuple[tuple[Quota, int], ...]:
    weights = {one.bucket: one.weight for one in operations if one.creates and one.bucket}
    return tuple((quota, weights[quota.bucket]) for quota in quotas if quota.bucket in weights)


def key_of(row: Mapping[str, Any], one: Quota) -> str:
    """The shared key of a quota: per channel, or per developer app, or where there is none per server."""
    place = f"channel:{row['channel_id']}" if one.scope == "account" else app_of(row["server"], row.get("limits") or {})
    return f"{row['platform']}:{one.bucket}:{one.seconds}:{place}"


def app_of(server: str, limits: Mapping[str, Any]) -> str:
    """Which app a channel's calls count for: its developer app, or the server where every installation is one app."""
    return str(limits.get("app") or server)


def app_key(platform: str, server: str, limits: Mapping[str, Any]) -> str:
    """The key under which everything of one app is paused."""
    return f"app:{platform}:{app_of(server, limits)}"
