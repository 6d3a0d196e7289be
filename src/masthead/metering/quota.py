"""Rate limits shared by all workers: reserving before sending (GCRA), and pauses that a platform asked for.

All times are the database's, so that workers with wrong clocks agree. `shift` (seconds) moves that clock in tests.
A reservation costs one statement for a whole batch. Its loss in a crash of the database is harmless, so it does not
wait for the disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import psycopg
from django.db import connection as django_connection
from django.db import transaction
from psycopg.rows import dict_row

RACE_WAIT = 0.05

RESERVE = """
with clock as (select now() + $6::float8 * interval '1s' as now),
wanted as (select * from unnest($1::text[], $2::float8[], $3::float8[], $4::int[]) as w(key, gap, burst, n)),
started as (
  insert into metering_quotawindow (key, full_until)
  select key, clock.now + interval '1s' * gap
    * case when n <= floor(burst / gap + 1e-3) then n when $5 then 0 else floor(burst / gap + 1e-3) end
  from wanted, clock order by key
  on conflict (key) do nothing returning key, full_until
), locked as (
  select s.key, s.full_until from metering_quotawindow s join wanted w on w.key = s.key order by s.key for update of s
), free as (
  select w.key, w.gap, w.n, greatest(l.full_until, clock.now) as full_until,
    greatest(0, floor(
      (w.burst - extract(epoch from greatest(l.full_until, clock.now) - clock.now)) / w.gap + 1e-3)) as room
  from wanted w join locked l on l.key = w.key, clock
), taken as (
  select key, gap, full_until, case when n <= room then n when $5 then 0 else room end as n from free
), written as (
  update metering_quotawindow s set full_until = t.full_until + interval '1s' * t.gap * t.n
  from taken t where s.key = t.key and t.n > 0
), ended as (
  select key, n as granted, full_until + interval '1s' * gap * n as full_until from taken
  union all
  select s.key, round((extract(epoch from s.full_until - clock.now) / w.gap)::numeric), s.full_until
  from started s join wanted w on w.key = s.key, clock
)
select w.key, e.granted::int as granted, greatest(0, extract(epoch from e.full_until - clock.now) - w.burst
    + w.gap * case when $5 then least(w.n, floor(w.burst / w.gap + 1e-3)) else 1 end)::float8 as wait
from wanted w left join ended e on e.key = w.key, clock
"""
GIVE_BACK = """
update metering_quotawindow s set full_until = s.full_until - interval '1s' * l.seconds
from (select q.key, w.seconds from metering_quotawindow q
  join unnest($1::text[], $2::float8[]) as w(key, seconds) on w.key = q.key order by q.key for update of q) l
where s.key = l.key
"""
PAUSE = """
insert into metering_pause as p (key, until, why) values ($1, now() + ($2::float8 + $4::float8) * interval '1s', $3)
on conflict (key) do update set until = excluded.until, why = excluded.why where p.until < excluded.until
"""
PAUSED = """
select key, extract(epoch from until - now())::float8 - $2::float8 as seconds, why from metering_pause
where key = any($1::text[]) and until > now() + $2::float8 * interval '1s'
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`count` weights of the quota `key`: one each `interval` seconds, with `burst` seconds' worth at once.

    A limit of 300 in 5 minutes is `interval=1, burst=300`: after a rest 300 at once, then one a second. A platform that
    counts in fixed windows may say 429 within that; its answer is the last word, and pauses the channel.
    """

    key: str
    interval: float
    burst: float
    count: int = 1


@dataclass(frozen=True, slots=True)
class Grant:
    """How many weights may be used now, and the seconds until there is another (0 where all were granted)."""

    count: int
    wait: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A pause: seconds that are left of it and the reason in words."""

    seconds: float
    why: str


