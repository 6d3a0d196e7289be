"""The ledger of delivery in SQL: claim, renew, save progress, settle, expire, find dead leases. Each call is one short transaction.

All times are the database's `now()`, so that workers with wrong clocks agree. `shift` (seconds) moves that clock in tests.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from masthead.channels.ending import ENDINGS, ENDS_AT
from masthead.kit.jsonb import dumped
from masthead.kit.text import plain
from masthead.posts.states import State

LEASE_SECONDS = 20.0


def worker_name() -> str:
    """Unique for each start of a worker."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


CLAIM = f"""
with clock as (select now() + $4 * interval '1s' as now),
free as materialized (
  select l.channel_id from posts_lane l join channels_channel c on c.id = l.channel_id, clock
  where l.held_until <= clock.now and l.paused_until <= clock.now and c.condition = 'connected'
    and not exists (select 1 from metering_pause m where m.key = l.app and m.until > clock.now)
    and exists (select 1 from posts_publication where state = 'scheduled' and not_before <= clock.now) -- idle costs one look
    and (not exists (select 1 from channels_sunset where withdrawn_at is null) or not coalesce({ENDS_AT} <= clock.now, false))
), due as materialized (
  select f.channel_id, p.not_before as first from free f, clock, lateral (
    select q.not_before from posts_publication q
    where q.channel_id = f.channel_id and q.state = 'scheduled' and q.not_before <= clock.now and q.expires_at > clock.now
    order by q.not_before, q.id limit 1) p
  order by p.not_before limit 4 * $2::int
), lanes as (
  select l.channel_id from posts_lane l join due d on d.channel_id = l.channel_id, clock
  where l.held_until <= clock.now and l.paused_until <= clock.now
  order by d.first limit $2::int for update of l skip locked
), held as (
  update posts_lane l set holder = $1, held_until = clock.now + $5 * interval '1s'
  from lanes, clock where l.channel_id = lanes.channel_id returning l.channel_id
), picked as (
  select p.id from held h, clock, lateral (
    select q.id from posts_publication q
    where q.channel_id = h.channel_id and q.state = 'scheduled' and q.not_before <= clock.now and q.expires_at > clock.now
    order by q.not_before, q.id limit $3) p
), moved as (
  update posts_publication p set state = 'publishing', attempts = p.attempts + 1
  from picked where p.id = picked.id and p.state = 'scheduled'
  returning p.id, p.workspace_id, p.post_id, p.channel_id, p.key, p.content, p.receipts, p.attempts, p.created_at, p.publish_at, p.not_before
), tried as (
  insert into posts_attempt (publication_id, number, worker, started_at, lease_until, outcome, why)
  select id, attempts, $1, clock.now, clock.now + $5 * interval '1s', '', '' from moved, clock
), logged as (
  insert into posts_move (post_id, publication_id, source, target, why, actor, at)
  select post_id, id, 'scheduled', 'publishing', '', 'worker', clock.now from moved, clock
)
select m.*, c.platform, c.server, c.remote_id, c.handle, c.limits, k.secrets, k.version, {ENDINGS} as endings
from moved m join channels_channel c on c.id = m.channel_id left join channels_credential k on k.channel_id = m.channel_id
order by m.channel_id, m.not_before, m.id
"""  # noqa: S608 (all of it is ours)
RENEW = """with clock as (select now() + $3 * interval '1s' as now)
update posts_lane l set held_until = clock.now + $4 * interval '1s' from clock
where l.channel_id = any($2::bigint[]) and l.holder = $1 and l.held_until > clock.now returning l.channel_id"""
SAVE = """update posts_publication set receipts = $3 where id = $1 and attempts = $2 and state = 'publishing' returning id"""
SETTLE = """
with clock as (select now() + $16::float8 * interval '1s' as now),
met as materialized (select o.id, o.number, o.target, o.outcome, o.reason, o.why, o.remedy, o.field, o.receipts::jsonb as receipts, o.url, o.check_in,
    p.state as source, case when p.state = 'unconfirmed' then exists (
      select 1 from posts_publication q, jsonb_array_elements(o.receipts::jsonb) r
      where q.channel_id = p.channel_id and q.id <> p.id and r ->> 'remote_id' <> ''
        and q.receipts @> jsonb_build_array(jsonb_build_object('remote_id', r -> 'remote_id'))) else false end as taken
  from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
      $11::float8[], $12::text[]) as o(id, number, target, outcome, reason, why, remedy, field, receipts, url, check_in, sources)
    join posts_publication p on p.id = o.id where p.attempts = o.number and p.state = any(string_to_array(o.sources, ' '))
  order by p.id for update of p), -- all that follows needs is carried along: joins of what is not a table are planned badly
asked as (update posts_publication p set check_at = null, reason = 'cannot_tell', remedy = 'Look at the profile: is it there twice?',
    why = 'The platform named a post that another publication here is linked to: ' || coalesce(nullif(m.url, ''), m.receipts -> -1 ->> 'remote_id')
  from met m where p.id = m.id and m.taken returning p.id, p.state as target), -- one post, one row
moved as (update posts_publication p set state = m.target, reason = m.reason, why = m.why, remedy = m.remedy, field = m.field,
    receipts = coalesce(m.receipts, p.receipts), remote_url = case when m.url <> '' then m.url else p.remote_url end,
    published_at = case when m.target = 'published' then clock.now else p.published_at end,
    check_at = case when m.check_in >= 0 then clock.now + m.check_in * interval '1s' end, checks = 0,
    expires_at = case when m.target = 'scheduled' and jsonb_array_length(coalesce(m.receipts, p.receipts)) > 0
      then greatest(p.expires_at, clock.now + interval '1 hour') else p.expires_at end -- half a thread is worse than a late one
  from met m, clock where p.id = m.id and not m.taken
  returning p.id, p.post_id, m.number, p.state as target, m.outcome, m.why, m.source),
ended as (update posts_attempt a set ended_at = clock.now, outcome = m.outcome, why = m.why from moved m, clock
  where a.publication_id = m.id and a.number = m.number),
logged as (insert into posts_move (post_id, publication_id, source, target, why, actor, at)
  select post_id, id, source, target, why, 'worker', clock.now from moved, clock),
lanes as (update posts_lane l set holder = '', held_until = clock.now,
    paused_until = greatest(l.paused_until, clock.now + f.pause * interval '1s'),
    why = case when f.pause > 0 then left(f.why, 300) else '' end
  from unnest($13::bigint[], $14::float8[], $15::text[]) as f(channel_id, pause, why), clock
  where l.channel_id = f.channel_id and l.holder = $17)
select id, target from moved union all select id, target from asked
"""
LOCK_LANES = """select 1 from posts_lane where channel_id in (select channel_id from posts_publication where id = any($1::bigint[]))
order by channel_id for update"""
EXPIRE = """
with clock as (select now() + $1 * interval '1s' as now),
late as (select p.id from posts_publication p, clock where p.state = 'scheduled' and p.not_before <= clock.now
  and p.expires_at <= clock.now order by p.id limit 1000 for update of p skip locked),
moved as (update posts_publication p set state = 'expired', reason = 'too_late',
    why = case when p.why = '' then 'It could not be sent before it was too late.' else 'It was too late to send. Last reason: ' || p.why end,
    remedy = 'Schedule it anew if it is still wanted.' from late where p.id = late.id returning p.id, p.post_id, p.why),
logged as (insert into posts_move (post_id, publication_id, source, target, why, actor, at)
  select post_id, id, 'scheduled', 'expired', why, 'worker', clock.now from moved, clock)
select id from moved"""
ORPHANS = """
with clock as (select now() + $1 * interval '1s' as now),
sent as materialized (select id, channel_id, attempts from posts_publication where state = 'publishing'),
lapsed as materialized (select s.id, s.attempts from sent s, clock, lateral (
    select 1 from posts_attempt a where a.publication_id = s.id and a.number = s.attempts and a.lease_until < clock.now and not exists (
      select 1 from posts_lane l where l.channel_id = s.channel_id and l.holder = a.worker and l.held_until > clock.now)
    offset 0) a order by s.id limit 2000), -- "offset 0": never by way of all attempts, whatever the statistics say
dead as (select p.id from posts_publication p join lapsed s on s.id = p.id and s.attempts = p.attempts
  where p.state = 'publishing' order by p.id for update of p skip locked),
moved as (update posts_publication p set state = 'unconfirmed', reason = 'worker_vanished', checks = 0,
    why = 'The worker that was sending it stopped before it could write down the answer.',
    remedy = 'Nothing to do: the platform is being asked.', check_at = clock.now + (select coalesce(($2::jsonb ->> c.platform)::float, 60)
      from channels_channel c where c.id = p.channel_id) * interval '1s'
  from dead, clock where p.id = dead.id returning p.id, p.post_id, p.attempts, p.why),
ended as (update posts_attempt a set ended_at = clock.now, outcome = 'worker_vanished', why = moved.why from moved, clock
  where a.publication_id = moved.id and a.number = moved.attempts),
logged as (insert into posts_move (post_id, publication_id, source, target, why, actor, at)
  select post_id, id, 'publishing', 'unconfirmed', why, 'worker', clock.now from moved, clock)
select id from moved"""
LOOK = f"""
with clock as (select now() + $1 * interval '1s' as now),
open as materialized (select p.id, p.channel_id, p.check_at, row_number() over (partition by p.channel_id order by p.check_at, p.id) as place
  from posts_publication p, clock where p.state = 'unconfirmed' and p.check_at <= clock.now),
lanes as (select l.channel_id, l.held_until from posts_lane l join open o on o.channel_id = l.channel_id and o.place = 1
  order by o.check_at limit $2 for update of l skip locked),
booked as (update posts_lane l set paused_until = greatest(l.paused_until, clock.now + interval '2s') -- a busy channel makes room for its look
  from lanes, clock where l.channel_id = lanes.channel_id and lanes.held_until > clock.now),
due as (select p.id, p.channel_id from posts_publication p join open o on o.id = p.id join lanes on lanes.channel_id = o.channel_id, clock
  where lanes.held_until <= clock.now and o.place <= $5 and p.state = 'unconfirmed' and p.check_at <= clock.now for update of p skip locked),
held as (update posts_lane l set holder = $3, held_until = clock.now + $4 * interval '1s'
  from (select distinct channel_id from due) d, clock where l.channel_id = d.channel_id),
busy as (select p.id from posts_publication p, clock where p.state = 'processing' and p.check_at <= clock.now
  order by p.check_at limit $2 for update of p skip locked),
taken as (update posts_publication p set check_at = clock.now + interval '90s'
  from (select id from due union all select id from busy) x, clock where p.id = x.id
  returning p.id, p.workspace_id, p.post_id, p.channel_id, p.key, p.content, p.receipts, p.attempts, p.created_at, p.publish_at, p.state, p.checks, p.why)
select t.*, (select min(a.started_at) from posts_attempt a where a.publication_id = t.id) as sent_after, c.platform, c.server, c.remote_id, c.handle, c.limits, k.secrets, k.version, {ENDINGS} as endings
from taken t join channels_channel c on c.id = t.channel_id left join channels_credential k on k.channel_id = t.channel_id
order by t.channel_id, t.state, t.id"""  # noqa: S608 (all of it is ours)
KNOWN = """select r.value ->> 'remote_id' as id from posts_publication p, jsonb_array_elements(p.receipts) r
  where p.channel_id = $1 and p.id <> $2 and p.publish_at > now() - interval '90 days'"""
