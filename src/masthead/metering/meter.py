"""Counting platform calls: noted in memory, rolled up by hour into `metering_callcount` with one statement."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import asyncpg
from django.db import connection as django_connection

from masthead.contract.http import Call

MOST_KINDS = 20_000
COLUMNS = "hour, workspace_id, channel_id, platform, server, operation, error, calls, weight, seconds"
TYPES = ("timestamptz", "bigint", "bigint", "text", "text", "text", "text", "bigint", "bigint", "float8")
UPSERT = """
insert into metering_callcount as c ({columns})
select * from unnest({arrays}) as t({columns}) order by {key}
on conflict ({key}) do update set calls = c.calls + excluded.calls, weight = c.weight + excluded.weight,
  seconds = c.seconds + excluded.seconds
"""
KEY = "hour, workspace_id, channel_id, platform, server, operation, error"
NUMBERED = UPSERT.format(
    columns=COLUMNS, key=KEY, arrays=", ".join(f"${number}::{kind}[]" for number, kind in enumerate(TYPES, 1))
)
FORMATTED = UPSERT.format(columns=COLUMNS, key=KEY, arrays=", ".join(f"%s::{kind}[]" for kind in TYPES))

Kind = tuple[datetime, int, int, str, str, str, str]
Sums = tuple[int, int, float]


class BatchedMeter:
    """A meter whose `note` only adds up in memory; call `flush` (async) or `flush_sync` (Django's connection) often.

    Notes are kept when a flush fails, and at most MOST_KINDS kinds are kept, so that a long absence of the database
    cannot fill the memory; calls beyond that are counted in `dropped`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[Kind, Sums] = {}
        self.dropped = 0

    def note(self, call: Call) -> None:
        """Add one call to the sums of this hour."""
        hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        self._add(
            (
                hour,
                call.workspace_id,
                call.channel_id,
                call.platform[:32],
                call.server[:200],
                call.operation[:64],
                call.error[:32],
            ),
            (1, call.weight, call.seconds),
        )

    async def flush(self, connection: asyncpg.Connection) -> int:
        """Write the sums down; returns how many kinds. Raises what asyncpg raises, and keeps the sums then."""
        taken = self._take()
        if not taken:
            return 0
        try:
            await connection.execute(NUMBERED, *_columns(taken.items()))
        except BaseException:
            self._put_back(taken)
            raise
        return len(taken)

    def flush_sync(self) -> int:
        """The same through Django's connection, for calls made while a page is being made."""
        taken = self._take()
        if not taken:
            return 0
        try:
            with django_connection.cursor() as cursor:
                cursor.execute(FORMATTED, _columns(taken.items()))
        except BaseException:
            self._put_back(taken)
            raise
        return len(taken)

    def _add(self, kind: Kind, more: Sums) -> None:
        with self._lock:
            known = self._sums.get(kind)
            if known is None and len(self._sums) >= MOST_KINDS:
                self.dropped += more[0]
                return
            calls, weight, seconds = known or (0, 0, 0.0)
            self._sums[kind] = (calls + more[0], weight + more[1], seconds + more[2])

    def _take(self) -> dict[Kind, Sums]:
        with self._lock:
            taken, self._sums = self._sums, {}
        return taken

    def _put_back(self, taken: dict[Kind, Sums]) -> None:
        for kind, sums in taken.items():
            self._add(kind, sums)


def _columns(items: Iterable[tuple[Kind, Sums]]) -> list[list[Any]]:
    return [list(column) for column in zip(*((*kind, *sums) for kind, sums in items), strict=True)]
