"""Step 5, after schedule and before confirm: claim what is due, hand it to the connector, note the outcome."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any

import asyncpg
import structlog

from masthead.contract.calls import Purpose, charged_to
from masthead.contract.capabilities import Capabilities
from masthead.contract.errors import (
    ConnectorError,
    NeedsReconnect,
    OutcomeUnknown,
    OverBudget,
    TokenExpired,
    Unsupported,
)
from masthead.contract.foresight import planned
from masthead.contract.http import Http, Meter, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account, Delivery, Receipt
from masthead.metering.caps.purse import Purse, purse_for
from masthead.metering.caps.till import Till
from masthead.posts import outcome
from masthead.posts.ledger import Freed, Ledger, Outcome
from masthead.posts.parcel import Attach, account, delivery, endings, receipts_from, receipts_json
from masthead.posts.recheck import refuse_unfit
from masthead.posts.states import State

log = structlog.get_logger()
FREE = contextlib.nullcontext()
DATABASE_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    OSError,
    TimeoutError,
)


@dataclass
class Surroundings:
    """What sending needs from the rest of Masthead. `reconnect(channel, version, error)` refreshes or marks a channel;
    `told(ids by state)` tells people; `reserve(row, count)` returns (granted, seconds to wait). Without a `till` no cap is asked."""

    transport: Transport
    meter: Meter
    platforms: Mapping[str, Platform]
    attach: Attach
    reconnect: Callable[[int, int, ConnectorError], Awaitable[None]]
    told: Callable[[Mapping[int, str]], Awaitable[None]]
    reserve: Callable[[list[tuple[Mapping[str, Any], int]]], Awaitable[list[tuple[int, float]]]]
    pause_app: Callable[[Mapping[str, Any], float, str], Awaitable[None]]
    till: Till | None = None


async def bound(around: Surroundings, row: Mapping[str, Any], platform: Platform) -> Http:
    """The transport bound to a claimed row's channel; it refuses what has ended, and what no cap allows."""
    place = (platform.key, row["workspace_id"], row["channel_id"])
    return Http(
        around.transport,
        platform=platform.key,
        operations=platform.operations,
        meter=around.meter,
        workspace_id=row["workspace_id"],
        channel_id=row["channel_id"],
        endings=endings(row),
        purpose=Purpose.PUBLISH,
        budget=await purse_for(around.till, *place, Purpose.PUBLISH, row["limits"]),
        **charged_to(row["limits"]),
    )


@dataclass(frozen=True, slots=True)
class Side:
    """What the publications of one turn of a lane share, since one claim read it for all of them."""

    http: Http
    who: Account
    can: Capabilities


@dataclass(slots=True, eq=False)
class Turn:
    """One claim of a lane. Nothing is sent on it after its `fence` (monotonic seconds); a lane claimed anew is another turn."""

    channel: int
    fence: float
    side: Side | None = None


@asynccontextmanager
async def funded(
    http: Http, platform: Platform, parcel: Delivery, out: int, limits: Mapping[str, Any]
) -> AsyncIterator[None]:
    """The money of the whole rest of a delivery, held before its first call, so that no thread stops half-way for want of it."""
    purse = http.budget
    if not isinstance(purse, Purse) or platform.foresee is None:
        yield
        return
    foreseen = platform.foresee(planned(parcel)[out:], limits)
    await purse.advance([(one.operation, one.units) for one in foreseen])
    try:
        yield
    finally:
        await purse.close()


