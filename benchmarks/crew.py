"""Worker processes for measurements. crew.py masthead | crew.py engine URL | crew.py bare URL COUNT OFFSET DUE |
workspace"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import socket
import sys
import time

import aiohttp
import asyncpg
import uvloop

BODY = {"text": "hello"}


async def masthead(sink_server: str) -> None:
    """The real publisher and confirmer, with all safety on; SIGUSR2 takes the meter away and SIGUSR1 brings it back."""
    import django

    django.setup()
    from stage import SINK

    from masthead.contract.http import Transport, Unmetered
    from masthead.kit.heap import keep_loaded
    from masthead.kit.pool import connect
    from masthead.metering.meter import BatchedMeter
    from masthead.posts.confirm import Confirmer
    from masthead.posts.ledger import Ledger, worker_name
    from masthead.posts.publish import Publisher, Surroundings
    from masthead.posts.quotas import reserve_lanes

    keep_loaded()

    async def nothing(*args: object) -> None:
        return None

    pool, meter, platforms = await connect(os.environ["DATABASE_URL"]), BatchedMeter(), {"sink": SINK}

    async def reserve(lanes):  # type: ignore[no-untyped-def]
        return await reserve_lanes(pool, lanes, platforms)

    async def flush(once: bool = False) -> None:
        while not once:
            await asyncio.sleep(1)
            async with pool.acquire() as connection:
                await meter.flush_due(connection)
        async with pool.acquire() as connection:
            await meter.flush(connection)

    transport = Transport(allow_private=True)
    around = Surroundings(transport, meter, platforms, nothing, nothing, nothing, reserve, nothing)  # type: ignore[arg-type]
    tasks: set[asyncio.Task[None]] = set()

    def without_meter() -> None:
        around.meter = Unmetered()
        tasks.add(asyncio.create_task(flush(once=True)))

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, setattr, around, "meter", meter)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, without_meter)
    ledger = Ledger(pool, worker_name(), waits={"sink": 4.0})
    await ledger.beat(socket.gethostname(), os.getpid())
    await asyncio.gather(Publisher(ledger, around).run(), Confirmer(ledger, around).run(), flush())


async def workspace() -> None:
    """The workspace that everything measured belongs to; through the model, which knows every column."""
    import django

    django.setup()
    from masthead.workspaces.models import Workspace

    await Workspace.objects.acreate(name="bench", slug="bench", time_zone="UTC", language="en", late_after_minutes=60)


async def engine(server: str) -> None:
    """The job engine alone, one job per post, no ledger."""
    from pgqueuer import PgQueuer
    from pgqueuer.db import AsyncpgPoolDriver

    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=2, max_size=16)
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1000))
    queue = PgQueuer(AsyncpgPoolDriver(pool))

    @queue.entrypoint("bench")
    async def bench(job) -> None:  # type: ignore[no-untyped-def]
        async with session.post(f"{server}/p/{job.payload.decode()}", json=BODY) as response:
            await response.read()

    await queue.run(
        batch_size=200,
        max_concurrent_tasks=1000,
        heartbeat_timeout=dt.timedelta(seconds=10),
        dequeue_timeout=dt.timedelta(seconds=2),
    )


async def bare(server: str, count: str, offset: str, due: str) -> None:
    """An asyncio loop that only sends."""
    session, numbers = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)), iter(range(int(count)))

    async def send() -> None:
        for number in numbers:
            async with session.post(f"{server}/p/{offset}-{number}", json=BODY) as response:
                await response.read()

    await asyncio.sleep(max(0.0, float(due) - time.time()))
    await asyncio.gather(*(send() for _ in range(100)))
    await session.close()


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(__file__))
    uvloop.run(
        {"masthead": masthead, "engine": engine, "bare": bare, "workspace": workspace}[sys.argv[1]](*sys.argv[2:])
    )
