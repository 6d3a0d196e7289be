"""Pure: what a month's use costs on every plan of a platform, with an app of one's own and with a shared one, and which is cheapest.

A plan fits where it refuses nothing and its fee is known. A plan that is no longer sold is shown, but advised only to those
who have it. Limits of a minute or an hour are left out: calls wait for them, they are not lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from masthead.kit.money import Money
from masthead.metering.bill import OWN_APP, Bill, Usage, bill
from masthead.metering.prices import Catalogue, NotOffered, Per, Plan, Tariff

LASTING = frozenset({Per.DAY, Per.MONTH, Per.BILLING_CYCLE})


@dataclass(frozen=True, slots=True)
class Offer:
    """One plan's bill. `own_app` is None where it makes no difference whose the developer app is.

    `sold`: whether somebody new could get it then. `held`: whether it is the plan (and the kind of app) in use. `ended_on`: the
    day within the month on which the plan ended; what was used from then on is not in its bill.
    """

    bill: Bill
    own_app: bool | None
    sold: bool
    held: bool
    ended_on: date | None = None

    @property
    def plan(self) -> Plan:
        """The plan's row in the catalogue."""
        return self.bill.plan

    @property
    def total(self) -> Money:
        """Fee and use."""
        return self.bill.total

    @property
    def fee(self) -> Money:
        """The fee; nothing where it is a matter of contract."""
        return self.plan.fee or Money(0, self.plan.currency)

    @property
    def use(self) -> Money:
        """What single calls cost beside the fee."""
        return self.total - self.fee

    @property
    def refused(self) -> int:
        """Units that the plan would not have allowed."""
        return sum(one.units for one in self.bill.refused)

    @property
    def fits(self) -> bool:
        """True where everything would have been allowed for the whole month, for an amount that is known."""
        return self.bill.known and not self.refused and self.ended_on is None

    @property
    def open(self) -> bool:
        """True where it can be advised: it fits, and it is in use or can still be bought."""
        return self.fits and (self.sold or self.held)


@dataclass(frozen=True, slots=True)
class Advice:
    """The offers of a month, those that fit first, each group from cheap to dear; `cheapest` is the first that can be advised."""

    platform: str
    month: date
    offers: tuple[Offer, ...]

    @property
    def cheapest(self) -> Offer | None:
        """The cheapest that fits and can be had."""
        return next((one for one in self.offers if one.open), None)

    @property
    def held(self) -> Offer | None:
        """What is in use."""
        return next((one for one in self.offers if one.held), None)

    @property
    def saving(self) -> Money | None:
        """What the cheapest would have saved against what is in use; None where that is unknown or it is the cheapest."""
        held, cheapest = self.held, self.cheapest
        if held is None or cheapest is None or not held.fits or cheapest is held:
            return None
        return held.total - cheapest.total


def advise(
    usages: Iterable[Usage],
    catalogue: Catalogue,
    platform: str,
    month: date,
    *,
    held: str = "",
    own_app: bool = False,
    anniversary: int = 1,
) -> Advice:
    """Every plan's bill of the month that begins in `month`. `held` and `own_app` are the plan and the app in use.

    No offers where the platform is not in the catalogue.
    """
    used, lasting = list(usages), _lasting(catalogue)
    tariff = lasting.tariffs.get(platform)
    if tariff is None:
        return Advice(platform, month, ())
    mine = lasting.plan_key(platform, held)
    offers = [
        Offer(made, own, _sold(made), made.plan.key == mine and own in (None, own_app), _end(tariff, made))
        for key in dict.fromkeys(one.key for one in tariff.plans)
        for own, made in _bills(used, lasting, tariff, key, month, anniversary)
    ]
    order = sorted(offers, key=lambda one: (not one.bill.known, not one.fits, one.total, not one.open, one.refused))
    return Advice(platform, month, tuple(order))


def _lasting(catalogue: Catalogue) -> Catalogue:
    return Catalogue(
        replace(one, allowances=tuple(row for row in one.allowances if row.per in LASTING))
        for one in catalogue.tariffs.values()
    )


def _bills(
    used: Sequence[Usage], catalogue: Catalogue, tariff: Tariff, plan: str, month: date, anniversary: int
) -> Iterable[tuple[bool | None, Bill]]:
    """The plan's bill with either kind of app, once where that makes no difference; none where the plan was not there."""
    asked = used, catalogue, tariff.platform, plan, month
    try:
        made = {own: bill(*asked, own_app=own, anniversary=anniversary) for own in (True, False)}
    except NotOffered:
        return
    begin, end = made[True].begin.date(), made[True].end.date()
    matters = any(
        row.plan == plan and OWN_APP in row.when and (row.since or begin) < end and begin < (row.until or end)
        for row in tariff.prices
    )
    yield from made.items() if matters else [(None, made[False])]


def _sold(made: Bill) -> bool:
    """True where somebody new could buy the plan when the month began."""
    until = made.plan.sold_until
    return until is None or made.begin.date() < until


def _end(tariff: Tariff, made: Bill) -> date | None:
    """The day within the month on which the plan ended; None where it went on, at another fee perhaps."""
    ends = [one.until or date.max for one in tariff.plans if one.key == made.plan.key]
    return max(ends) if max(ends) < made.end.date() else None