LOOK_AGAIN = """update posts_publication set check_at = now() + ($3::float + $5::float) * interval '1s', checks = checks + $4::int
  where id = $1 and attempts = $2 and state in ('unconfirmed', 'processing')"""
ASK = """update posts_publication set check_at = null, reason = 'cannot_tell', why = $3,
  remedy = 'Look at the profile and say here whether it is there.' where id = $1 and attempts = $2 and state = 'unconfirmed' returning id"""
LONGEST_URL = 1000
NEXT_DUE = "select extract(epoch from min(not_before) - now())::float from posts_publication where state = 'scheduled' and not_before > now()"
BEAT = """insert into posts_heartbeat (worker, host, pid, started_at, beat_at) values ($1, $2, $3, now(), now())
  on conflict (worker) do update set beat_at = now()"""


def shown_address(url: str) -> str:
    """A post's address as its server names it; "" for what is no web address, or is longer than the column."""
    return url if url.startswith(("https://", "http://")) and len(url) <= LONGEST_URL and "\x00" not in url else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. `check_in` is seconds until the platform is asked; negative for never."""

    id: int
    number: int
    target: State
    outcome: str
    reason: str = ""
    why: str = ""
    remedy: str = ""
    field: str = ""
    receipts: list[dict[str, Any]] | None = None
    url: str = ""
    check_in: float = -1.0
    sources: tuple[State, ...] = (State.PUBLISHING,)

    def as_row(self, sources: Sequence[State]) -> tuple[Any, ...]:
        """For the settle statement, which writes down the outcomes of many workspaces: none of them may make it fail."""
        return (
            self.id,
            self.number,
            self.target,
            self.outcome,
            self.reason,
            plain(self.why),
            plain(self.remedy),
            plain(self.field)[:64],
            None if self.receipts is None else dumped(self.receipts),
            shown_address(self.url),
            self.check_in,
            " ".join(sources),
        )


@dataclass(frozen=True, slots=True)
class Freed:
    """A lane that is let go, and how many seconds nothing may be sent on it."""

    channel_id: int
    pause: float = 0.0
    why: str = ""

    def as_row(self) -> tuple[Any, ...]:
        """For the settle statement."""
        return self.channel_id, self.pause, plain(self.why)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    """Rows as columns: the database reads arrays at half the cost of JSON."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


