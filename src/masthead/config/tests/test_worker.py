"""The worker's parts: what one of them loses does not stop the others."""

from __future__ import annotations

import asyncio

import pytest

from masthead.config import worker
from masthead.kit import jobs


async def test_a_job_engine_that_ends_is_started_again_until_the_worker_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, runs = asyncio.Event(), []

    async def fails_twice(dsn: str, told: asyncio.Event) -> None:
        runs.append(dsn)
        if len(runs) < 3:
            raise ConnectionError("the listener is gone")
        told.set()

    monkeypatch.setattr(jobs, "run", fails_twice)
    monkeypatch.setattr(worker, "JOBS_PAUSE", 0.01)
    await asyncio.wait_for(worker._keep_jobs("a dsn", stop), 5)
    assert runs == ["a dsn"] * 3


async def test_a_stop_ends_the_pause_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = asyncio.Event()

    async def fails(dsn: str, told: asyncio.Event) -> None:
        asyncio.get_running_loop().call_later(0.05, stop.set)
        raise ConnectionError

    monkeypatch.setattr(jobs, "run", fails)
    monkeypatch.setattr(worker, "JOBS_PAUSE", 60)
    await asyncio.wait_for(worker._keep_jobs("a dsn", stop), 5)
