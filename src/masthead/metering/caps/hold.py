"""Caps in SQL: money is held before a call, settled after it, and returns by itself. One statement for a whole batch.

A window's row is the lock: its `held` and `spent` change only under it, so spent + held never exceeds a hard cap, however many
workers ask. What a dead worker held is swept by the next statement that touches the window, and by a task. All times are
the database's; `shift` (seconds) moves that clock in tests. Money in micros.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from masthead.metering.caps.cycles import cycle

Run = Callable[[str, Sequence[Any]], Awaitable[Sequence[Mapping[str, Any]]]]
"""Runs one statement with numbered arguments, and commits it: a pool of asyncpg, or Django's connection."""

HOLD = """
with clock as (select now() + $11::float8 * interval '1s' as now),
wanted as (
  select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[],
    $9::float8[], $10::bool[])
    as w(hold, workspace_id, platform, app, channel_id, purpose, currency, micros, lease, spare)
), met as materialized (
  select w.hold, w.micros, w.lease, w.spare, c.id as cap_id, v.id as window_id
  from wanted w join metering_cap c on c.workspace_id = w.workspace_id and c.currency = w.currency
    and c.platform in ('', w.platform) and c.app in ('', w.app) and c.channel_id in (0, w.channel_id)
    and c.purpose in ('', w.purpose)
  cross join clock
  left join metering_capwindow v on v.cap_id = c.id and v.starts_at <= clock.now and v.ends_at > clock.now
), locked as materialized (
  select v.id, v.micros - v.spent as room, v.held, v.committed, c.hard from metering_capwindow v join metering_cap c on c.id = v.cap_id
  where v.id in (select window_id from met) order by v.id for update of v
), swept as (
  delete from metering_hold h using locked l, clock where h.window_id = l.id and h.expires_at <= clock.now
  returning h.window_id, h.micros
), open as (
  select l.id, l.room, l.committed, l.hard,
    l.held - coalesce((select sum(s.micros) from swept s where s.window_id = l.id), 0)::bigint as held from locked l
), asked as ( -- the small ones first, so that what is refused keeps nothing from others
  select m.*, o.hard, o.held, o.room - case when m.spare then o.committed else 0 end as room,
    sum(m.micros) over (partition by o.id order by m.micros, m.hold rows unbounded preceding) as upto
  from met m join open o on o.id = m.window_id
), judged as (
  select m.hold, bool_and(m.window_id is not null) and bool_and(coalesce(not a.hard or a.held + a.upto <= a.room, true)) as granted,
    min(a.window_id) filter (where a.hard and a.held + a.upto > a.room) as denied,
    array_agg(a.window_id) filter (where a.window_id is not null) as windows,
    array_agg(m.cap_id) filter (where m.window_id is null) as missing
  from met m left join asked a on a.hold = m.hold and a.window_id = m.window_id group by m.hold
), entered as (
  insert into metering_hold (hold, window_id, micros, expires_at)
  select a.hold, a.window_id, a.micros, clock.now + a.lease * interval '1s'
  from asked a join judged j on j.hold = a.hold cross join clock where j.granted returning window_id, micros
), taken as (
  select o.id, o.held + coalesce((select sum(e.micros) from entered e where e.window_id = o.id), 0)::bigint as held from open o
), written as (
  update metering_capwindow v set held = t.held,
    denied_at = case when v.id in (select denied from judged) then coalesce(v.denied_at, clock.now) else v.denied_at end
  from taken t, clock where v.id = t.id
)
select w.hold, coalesce(j.granted, true) as granted, j.denied, j.windows, j.missing,
  (select bool_and(not a.hard or t.held + a.micros <= a.room)
    from asked a join taken t on t.id = a.window_id where a.hold = w.hold) as again
from wanted w left join judged j on j.hold = w.hold
"""
SETTLE = """
with given as (
  select hold, window_id, sum(micros)::bigint as micros, bool_or(done) as done
  from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bool[]) as g(hold, window_id, micros, done) group by hold, window_id
), locked as materialized (
  select id from metering_capwindow where id in (select window_id from given) order by id for update
), met as materialized (
  select h.hold, h.window_id, h.micros, g.done or h.micros <= g.micros as ends, least(h.micros, g.micros) as used
  from metering_hold h join given g on g.hold = h.hold and g.window_id = h.window_id join locked l on l.id = h.window_id
  for update of h
), ended as (
  delete from metering_hold h using met m where h.hold = m.hold and h.window_id = m.window_id and m.ends
), shrunk as (
  update metering_hold h set micros = m.micros - m.used from met m where h.hold = m.hold and h.window_id = m.window_id and not m.ends
), sums as (
  select g.window_id, sum(g.micros)::bigint as spent, coalesce(sum(case when m.ends then m.micros else m.used end), 0)::bigint as back
  from given g left join met m on m.hold = g.hold and m.window_id = g.window_id group by g.window_id
)
update metering_capwindow v set spent = v.spent + s.spent, held = v.held - s.back
from sums s, locked l where v.id = s.window_id and l.id = v.id
"""
SWEEP = """
with clock as (select now() + $1::float8 * interval '1s' as now),
locked as materialized (
  select v.id from metering_capwindow v where v.id in (select h.window_id from metering_hold h, clock where h.expires_at <= clock.now)
  order by v.id for update
), swept as (
  delete from metering_hold h using locked l, clock where h.window_id = l.id and h.expires_at <= clock.now
  returning h.window_id, h.micros
)
update metering_capwindow v set held = v.held - s.micros
from (select window_id, sum(micros)::bigint as micros from swept group by window_id) s, locked l where v.id = s.window_id and l.id = v.id
"""
CAPS = "select id, period, month_day, micros, now() + $2::float8 * interval '1s' as now from metering_cap where id = any($1::bigint[])"
OPEN = """
insert into metering_capwindow (cap_id, starts_at, ends_at, micros, spent, held, committed)
select c.id, w.starts_at, w.ends_at, c.micros, (
    select coalesce(sum(d.micros), 0)::bigint from metering_callday d
    where d.workspace_id = c.workspace_id and d.currency = c.currency and d.day >= (w.starts_at at time zone 'UTC')::date
      and d.day < (w.ends_at at time zone 'UTC')::date and c.platform in ('', d.platform) and c.app in ('', d.app)
      and c.channel_id in (0, d.channel_id) and c.purpose in ('', d.purpose)
  ), 0, 0
from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) as w(cap_id, starts_at, ends_at) join metering_cap c on c.id = w.cap_id
on conflict (cap_id, starts_at) do nothing
"""
TRIES = 50


