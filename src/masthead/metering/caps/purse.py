"""The purse of one client of a platform: prices its calls, holds money for them under the caps, and settles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import structlog

from masthead.contract.calls import Purpose, charged_to
from masthead.contract.errors import OverBudget, TryAgain
from masthead.contract.operations import Operation
from masthead.kit.clock import now
from masthead.metering.caps.hold import Account, Ask, Denied, Held, Spent
from masthead.metering.caps.till import FAULTS, Till
from masthead.metering.caps.words import cap_in_words
from masthead.metering.prices import Catalogue, Price, Unit

log = structlog.get_logger()
GRACE, LONGEST = 60.0, 1800.0
"""A hold outlives its call by GRACE seconds, and no hold lasts longer than LONGEST."""
SPARING = frozenset({Purpose.READ, Purpose.INBOX})
"""What leaves to publishing the money that scheduled posts will need."""
DENIED = """
select c.platform, c.app, c.channel_id, c.purpose, c.period, c.currency, v.micros, v.spent, v.held, v.committed, v.ends_at
from metering_capwindow v join metering_cap c on c.id = v.cap_id where v.id = $1::bigint
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Money for one call; `drawn` where it is part of what was held for the whole delivery."""

    price: Price
    held: Held
    micros: int
    drawn: bool = False


class Purse:
    """See contract.budget.Budget. Beside that, `advance` holds for many calls at once and `close` gives back what is left."""

    def __init__(self, till: Till, catalogue: Catalogue, who: Account, plan: str, conditions: frozenset[str]) -> None:
        self.till = till
        self.catalogue = catalogue
        self.who = who
        self.plan = plan
        self.conditions = conditions
        self._known: dict[tuple[str, date], Price | None] = {}
        self._whole: Held | None = None
        self._left = 0

    def prices(self, operation: Operation) -> bool:
        """True where the operation costs money."""
        return self._price(operation) is not None

    async def hold(self, operation: Operation, units: int) -> Ticket:
        """Draw on what was held for the delivery, else hold for this call. Raises OverBudget, or TryAgain without the database."""
        price = self._price(operation)
        assert price is not None
        micros = _cost(price, units)
        if self._whole and micros <= self._left:
            self._left -= micros
            return Ticket(price, self._whole, micros, drawn=True)
        return Ticket(price, await self._ask(price, micros, operation.seconds + GRACE), micros)

    async def settle(self, ticket: Ticket, units: int | None) -> int:
        """Book a call; the micros that caps were charged."""
        used = ticket.micros if units is None else _cost(ticket.price, units)
        if ticket.drawn:
            self._left += ticket.micros - used
        booked = await self._book(Spent(ticket.held, used, done=not ticket.drawn))
        return used if booked and ticket.held.windows else 0

    async def advance(self, calls: Sequence[tuple[Operation, int]]) -> None:
        """Hold for a whole delivery, each operation so many times, before its first call. Raises OverBudget, and nothing is held then."""
        priced = [(operation, units, price) for operation, units in calls if (price := self._price(operation))]
        micros = sum(price.amount.micros * times for _operation, times, price in priced)
        if not micros:
            return
        seconds = sum(operation.seconds * units for operation, units, _price in priced)
        self._whole = await self._ask(priced[0][2], micros, min(LONGEST, seconds + GRACE))
        self._left = micros

    async def close(self) -> None:
        """Give back what is left of the advance."""
        if self._whole:
            whole, self._whole, self._left = self._whole, None, 0
            await self._book(Spent(whole, 0))

    def _price(self, operation: Operation) -> Price | None:
        if not operation.price_key:
            return None
        day = now().astimezone(UTC).date()
        key = (operation.price_key, day)
        if key not in self._known:
            who = self.who
            self._known[key] = self.catalogue.price(who.platform, self.plan, operation.price_key, day, self.conditions)
        return self._known[key]

    async def _ask(self, price: Price, micros: int, lease: float) -> Held:
        ask = Ask(replace(self.who, currency=price.amount.currency), micros, lease, spare=self.who.purpose in SPARING)
        try:
            verdict = await self.till.hold(ask)
            row = await self.till.look(DENIED, [verdict.window]) if isinstance(verdict, Denied) else None
        except FAULTS as error:
            log.warning("caps could not be asked", kind=type(error).__name__)
            raise TryAgain("The caps could not be asked: the database is away.", after=5) from None
        if isinstance(verdict, Held):
            return verdict
        raise over_budget(row, micros, now())

    async def _book(self, spent: Spent) -> bool:
        try:
            await self.till.settle(spent)
        except FAULTS as error:
            log.warning("a call could not be settled", kind=type(error).__name__)
            return False
        return True


def over_budget(row: Mapping[str, Any] | None, micros: int, at: datetime) -> OverBudget:
    """The error that names the cap that is short."""
    if row is None:
        return OverBudget("A cap does not allow it.", after=60)
    after = max(1.0, (row["ends_at"] - at).total_seconds())
    name, until = cap_in_words(row), f"{row['ends_at'].astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return OverBudget(
        f"A cap does not allow it: {name}.",
        remedy=f"Raise the cap on the Costs page, or wait until it begins anew on {until}.",
        after=after,
    )


async def purse_for(
    till: Till | None, platform: str, workspace_id: int, channel_id: int, purpose: str, limits: Mapping[str, Any]
) -> Purse | None:
    """The purse of a channel; None where its platform charges nothing under its plan, so that nothing is asked before calls."""
    if till is None:
        return None
    catalogue, account = await till.catalogue(), charged_to(limits)
    if not catalogue.charges(platform, account["plan"], now().astimezone(UTC).date()):
        return None
    who = Account(workspace_id, platform, account["app"][:64], channel_id, purpose, "")
    return Purse(till, catalogue, who, account["plan"], account["conditions"])


def _cost(price: Price, units: int) -> int:
    """Of one call."""
    return price.amount.micros * (min(units, 1) if price.unit is Unit.REQUEST else units)