@dataclass
class Publisher:
    """One worker's sending side. Start with `run`, stop by setting `stopping`: what is in flight is finished and settled."""

    ledger: Ledger
    around: Surroundings
    lanes: int = 400
    per_lane: int = 5
    idle: float = 1.0
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.held: dict[int, Turn] = {}
        self.running: set[asyncio.Task[None]] = set()
        self.outcomes: list[Outcome] = []
        self.freed: list[Freed] = []
        self.unsettled = asyncio.Event()
        self.ended = asyncio.Event()
        # Renewing and settling write the same lanes and attempts, each in its own order: at once they could lock each other out.
        self.writing = asyncio.Lock()

    async def run(self) -> None:
        """Claim and send until `stopping` is set; survives a database that goes away and comes back."""
        side = [asyncio.create_task(one()) for one in (self._keep_settling, self._keep_leases)]
        try:
            while not self.stopping.is_set():
                if not await self._survive(self._round, False):
                    await self._rest()
            await asyncio.gather(*self.running, return_exceptions=True)
            side[0].cancel()
            await asyncio.gather(side[0], return_exceptions=True)
            while self.outcomes or self.freed:
                if not await self._survive(self._settle, False):
                    await asyncio.sleep(0.5)
        finally:
            for task in side:
                task.cancel()

    async def _round(self) -> bool:
        """One claim; True when there may be more at once."""
        room = self.lanes - len(self.running)
        if room < self.lanes // 8:
            self.ended.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ended.wait(), 1)
            return True
        fence = time.monotonic() + self.ledger.lease
        rows = await self.ledger.claim(room, self.per_lane)
        lanes = [list(group) for _, group in groupby(rows, key=lambda row: row["channel_id"])]
        turns = [self._take(lane[0]["channel_id"], fence) for lane in lanes]
        await self._start(turns, lanes)
        return bool(rows)

    def _take(self, channel: int, fence: float) -> Turn:
        """A new turn; one of ours that still hangs on this channel lost its lease, and sends no more."""
        if (before := self.held.get(channel)) is not None:
            before.fence = 0.0
        self.held[channel] = turn = Turn(channel, fence)
        return turn

    async def _start(self, turns: list[Turn], lanes: list[list[asyncpg.Record]]) -> None:
        """Reserve the quota of every lane in one statement, then send on all of them at the same time."""
        if not lanes:
            return
        granted = await self.around.reserve([(lane[0], len(lane)) for lane in lanes])
        for turn, lane, (count, wait) in zip(turns, lanes, granted, strict=True):
            task = asyncio.create_task(self._lane(turn, lane, count, wait))
            self.running.add(task)
            task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        self.ended.set()

    async def _rest(self) -> None:
        """Wait until something is due, somebody wakes us, or a second has gone."""
        due = await self._survive(self.ledger.next_due_in, None)
        pause = min(self.idle, due if due is not None else self.idle)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), max(0.005, pause))
        self.wake.clear()

    async def _lane(self, turn: Turn, rows: list[asyncpg.Record], granted: int, wait: float) -> None:
        """Send one channel's publications in order; stop at the first that silences the channel."""
        pause, why = 0.0, ""
        for place, row in enumerate(rows):
            if pause or place >= granted:
                pause, why = pause or max(wait, 0.05), why or "The platform's quota is used up for now."
                self._note(outcome.released(row["id"], row["attempts"], why))
                continue
            verdict = await self._safely(turn, row)
            self._note(verdict.outcome)
            pause, why = (verdict.pause, verdict.outcome.why) if verdict.stop_lane else (0.0, "")
        if self.held.get(turn.channel) is turn:
            del self.held[turn.channel]
            self.freed.append(Freed(turn.channel, pause, why))
        self.unsettled.set()

    def _note(self, one: Outcome) -> None:
        self.outcomes.append(one)
        self.unsettled.set()

    async def _safely(self, turn: Turn, row: asyncpg.Record) -> outcome.Verdict:
        """Send one publication; whatever goes wrong becomes a verdict, and a fault of ours after sending an unknown outcome."""
        platform, receipts = self.around.platforms.get(row["platform"]), receipts_from(row["receipts"])
        sent = [False]
        try:
            if platform is None:
                raise Unsupported(
                    "This platform is no longer part of the installation.", remedy="Choose another channel."
                )
            return await self._send(turn, row, platform, receipts, sent)
        except ConnectorError as error:
            check_in = platform.look_up_after_seconds if platform else 60.0
            verdict = outcome.failed(row["id"], row["attempts"], receipts, error, check_in)
            await self._react(row, error, verdict)
            return verdict
        except Exception as error:
            log.exception("sending failed", publication=row["id"], kind=type(error).__name__)
            problem: ConnectorError = (OutcomeUnknown if sent[0] else Unsupported)(
                f"Masthead itself failed while sending ({type(error).__name__})."
            )
            return outcome.failed(row["id"], row["attempts"], receipts, problem, 5.0)

    async def _send(
        self, turn: Turn, row: asyncpg.Record, platform: Platform, receipts: list[Receipt], sent: list[bool]
    ) -> outcome.Verdict:
        side = turn.side = turn.side or await self._side(row, platform)
        parcel = await delivery(row, self.around.attach)
        if not receipts:
            refuse_unfit(parcel, side.can)
        money = funded(side.http, platform, parcel, len(receipts), side.who.limits) if side.http.budget else FREE
        async with money:
            kept = await self._segments(turn, row, platform, side, parcel, receipts, sent)
        if not kept:
            return outcome.Verdict(outcome.released(row["id"], row["attempts"], "The lease ran out before sending."))
        done = outcome.succeeded(row["id"], row["attempts"], receipts, platform.look_up_after_seconds)
        told = side.http.told
        if told and told.remaining <= 0 and told.resets_in > 0:
            return outcome.Verdict(done, pause=told.resets_in, stop_lane=True)
        return outcome.Verdict(done)

    async def _side(self, row: asyncpg.Record, platform: Platform) -> Side:
        """Made for the first publication of a turn; one that cannot be made is tried again for the next."""
        who = account(row)
        return Side(await bound(self.around, row, platform), who, platform.capabilities.narrowed(who.limits))

    async def _segments(
        self,
        turn: Turn,
        row: asyncpg.Record,
        platform: Platform,
        side: Side,
        parcel: Delivery,
        receipts: list[Receipt],
        sent: list[bool],
    ) -> bool:
        """Send what is not out yet, one after the other; False where the lease was lost."""
        for index in range(len(receipts), len(parcel.segments)):
            if not await self._still_ours(turn, row, receipts, index):
                return False
            sent[0] = True
            receipts.append(await platform.publisher.publish(side.http, side.who, parcel, index, tuple(receipts)))
            sent[0] = False
        return True

    async def _still_ours(self, turn: Turn, row: asyncpg.Record, receipts: list[Receipt], index: int) -> bool:
        """The fence: nothing is sent unless our lease surely holds; a thread's progress is saved before its next segment."""
        if index and not await self.ledger.save(row["id"], row["attempts"], receipts_json(receipts)):
            return False
        return time.monotonic() < turn.fence

    async def _react(self, row: asyncpg.Record, error: ConnectorError, verdict: outcome.Verdict) -> None:
        if isinstance(error, NeedsReconnect | TokenExpired):
            await self.around.reconnect(row["channel_id"], row["version"] or 0, error)
        if verdict.pause_app:
            await self.around.pause_app(row, verdict.pause, error.message)

    async def _settle(self) -> bool:
        """Write down what has ended since the last time, in one transaction; on failure it stays to be written."""
        outcomes, freed = self.outcomes[:1000], self.freed[:1000]
        ending = {one.id for one in self.outcomes[1000:]}
        async with self.writing:
            moved = await self.ledger.settle(outcomes, [] if ending else freed)
        del self.outcomes[: len(outcomes)]
        if not ending:
            del self.freed[: len(freed)]
        # Where the platform can still be asked, people need not be.
        awaited = {one.id for one in outcomes if one.target is State.UNCONFIRMED}
        tells = (State.FAILED, State.UNCONFIRMED)
        people = {id_: state for id_, state in moved.items() if state in tells and id_ not in awaited}
        people |= {one.id: one.reason for one in outcomes if one.reason == OverBudget.code and one.id in moved}
        if people:
            await self.around.told(people)
        return True

    async def _keep_settling(self) -> None:
        while True:
            await self.unsettled.wait()
            await asyncio.sleep(0.01)
            self.unsettled.clear()
            if not await self._survive(self._settle, False):
                await asyncio.sleep(0.5)
            if self.outcomes or self.freed:
                self.unsettled.set()

    async def _keep_leases(self) -> None:
        """Renew at a quarter of the lease; a lane that is lost loses its fence, so nothing more is sent on it."""
        while True:
            await asyncio.sleep(self.ledger.lease / 4)
            held, began = dict(self.held), time.monotonic()
            await self._survive(lambda: self.ledger.beat(socket.gethostname(), os.getpid()), None)
            if held:
                still = await self._survive(partial(self._renew, list(held)), None)
                self._refence(held, still, began + self.ledger.lease)

    async def _renew(self, held: list[int]) -> set[int]:
        async with self.writing:
            return await self.ledger.renew(held)

    def _refence(self, held: Mapping[int, Turn], still: set[int] | None, fence: float) -> None:
        for channel, turn in held.items() if still is not None else ():
            if self.held.get(channel) is turn:
                turn.fence = fence if channel in (still or ()) else 0.0

    async def _survive(self, act: Callable[[], Awaitable[Any]], otherwise: Any) -> Any:
        """Run a step against the database; when it is away, say so and go on with `otherwise`."""
        try:
            return await act()
        except DATABASE_GONE as error:
            log.warning("database is away", kind=type(error).__name__)
            await asyncio.sleep(0.2)
            return otherwise
        except Exception:
            log.exception("a step of the publisher failed")
            await asyncio.sleep(1)
            return otherwise
