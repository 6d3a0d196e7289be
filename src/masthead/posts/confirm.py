"""Step 6, after publish: settle what the platform still processes; look up what is unconfirmed. Nothing is sent from here."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import asyncpg
import structlog

from masthead.contract.errors import ConnectorError, Ended, NeedsReconnect, Refused, TryAgain
from masthead.contract.platform import Platform
from masthead.contract.values import Found, Presence, Receipt
from masthead.posts.ledger import Freed, Ledger, Outcome
from masthead.posts.parcel import account, delivery, receipts_from, receipts_json
from masthead.posts.publish import DATABASE_GONE, Surroundings, bound
from masthead.posts.states import State

log = structlog.get_logger()
LOOKS_BEFORE_ABSENT = 2
LOOKS_WHILE_PROCESSING = 200
WAIT_LIMIT = 300.0
UNREACHABLE_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Again:
    """Look once more after `seconds`; `counts` where the platform did answer."""

    seconds: float
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Only a person can tell; `evidence` is what was looked at."""

    evidence: str


Decision = Outcome | Again | Ask


def judged(
    row_id: int, number: int, checks: int, parts: int, before: Sequence[Receipt], found: Found, wait: float
) -> Decision:
    """What a look-up of the first unacknowledged segment means. `checks` counts earlier looks that said "not there"."""
    if found.presence is Presence.CANNOT_TELL:
        return Ask(found.evidence)
    if found.presence is Presence.ABSENT:
        if checks + 1 < LOOKS_BEFORE_ABSENT:
            return Again(wait, counts=True)
        return _moved(row_id, number, State.SCHEDULED, "absent", f"It is certainly not there: {found.evidence}", before)
    receipts = [*before, found.receipt] if found.receipt else list(before)
    if any(one.processing for one in receipts):
        return _moved(row_id, number, State.PROCESSING, "found", found.evidence, receipts, check_in=wait)
    if len(receipts) < parts:
        return _moved(
            row_id, number, State.SCHEDULED, "found", f"{found.evidence} The rest of the thread follows.", receipts
        )
    return _moved(row_id, number, State.PUBLISHED, "found", found.evidence, receipts)


def settled(row_id: int, number: int, checks: int, receipts: Sequence[Receipt], wait: float) -> Decision:
    """What the receipts of a publication in processing mean now."""
    source = (State.PROCESSING,)
    if not any(one.processing for one in receipts):
        return _moved(row_id, number, State.PUBLISHED, "published", "", receipts, sources=source)
    if checks < LOOKS_WHILE_PROCESSING:
        return Again(min(WAIT_LIMIT, wait * 1.3 ** min(checks, 30)), counts=True)
    why = "The platform accepted it, but has been working on it for too long."
    return _moved(row_id, number, State.UNCONFIRMED, "unsettled", why, receipts, sources=source)


def stumbled(row_id: int, number: int, state: State, receipts: Sequence[Receipt], error: ConnectorError) -> Decision:
    """What an error of the look-up itself means: mostly nothing, the outcome stays unknown and is looked up later."""
    if state is State.PROCESSING and isinstance(error, Refused):
        return Outcome(
            row_id,
            number,
            State.FAILED,
            error.code,
            error.code,
            error.message,
            error.remedy,
            error.field,
            receipts_json(receipts),
            sources=(State.PROCESSING,),
        )
    if isinstance(error, Ended):
        return _out_of_reach(row_id, number, state, receipts, error)
    if isinstance(error, TryAgain):
        return Again(min(WAIT_LIMIT, max(UNREACHABLE_WAIT, error.after)) if error.whole_channel else UNREACHABLE_WAIT)
    if isinstance(error, NeedsReconnect):
        return Again(60.0)
    return Again(WAIT_LIMIT)


def _out_of_reach(row_id: int, number: int, state: State, receipts: Sequence[Receipt], error: Ended) -> Decision:
    """What has ended cannot be asked any more: a person must look."""
    if state is State.PROCESSING:
        return _moved(row_id, number, State.UNCONFIRMED, error.code, error.message, receipts, sources=(state,))
    return Ask(error.message)


def _moved(
    row_id: int,
    number: int,
    target: State,
    outcome: str,
    why: str,
    receipts: Sequence[Receipt],
    *,
    check_in: float = -1.0,
    sources: tuple[State, ...] = (State.UNCONFIRMED,),
) -> Outcome:
    url = receipts[0].url if receipts else ""
    return Outcome(
        row_id,
        number,
        target,
        outcome,
        outcome if target is not State.PUBLISHED else "",
        why,
        receipts=receipts_json(receipts),
        url=url,
        check_in=check_in,
        sources=sources,
    )


