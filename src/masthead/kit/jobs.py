"""The seam to the job engine (pgqueuer). A job is safe to run twice; what must not happen twice is kept in rows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

import asyncpg
import psycopg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver, SyncPsycopgDriver
from pgqueuer.queries import Queries, SyncQueries

from masthead.kit.job_tables import prune
from masthead.kit.job_tries import Handler, Tick, guarded, ticking

LONG_AGO = timedelta(days=1)
"""A row that nobody has taken yet is held until so long before it was asked for."""
HANDLERS: dict[str, Handler] = {}
TICKS: dict[str, tuple[str, Tick]] = {}


class _InTransaction(SyncPsycopgDriver):
    """Enqueues on a connection whose transaction somebody else ends: the job appears with the commit."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection


class _WithoutHeaders(AsyncpgPoolDriver):
    """Enqueues on a pool whose JSON columns are Python values.

    The engine hands headers over as JSON texts, which such a pool would write as JSON strings, and the engine then fails on
    reading them back. We have none, so none are written.
    """

    async def fetch(self, query: str, *args: Any) -> list[dict[str, Any]]:
        """The engine's statement; its last argument are the headers."""
        return await super().fetch(query, *args[:-1], [None] * len(args[-1]))


MEND = "update pgqueuer set headers = null where jsonb_typeof(headers) = 'string'"
"""Jobs that an earlier version wrote with headers that the engine cannot read would stop it again and again."""


def job(name: str) -> Callable[[Handler], Handler]:
    """Register an async handler that takes the payload."""
    return lambda handler: HANDLERS.setdefault(name, handler)


def every(name: str, expression: str) -> Callable[[Tick], Tick]:
    """Register an async handler for a cron expression (a sixth field is seconds); one worker runs each tick."""
    return lambda tick: TICKS.setdefault(name, (expression, tick))[1]


def enqueue(
    connection: psycopg.Connection[Any],
    name: str,
    payload: dict[str, Any],
    *,
    after: timedelta | None = None,
    key: str | None = None,
) -> None:
    """Add a job on a psycopg connection, inside its transaction. One job with the same `key` waits at a time."""
    SyncQueries(_InTransaction(connection)).enqueue(
        name, json.dumps(payload).encode(), 0, after, key, on_conflict="skip"
    )


class Lender(Protocol):
    """Django's connection, seen from below: it opens itself when asked."""

    connection: Any

    def ensure_connection(self) -> None:
        """Open it where it is closed."""
        ...


def enqueue_each(lender: Lender, name: str, field: str, ids: Iterable[int]) -> None:
    """A job with {field: id} for each row, inside the lender's transaction; of the jobs for a row one waits at a time."""
    lender.ensure_connection()
    for one in ids:
        enqueue(lender.connection, name, {field: one}, key=f"{name}:{one}")


async def enqueue_async(pool: asyncpg.Pool, name: str, payload: dict[str, Any]) -> None:
    """Add a job from the worker; JSON columns of `pool` may be Python values."""
    await Queries(_WithoutHeaders(pool)).enqueue(name, json.dumps(payload).encode())


async def run(dsn: str, stop: asyncio.Event) -> None:
    """Run jobs and ticks until `stop` is set. Raises when the database goes away: the caller starts it anew."""
    async with asyncpg.create_pool(dsn, min_size=2, max_size=6) as pool:
        await pool.execute(MEND)
        engine = PgQueuer(AsyncpgPoolDriver(pool))
        for name, handler in HANDLERS.items():
            engine.entrypoint(name, on_failure="hold")(guarded(name, handler))
        engine.schedule("jobs.prune", "23 3 * * *", clean_old=True)(ticking("jobs.prune", partial(prune, pool)))
        for name, (expression, tick) in TICKS.items():
            engine.schedule(name, expression, clean_old=True)(ticking(name, tick))
        working = asyncio.create_task(
            engine.run(
                batch_size=100,
                max_concurrent_tasks=1000,
                heartbeat_timeout=timedelta(seconds=10),
                dequeue_timeout=timedelta(seconds=2),
                shutdown_on_listener_failure=True,
            )
        )
        await asyncio.wait([working, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
        engine.shutdown.set()
        await working
