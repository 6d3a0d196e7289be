"""Holding and settling for many calls at a time: what comes while a statement runs goes together into the next one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import asyncpg
import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.db import Error
from django.db import connection as django_connection
from psycopg.rows import dict_row

from masthead.metering.caps.hold import Ask, Denied, Held, Run, Spent, hold, settle, sweep
from masthead.metering.overrides import current, read_apart
from masthead.metering.price_rows import catalogue
from masthead.metering.prices import Catalogue

log = structlog.get_logger()

MOST_AT_ONCE = 500
FRESH_SECONDS = 60.0
FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, psycopg.Error, Error, OSError, TimeoutError)
"""What a database that is away, or busy for too long, raises through either way."""
Q = TypeVar("Q")
A = TypeVar("A")


class Till:
    """The one way to the caps in one event loop. Raises what the database raises."""

    def __init__(self, run: Run, prices: Callable[[], Catalogue] = current) -> None:
        async def settled(spent: Sequence[Spent]) -> list[None]:
            await settle(run, spent)
            return [None] * len(spent)

        async def asked(asks: Sequence[Ask]) -> list[Held | Denied]:
            return await hold(run, asks)

        self._run = run
        self._prices = prices
        self._known: tuple[float, Catalogue] | None = None
        self._holds: Together[Ask, Held | Denied] = Together(asked)
        self._settles: Together[Spent, None] = Together(settled)

    async def hold(self, ask: Ask) -> Held | Denied:
        """Hold one ask whole, or not at all."""
        return await self._holds.do(ask)

    async def settle(self, spent: Spent) -> None:
        """Book what was spent of a hold."""
        if spent.held.windows and (spent.done or spent.micros):
            await self._settles.do(spent)

    async def look(self, sql: str, arguments: Sequence[Any]) -> Mapping[str, Any] | None:
        """The first row of a query; None without one."""
        return next(iter(await self._run(sql, arguments)), None)

    async def catalogue(self) -> Catalogue:
        """The prices that hold now; the last that were known, or Masthead's own, where the database cannot be asked."""
        if self._known is None or self._known[0] < time.monotonic():
            try:
                self._known = (time.monotonic() + FRESH_SECONDS, await read_apart(self._prices))
            except FAULTS as error:
                log.warning("the installation's own prices could not be read", kind=type(error).__name__)
        return self._known[1] if self._known else catalogue()

    async def sweep(self) -> None:
        """Give back what was held too long."""
        await sweep(self._run)


class Together(Generic[Q, A]):
    """Calls that are made at the same time become one call of `act` with all of them; one runs at a time."""

    def __init__(self, act: Callable[[Sequence[Q]], Awaitable[Sequence[A]]]) -> None:
        self._act = act
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, one: Q) -> A:
        """The answer to one of them. A caller that is cancelled does not stop the others."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch = self._waiting[:MOST_AT_ONCE]
            del self._waiting[: len(batch)]
            try:
                answers = await self._act([one for one, _future in batch])
            except Exception as error:
                _fail(batch, error)
            else:
                for (_one, future), answer in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)


def _fail(batch: Sequence[tuple[Any, asyncio.Future[Any]]], error: Exception) -> None:
    for _one, future in batch:
        if not future.done():
            future.set_exception(error)


def over(pool: asyncpg.Pool | asyncpg.Connection) -> Run:
    """Statements through asyncpg, as the worker has it."""

    async def run(sql: str, arguments: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        return await pool.fetch(sql, *arguments)

    return run


async def here(sql: str, arguments: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    """Statements through Django's connection, for pages and for work that is not in a hurry."""
    return await sync_to_async(_here)(sql, arguments)


def _here(sql: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
    django_connection.ensure_connection()
    with psycopg.RawCursor(django_connection.connection, row_factory=dict_row) as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall() if cursor.description else []
