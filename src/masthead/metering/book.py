"""Writing a batch of calls down in one transaction: what was charged for the first time today, the calls, their hours and days.

A batch has an id. Where it is tried again because nobody knows whether the transaction went through, the id tells, and
nothing is written twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import psycopg
from django.db import connection as django_connection
from django.db import transaction

from masthead.contract.calls import Call
from masthead.metering.caps.correct import CORRECT, LOCK, corrections
from masthead.metering.prices import Catalogue
from masthead.metering.reckon import COLUMNS, Ledger, SeenKey, claims, columns, priced, reckoned

MICROS, CURRENCY = COLUMNS.index("micros"), COLUMNS.index("currency")
BEGIN = "insert into metering_flush (id, at) values ($1, now()) on conflict do nothing returning id"
SEEN = """
insert into metering_seen (day, platform, app, price_key, resource)
select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[]) as t(day, platform, app, price_key, resource)
order by day, platform, app, price_key, resource
on conflict do nothing returning day, platform, app, price_key, resource
"""
HOURS = """
insert into metering_callcount as c (workspace_id, hour, channel_id, platform, server, operation, error, purpose, app, plan,
    conditions, price_key, currency, calls, weight, seconds, units, charged, micros)
select * from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
    $14::bigint[], $15::bigint[], $16::float8[], $17::bigint[], $18::bigint[], $19::bigint[])
order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
on conflict (workspace_id, hour, channel_id, platform, server, operation, error, purpose, app, plan, conditions, price_key, currency)
do update set calls = c.calls + excluded.calls, weight = c.weight + excluded.weight, seconds = c.seconds + excluded.seconds,
  units = c.units + excluded.units, charged = c.charged + excluded.charged, micros = c.micros + excluded.micros
"""
DAYS = """
insert into metering_callday as c (workspace_id, day, channel_id, platform, operation, purpose, app, plan, conditions, price_key,
    currency, calls, weight, seconds, units, charged, micros, failed)
select * from unnest($1::bigint[], $2::date[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[],
    $12::bigint[], $13::bigint[], $14::float8[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[])
order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
on conflict (workspace_id, day, channel_id, platform, operation, purpose, app, plan, conditions, price_key, currency)
do update set calls = c.calls + excluded.calls, weight = c.weight + excluded.weight, seconds = c.seconds + excluded.seconds,
  units = c.units + excluded.units, charged = c.charged + excluded.charged, micros = c.micros + excluded.micros,
  failed = c.failed + excluded.failed
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls that are written down together, or not at all."""

    id: UUID
    calls: Sequence[Call]


async def write(connection: asyncpg.Connection, batch: Batch, catalogue: Catalogue) -> None:
    """Write a batch down. Raises what asyncpg raises; then it may be tried again."""
    prices = priced(batch.calls, catalogue)
    claimed = claims(batch.calls, prices)
    async with connection.transaction():
        if await connection.fetchval(BEGIN, batch.id) is None:
            return
        new = [tuple(row) for row in await connection.fetch(SEEN, *_columns(claimed))] if claimed else []
        ledger = reckoned(batch.calls, prices, _fresh(claimed, new))
        corrected = corrections(batch.calls, _costs(ledger))
        if corrected:
            await connection.execute(LOCK)
        await connection.copy_records_to_table("metering_call", records=ledger.rows, columns=COLUMNS)
        for sql, sums in _rolled_up(ledger):
            await connection.execute(sql, *sums)
        if corrected:
            await connection.execute(CORRECT, *corrected)


def write_here(batch: Batch, catalogue: Catalogue) -> None:
    """The same through Django's connection. Raises what Django raises."""
    prices = priced(batch.calls, catalogue)
    claimed = claims(batch.calls, prices)
    django_connection.ensure_connection()
    with transaction.atomic(), psycopg.RawCursor(django_connection.connection) as cursor:
        if cursor.execute(BEGIN, [batch.id]).fetchone() is None:
            return
        new = cursor.execute(SEEN, _columns(claimed)).fetchall() if claimed else []
        ledger = reckoned(batch.calls, prices, _fresh(claimed, new))
        corrected = corrections(batch.calls, _costs(ledger))
        if corrected:
            cursor.execute(LOCK)
        with cursor.copy(f"copy metering_call ({', '.join(COLUMNS)}) from stdin") as copy:
            for row in ledger.rows:
                copy.write_row(row)
        for sql, sums in _rolled_up(ledger):
            cursor.execute(sql, sums)
        if corrected:
            cursor.execute(CORRECT, corrected)


def _columns(claimed: Iterable[SeenKey]) -> list[list[Any]]:
    return [list(column) for column in zip(*claimed, strict=True)]


def _fresh(claimed: dict[SeenKey, int], new: Iterable[Any]) -> Counter[int]:
    """How many new resources each call read, by its place."""
    return Counter(claimed[key] for key in new)


def _costs(ledger: Ledger) -> list[tuple[int, str]]:
    """Micros and currency of each call, in their order."""
    return [(row[MICROS], row[CURRENCY]) for row in ledger.rows]


def _rolled_up(ledger: Ledger) -> list[tuple[str, list[list[Any]]]]:
    return [(HOURS, list(columns(ledger.hours))), (DAYS, list(columns(ledger.days)))]