@dataclass(frozen=True, slots=True)
class Account:
    """On whom a call is booked: what caps are matched with."""

    workspace_id: int
    platform: str
    app: str
    channel_id: int
    purpose: str
    currency: str


@dataclass(frozen=True, slots=True)
class Ask:
    """`micros` for an account, for at most `lease` seconds. `spare`: leave what scheduled posts will need."""

    account: Account
    micros: int
    lease: float
    spare: bool = False
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Held:
    """Money held in each of these windows (none where no cap matched)."""

    id: UUID
    micros: int
    windows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """A cap does not allow it; `window` is the one that is short."""

    window: int


@dataclass(frozen=True, slots=True)
class Spent:
    """`micros` that were spent of what is held; `done` gives the rest back."""

    held: Held
    micros: int
    done: bool = True


async def hold(run: Run, asks: Sequence[Ask], *, shift: float = 0.0) -> list[Held | Denied]:
    """Hold each ask whole in all its windows, or not at all; in the order of `asks`."""
    found: dict[UUID, Held | Denied] = {}
    left = list(asks)
    for _ in range(TRIES):
        rows = {row["hold"]: row for row in await run(HOLD, [*_columns(left), shift])}
        if missing := {cap for row in rows.values() for cap in row["missing"] or ()}:
            await _open(run, sorted(missing), shift)
        found |= {ask.id: _verdict(ask, rows[ask.id]) for ask in left}
        left = [
            ask for ask in left if rows[ask.id]["missing"] or (not rows[ask.id]["granted"] and rows[ask.id]["again"])
        ]
        if not left:
            break
    return [found[ask.id] for ask in asks]


async def settle(run: Run, spent: Sequence[Spent]) -> None:
    """Book what was spent and give back what was not. A hold that ran out meanwhile is booked all the same."""
    rows = [(one.held.id, window, one.micros, one.done) for one in spent for window in one.held.windows]
    if rows:
        await run(SETTLE, [list(column) for column in zip(*rows, strict=True)])


async def sweep(run: Run, *, shift: float = 0.0) -> None:
    """Give back what was held too long."""
    await run(SWEEP, [shift])


def _verdict(ask: Ask, row: Mapping[str, Any]) -> Held | Denied:
    if row["granted"]:
        return Held(ask.id, ask.micros, tuple(row["windows"] or ()))
    return Denied(row["denied"] or 0)


def _columns(asks: Sequence[Ask]) -> list[list[Any]]:
    rows = [
        (
            one.id,
            one.account.workspace_id,
            one.account.platform,
            one.account.app,
            one.account.channel_id,
            one.account.purpose,
            one.account.currency,
            one.micros,
            float(one.lease),
            one.spare,
        )
        for one in asks
    ]
    return [list(column) for column in zip(*rows, strict=True)]


async def _open(run: Run, caps: list[int], shift: float) -> None:
    """Begin the windows of now; another worker that does the same at once wins or loses without harm."""
    rows = await run(CAPS, [caps, shift])
    spans: list[tuple[int, datetime, datetime]] = [
        (row["id"], *cycle(row["period"], row["month_day"], row["now"])) for row in rows
    ]
    if spans:
        await run(OPEN, [list(column) for column in zip(*spans, strict=True)])