async def reserve(connection: asyncpg.Connection, wanted: Sequence[Wanted], *, shift: float = 0.0) -> dict[str, float]:
    """Reserve each key whole or not at all; returns the denied keys with the seconds to wait.

    A denial consumes nothing. A key that comes more than once is reserved for the sum. A count that the burst can
    never hold is always denied: ask with `reserve_some` then.
    """
    rows = await _ask(connection, _joined(wanted), whole=True, shift=shift)
    return {row["key"]: _wait(row) for row in rows if row["granted"] is None or row["granted"] == 0}


def reserve_here(wanted: Sequence[Wanted]) -> float:
    """The same through Django's connection, for work that is not in a hurry: 0.0 where all is granted, else seconds to wait."""
    joined = _joined(wanted)
    if not joined:
        return 0.0
    django_connection.ensure_connection()
    with (
        transaction.atomic(),
        psycopg.RawCursor(django_connection.connection, row_factory=dict_row) as cursor,
    ):
        cursor.execute("set local synchronous_commit = off")
        rows = cursor.execute(RESERVE, _arguments(joined, whole=True, shift=0.0)).fetchall()
    return max((_wait(row) for row in rows if not row["granted"]), default=0.0)


async def reserve_some(connection: asyncpg.Connection, wanted: Sequence[Wanted], *, shift: float = 0.0) -> list[Grant]:
    """Reserve as much of each as there is, in the order of `wanted`; one grant for each. Return what goes unused."""
    joined = _joined(wanted)
    rows = {row["key"]: row for row in await _ask(connection, joined, whole=False, shift=shift)}
    left = {key: row["granted"] or 0 for key, row in rows.items()}
    grants = []
    for one in wanted:
        count = min(one.count, left.get(one.key, 0))
        left[one.key] = left.get(one.key, 0) - count
        grants.append(Grant(count, 0.0 if count == one.count else _wait(rows[one.key])))
    return grants


async def give_back(connection: asyncpg.Connection, unused: Sequence[Wanted]) -> None:
    """Return weights that were granted and will not be used."""
    joined = _joined(unused)
    if joined:
        await connection.execute(GIVE_BACK, [one.key for one in joined], [one.interval * one.count for one in joined])


async def pause(connection: asyncpg.Connection, key: str, seconds: float, why: str, *, shift: float = 0.0) -> None:
    """Nothing is sent for `key` for so many seconds; a pause that lasts longer already stays as it is."""
    await connection.execute(PAUSE, key, float(seconds), why[:200], shift)


async def paused(connection: asyncpg.Connection, keys: Sequence[str], *, shift: float = 0.0) -> Mapping[str, Silence]:
    """The pauses among `keys` that still last."""
    rows = await connection.fetch(PAUSED, list(keys), shift)
    return {row["key"]: Silence(row["seconds"], row["why"]) for row in rows}


def _joined(wanted: Sequence[Wanted]) -> list[Wanted]:
    sums: dict[str, Wanted] = {}
    for one in wanted:
        earlier = sums[one.key].count if one.key in sums else 0
        sums[one.key] = Wanted(one.key, one.interval, one.burst, earlier + one.count)
    return sorted((one for one in sums.values() if one.count > 0), key=lambda one: one.key)


async def _ask(
    connection: asyncpg.Connection, joined: Sequence[Wanted], *, whole: bool, shift: float
) -> list[asyncpg.Record]:
    async with connection.transaction():
        await connection.execute("set local synchronous_commit = off")
        return await connection.fetch(RESERVE, *_arguments(joined, whole=whole, shift=shift))


def _arguments(joined: Sequence[Wanted], *, whole: bool, shift: float) -> list[Any]:
    columns = [[getattr(one, name) for one in joined] for name in ("key", "interval", "burst", "count")]
    return [*columns, whole, shift]


def _wait(row: Mapping[str, Any]) -> float:
    """A key that another worker made at the same moment is neither granted nor known yet: ask again at once."""
    return RACE_WAIT if row["granted"] is None else max(RACE_WAIT, row["wait"])
