"""One worker process: publisher, confirmer, jobs, meter and heart, under one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import structlog
from django.conf import settings

from masthead.channels.refresh import after_refusal
from masthead.connectors import PLATFORMS
from masthead.contract.errors import ConnectorError
from masthead.contract.http import Transport
from masthead.contract.values import Attachment
from masthead.kit import jobs
from masthead.kit.pool import connect
from masthead.media.attach import attached
from masthead.metering import quota
from masthead.metering.caps.till import Till, over
from masthead.metering.meter import BatchedMeter
from masthead.posts.confirm import Confirmer
from masthead.posts.ledger import LEASE_SECONDS, Ledger, worker_name
from masthead.posts.problems import media_rules
from masthead.posts.publish import DATABASE_GONE, Publisher, Surroundings
from masthead.posts.quotas import app_key, reserve_lanes

log = structlog.get_logger()
JOBS_PAUSE = 1.0


def surroundings(pool: asyncpg.Pool, transport: Transport, meter: BatchedMeter) -> Surroundings:
    """What the publisher needs from the other domains."""

    async def attach(
        workspace_id: int, platform: str, limits: Mapping[str, Any], stored: Sequence[Mapping[str, Any]]
    ) -> tuple[Attachment, ...]:
        return await attached(workspace_id, stored, media_rules(platform, limits))

    async def reconnect(channel: int, version: int, error: ConnectorError) -> None:
        await after_refusal(channel, version, error)

    async def told(states: Mapping[int, str]) -> None:
        await jobs.enqueue_async(pool, "posts.tell_outcomes", {"states": dict(states)})

    async def reserve(lanes: list[tuple[Mapping[str, Any], int]]) -> list[tuple[int, float]]:
        return await reserve_lanes(pool, lanes, PLATFORMS)

    async def pause_app(row: Mapping[str, Any], seconds: float, why: str) -> None:
        async with pool.acquire() as connection:
            await quota.pause(connection, app_key(row["platform"], row["server"], row["limits"]), seconds, why)

    return Surroundings(transport, meter, PLATFORMS, attach, reconnect, told, reserve, pause_app, Till(over(pool)))


async def run(dsn: str) -> None:
    """Work until SIGTERM or SIGINT; what is in flight is finished first."""
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    pool = await connect(dsn)
    meter = BatchedMeter()
    waits = {key: platform.max_request_seconds + platform.look_up_after_seconds for key, platform in PLATFORMS.items()}
    ledger = Ledger(pool, worker_name(), lease=LEASE_SECONDS, waits=waits)
    async with Transport(allow_private=settings.ALLOW_PRIVATE) as transport:
        around = surroundings(pool, transport, meter)
        publisher, confirmer = Publisher(ledger, around), Confirmer(ledger, around)
        await ledger.beat(socket.gethostname(), os.getpid())
        log.info("worker started", worker=ledger.worker)
        parts = [
            asyncio.create_task(one)
            for one in (publisher.run(), confirmer.run(), _keep_jobs(dsn, stop), _keep_flushing(meter, pool))
        ]
        halted = asyncio.create_task(stop.wait())
        await asyncio.wait([halted, *parts], return_when=asyncio.FIRST_COMPLETED)
        await _wind_down(stop, publisher, confirmer, parts)
        await _flush(meter, pool, everything=True)
    await pool.close()
    log.info("worker stopped", worker=ledger.worker)


async def _wind_down(
    stop: asyncio.Event, publisher: Publisher, confirmer: Confirmer, parts: list[asyncio.Task[None]]
) -> None:
    stop.set()
    publisher.stopping.set()
    publisher.wake.set()
    confirmer.stopping.set()
    parts[-1].cancel()
    await asyncio.wait(parts, timeout=40)
    for part in parts:
        if part.done() and not part.cancelled() and part.exception():
            log.error("a part of the worker failed", error=repr(part.exception()))
        part.cancel()


async def _keep_jobs(dsn: str, stop: asyncio.Event) -> None:
    """The engine ends when it loses its listener or the database; publishing goes on meanwhile, so only it starts anew."""
    while not stop.is_set():
        try:
            await jobs.run(dsn, stop)
        except Exception as error:
            log.warning("jobs stopped and start again", kind=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), JOBS_PAUSE)


async def _keep_flushing(meter: BatchedMeter, pool: asyncpg.Pool) -> None:
    while True:
        await asyncio.sleep(1)
        await _flush(meter, pool)


async def _flush(meter: BatchedMeter, pool: asyncpg.Pool, *, everything: bool = False) -> None:
    try:
        async with pool.acquire() as connection:
            await (meter.flush if everything else meter.flush_due)(connection)
    except DATABASE_GONE as error:
        log.warning("database is away", kind=type(error).__name__)
