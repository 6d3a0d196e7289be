"""The meter of a process: calls are noted in memory and written down together, each once.

What a process that is killed had not written down yet is not counted at all: the last second of what costs money, the
last REST seconds of what does not. A batch whose writing
failed is tried again under the same id, so it is never counted twice.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import psycopg
import structlog
from django.db import DataError, Error
from django.db import connection as django_connection

from masthead.contract.calls import Call
from masthead.metering.book import Batch, write, write_here
from masthead.metering.overrides import current, read_apart
from masthead.metering.price_rows import catalogue
from masthead.metering.prices import Catalogue

log = structlog.get_logger()
MOST_WAITING = 100_000
MOST_AT_ONCE = 20_000
REST = 10.0
NO_DATA = (asyncpg.DataError, psycopg.DataError, DataError, ValueError, OverflowError)


class BatchedMeter:
    """A meter whose `note` only keeps the call; call `flush_due`, `flush` or `flush_sync` (Django's connection) often.

    At most MOST_WAITING calls are kept, so that a long absence of the database cannot fill the memory; calls beyond that
    are counted in `dropped`. `prices` gives the catalogue that holds now; where the database cannot be asked for it, the
    last one that was known prices the calls.
    """

    def __init__(self, prices: Callable[[], Catalogue] = current) -> None:
        self.prices = prices
        self.dropped = 0
        self._known: Catalogue | None = None
        self._dear: deque[Call] = deque()
        self._waiting: deque[Call] = deque()
        self._batches: deque[Batch] = deque()
        self._wrote_all = time.monotonic()
        self._turn = asyncio.Lock()

    def note(self, call: Call) -> None:
        """Keep one call until the next flush."""
        line = self._dear if call.price_key else self._waiting
        if len(line) < MOST_WAITING:
            line.append(call)
        else:
            self.dropped += 1

    async def flush_due(self, connection: asyncpg.Connection) -> int:
        """Write calls that may cost money at once, and the others every REST seconds: sums of many cost the database less."""
        everything = time.monotonic() - self._wrote_all >= REST or len(self._waiting) >= MOST_AT_ONCE
        return await self.flush(connection, everything=everything)

    async def flush(self, connection: asyncpg.Connection, *, everything: bool = True) -> int:
        """Write down what waits; returns how many calls. Raises what asyncpg raises, and keeps what is not written."""
        async with self._turn:
            return await self._flush(connection, everything)

    async def _flush(self, connection: asyncpg.Connection, everything: bool) -> int:
        written = 0
        while batch := self._next(everything):
            prices = await read_apart(self._prices)
            try:
                await write(connection, batch, prices)
            except NO_DATA as error:
                self._without(batch, error)
            else:
                written += self._done()
        return written

    def flush_sync(self) -> int:
        """The same through Django's connection, for calls made while a page is being made."""
        written = 0
        while batch := self._next(True):
            try:
                write_here(batch, self._prices())
            except NO_DATA as error:
                self._without(batch, error)
            else:
                written += self._done()
        return written

    def _prices(self) -> Catalogue:
        try:
            self._known = self.prices()
        except Error as error:
            log.warning("the installation's own prices could not be read", kind=type(error).__name__)
            if not django_connection.in_atomic_block:
                django_connection.close()
        return self._known or catalogue()

    def _next(self, everything: bool) -> Batch | None:
        """The batch that failed, else a new one of what waits."""
        if not self._batches:
            calls = [*_taken(self._dear), *(_taken(self._waiting) if everything else ())]
            self._batches.extend([Batch(uuid4(), calls)] if calls else [])
            if everything and not self._waiting:
                self._wrote_all = time.monotonic()
        return self._batches[0] if self._batches else None

    def _done(self) -> int:
        return len(self._batches.popleft().calls)

    def _without(self, batch: Batch, error: Exception) -> None:
        """Find the call with a value that the database never takes, and go on without it: it must not hold up the others."""
        self._batches.popleft()
        middle = len(batch.calls) // 2
        if middle:
            self._batches.extendleft([Batch(uuid4(), batch.calls[middle:]), Batch(uuid4(), batch.calls[:middle])])
            return
        self.dropped += 1
        log.error("a call could not be written down", platform=batch.calls[0].platform, kind=type(error).__name__)


def _taken(line: deque[Call]) -> list[Call]:
    """Another thread may note meanwhile; nobody else takes."""
    return [line.popleft() for _ in range(min(len(line), MOST_AT_ONCE))]