@dataclass
class Confirmer:
    """One worker's looking side. Runs beside the publisher, under a name of its own; stop by setting `stopping`."""

    ledger: Ledger
    around: Surroundings
    idle: float = 0.5
    most: int = 300
    per_lane: int = 20
    sweep: float = 2.0
    swept: float = -math.inf
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.ledger = replace(self.ledger, worker=f"{self.ledger.worker}:looks")

    async def run(self) -> None:
        """Sweep, look, decide, until stopped; survives a database that goes away."""
        while not self.stopping.is_set():
            try:
                busy = await self.round()
            except DATABASE_GONE as error:
                log.warning("database is away", kind=type(error).__name__)
                busy = False
            except Exception:
                log.exception("a round of look-ups failed")
                busy = False
                await asyncio.sleep(2)
            if not busy:
                await asyncio.sleep(self.idle)

    async def round(self) -> bool:
        """One batch of look-ups, and from time to time a sweep before it; True when there was any to look up."""
        if time.monotonic() - self.swept >= self.sweep:
            await self._sweep()
            self.swept = time.monotonic()
        until = asyncio.get_running_loop().time() + self.ledger.lease
        rows = await self.ledger.look(self.most, self.per_lane)
        lanes = [list(group) for _, group in groupby(rows, key=lambda row: row["channel_id"])]
        await asyncio.gather(*(self._channel(lane, until) for lane in lanes))
        return bool(rows)

    async def _sweep(self) -> None:
        """Find what dead workers left, and what is too late."""
        await self.ledger.orphans()
        if late := await self.ledger.expire():
            await self.around.told(dict.fromkeys(late, "expired"))

    async def _channel(self, rows: list[asyncpg.Record], until: float) -> None:
        """One channel's look-ups in turn. For unconfirmed ones the lane is ours `until` then (loop time), or as long as it is renewed."""
        if all(row["state"] == State.PROCESSING for row in rows):
            await self._one_by_one(rows)
            return
        channel = rows[0]["channel_id"]
        try:
            async with asyncio.timeout_at(until) as fence:
                keeping = asyncio.create_task(self._keep(channel, fence))
                try:
                    await self._one_by_one(rows)
                finally:
                    keeping.cancel()
        finally:
            await self.ledger.settle([], [Freed(channel)])

    async def _keep(self, channel: int, fence: asyncio.Timeout) -> None:
        """Renew the hold on a lane at a quarter of the lease; when it cannot be, the fence ends the look."""
        clock = asyncio.get_running_loop().time
        with contextlib.suppress(*DATABASE_GONE):
            while True:
                await asyncio.sleep(self.ledger.lease / 4)
                began = clock()
                still = await self.ledger.renew([channel])
                fence.reschedule(began + self.ledger.lease if still else began)

    async def _one_by_one(self, rows: list[asyncpg.Record]) -> None:
        for row in rows:
            await self._carry_out(row, await self._look(row))

    async def _carry_out(self, row: asyncpg.Record, decision: Decision) -> None:
        if isinstance(decision, Again):
            await self.ledger.look_again(row["id"], row["attempts"], decision.seconds, counts=decision.counts)
        elif isinstance(decision, Ask):
            if await self.ledger.ask_a_person(row["id"], row["attempts"], decision.evidence):
                await self.around.told({row["id"]: "unconfirmed"})
        else:
            moved = await self.ledger.settle([decision], [])
            if told := {id_: state for id_, state in moved.items() if state in (State.FAILED, State.UNCONFIRMED)}:
                await self.around.told(told)

    async def _look(self, row: asyncpg.Record) -> Decision:
        platform, receipts = self.around.platforms.get(row["platform"]), receipts_from(row["receipts"])
        if platform is None:
            return Ask("This platform is no longer part of the installation, so it cannot be asked.")
        try:
            return await self._asked(row, platform, receipts)
        except ConnectorError as error:
            if isinstance(error, NeedsReconnect):
                await self.around.reconnect(row["channel_id"], row["version"] or 0, error)
            return stumbled(row["id"], row["attempts"], State(row["state"]), receipts, error)
        except Exception as error:
            log.exception("look-up failed", publication=row["id"], kind=type(error).__name__)
            return Again(WAIT_LIMIT)

    async def _asked(self, row: asyncpg.Record, platform: Platform, receipts: list[Receipt]) -> Decision:
        http = await bound(self.around, row, platform)
        who, wait = account(row), platform.look_up_after_seconds
        if row["state"] == State.PROCESSING:
            fresh = [await platform.publisher.settle(http, who, one) if one.processing else one for one in receipts]
            return settled(row["id"], row["attempts"], row["checks"], fresh, wait)
        known = await self.ledger.known(row["channel_id"], row["id"])
        parcel = await delivery(row, self.around.attach, known)
        found = await platform.publisher.find(http, who, parcel, len(receipts), tuple(receipts))
        return judged(row["id"], row["attempts"], row["checks"], len(parcel.segments), receipts, found, wait)