@dataclass(slots=True)
class Ledger:
    """The ledger seen by one worker. `worker` is unique for each process start."""

    pool: asyncpg.Pool
    worker: str
    shift: float = 0.0
    lease: float = LEASE_SECONDS
    waits: dict[str, float] = field(default_factory=dict)

    async def claim(self, lanes: int, per_lane: int) -> list[asyncpg.Record]:
        """Take up to `per_lane` due publications on each of up to `lanes` free channels; attempts are written with them."""
        return await self.pool.fetch(CLAIM, self.worker, lanes, per_lane, self.shift, self.lease)

    async def renew(self, channels: Sequence[int]) -> set[int]:
        """Extend the lease on lanes we hold; returns those that are still ours."""
        rows = await self.pool.fetch(RENEW, self.worker, list(channels), self.shift, self.lease)
        return {row["channel_id"] for row in rows}

    async def save(self, publication: int, number: int, receipts: list[dict[str, Any]]) -> bool:
        """Keep a thread's receipts before its next segment; False when the attempt is no longer ours."""
        return await self.pool.fetchval(SAVE, publication, number, receipts) is not None

    async def settle(self, outcomes: Sequence[Outcome], freed: Sequence[Freed]) -> dict[int, str]:
        """Write outcomes down and let lanes go; returns id -> state of the rows that moved. Safe to do again.

        A late outcome that names a post which another publication of the channel holds stays unconfirmed, for a person. So that
        two late ones see each other, they go one at a time by channel.
        """
        in_time = [o.as_row([one for one in o.sources if one is not State.UNCONFIRMED]) for o in outcomes]
        moved = await self._settle(self.pool, in_time, freed)
        late = [o for o in outcomes if o.id not in moved and State.UNCONFIRMED in o.sources]
        if late:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.execute(LOCK_LANES, [o.id for o in late])
                moved |= await self._settle(connection, [o.as_row(o.sources) for o in late], ())
        return moved

    async def _settle(
        self, connection: asyncpg.Pool | asyncpg.Connection, outcomes: list[tuple[Any, ...]], freed: Sequence[Freed]
    ) -> dict[int, str]:
        columns = [*_columns(outcomes, 12), *_columns([f.as_row() for f in freed], 3)]
        rows = await connection.fetch(SETTLE, *columns, self.shift, self.worker)
        return {row["id"]: row["target"] for row in rows}

    async def expire(self) -> list[int]:
        """Move what is too late to be wanted to expired."""
        return [row["id"] for row in await self.pool.fetch(EXPIRE, self.shift)]

    async def orphans(self) -> list[int]:
        """Move publications of dead leases to unconfirmed; they are looked up once any request must have ended.

        An attempt lives while its own lease lasts, or while its worker still holds the lane, which is what is renewed.
        """
        return [row["id"] for row in await self.pool.fetch(ORPHANS, self.shift, self.waits)]

    async def look(self, most: int, per_lane: int) -> list[asyncpg.Record]:
        """Take publications whose outcome must be looked up now. The lanes of unconfirmed ones are ours until they are freed:
        nothing is sent on them and nobody else looks there, so that twins are not taken for each other."""
        return await self.pool.fetch(LOOK, self.shift, most, self.worker, self.lease, per_lane)

    async def known(self, channel: int, publication: int) -> frozenset[str]:
        """Remote ids that belong to the channel's other publications, so that twins are not taken for each other."""
        return frozenset(row["id"] for row in await self.pool.fetch(KNOWN, channel, publication))

    async def look_again(self, publication: int, number: int, seconds: float, *, counts: bool) -> None:
        """Look once more after `seconds`; `counts` where this look said "not there" or "not yet"."""
        await self.pool.execute(LOOK_AGAIN, publication, number, seconds, int(counts), self.shift)

    async def ask_a_person(self, publication: int, number: int, evidence: str) -> bool:
        """Stop looking: only a person can tell. True where the row still waited."""
        return await self.pool.fetchval(ASK, publication, number, evidence) is not None

    async def next_due_in(self) -> float | None:
        """Seconds until the next publication is due; None when nothing is scheduled."""
        value = await self.pool.fetchval(NEXT_DUE)
        return None if value is None else max(0.0, value - self.shift)

    async def beat(self, host: str, pid: int) -> None:
        """Say that this worker is alive."""
        await self.pool.execute(BEAT, self.worker, host, pid)
