"""A month of a workspace's costs, put together from the ledger, the catalogue and what is scheduled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from masthead.kit.money import Money
from masthead.metering.commitments import committed
from masthead.metering.costs.chart import Chart, chart
from masthead.metering.overrides import current
from masthead.metering.prices import Catalogue, NotOffered
from masthead.metering.spending import Spent, breakdown

SPLITS = ("total", "platform", "channel", "purpose", "price", "app", "day")
NOTHING = Spent((), (), 0, 0, 0, 0)
MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Charge:
    """What one kind of call cost: `charged` units of `units`. `each` is None where not all had the same price.

    `own`: at the lower price for a developer app of one's own.
    """

    platform: str
    price_key: str
    plan: str
    own: bool
    units: int
    charged: int
    each: Money | None
    amount: Money

    @property
    def again(self) -> int:
        """Units that were not charged, because the same thing had been charged that day."""
        return self.units - self.charged


@dataclass(frozen=True, slots=True)
class Fee:
    """What a plan costs a month whatever is called; `amount` is None where it is a matter of contract."""

    platform: str
    app: str
    name: str
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Costs:
    """A month from `since` to before `until` (UTC days). `committed` is what is scheduled for the rest of it."""

    since: date
    until: date
    total: Spent
    by: Mapping[str, list[Spent]]
    charges: list[Charge]
    fees: list[Fee]
    committed: tuple[Money, ...]
    charts: list[Chart]


def month_of(text: str, today: date) -> date:
    """The first day of a month such as 2026-11; the present one for what is no month, or none that can be shown."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if found <= today and found.year > 2000 else today.replace(day=1)


def following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months(first: date | None, today: date) -> list[date]:
    """The months to choose from, newest first: from the first call on, at most MOST_MONTHS."""
    month, found = today.replace(day=1), list[date]()
    while len(found) < MOST_MONTHS and month >= (first or today).replace(day=1):
        found.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def costs(workspace_id: int, month: date, now: datetime) -> Costs:
    """Everything that the page of a month shows."""
    since, until, catalogue = month, following(month), current()
    by = breakdown(workspace_id, since, until, SPLITS)
    charges = [one for row in by["price"] for one in _charges(row, catalogue, since, until)]
    return Costs(
        since,
        until,
        (by["total"] or [NOTHING])[0],
        by,
        sorted(charges, key=lambda one: -one.amount.micros),
        _fees(by["app"], catalogue, min(until - timedelta(days=1), now.astimezone(UTC).date())),
        scheduled(workspace_id, now, until),
        _charts(by["day"], since, until),
    )


def _charges(row: Spent, catalogue: Catalogue, since: date, until: date) -> Iterable[Charge]:
    platform, plan, conditions, key = row.key
    held = frozenset(filter(None, conditions.split(",")))
    days = [since + timedelta(days=number) for number in range((until - since).days)]
    prices = list(filter(None, (catalogue.price(platform, plan, key, day, held) for day in days)))
    for amount in filter(None, row.money):
        each = next((one.amount for one in prices if one.amount * row.charged == amount), None)
        own = any(one.when for one in prices)
        yield Charge(platform, key, plan, own, row.units, row.charged, each, amount)


def _fees(rows: Iterable[Spent], catalogue: Catalogue, on: date) -> list[Fee]:
    """Fees of the plans under which calls were made. An unnamed app of a platform is not known to have a plan."""
    found = []
    for platform, app, plan in sorted(one.key for one in rows if one.key[1]):
        try:
            held = catalogue.plan(platform, plan, on)
        except NotOffered:
            continue
        if held.fee is None or held.fee:
            found.append(Fee(platform, app, held.name, held.fee))
    return found


def scheduled(workspace_id: int, now: datetime, until: date) -> tuple[Money, ...]:
    """What is committed from now to before a day, by currency."""
    end = datetime.combine(until, time(), UTC)
    return added(Money(one.micros, one.currency) for one in committed(workspace_id, now, end)) if now < end else ()


def added(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Sums by currency, without those that are nothing."""
    sums: dict[str, Money] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, Money(0, one.currency)) + one
    return tuple(sums[currency] for currency in sorted(sums) if sums[currency])


def _charts(days: Iterable[Spent], since: date, until: date) -> list[Chart]:
    by_currency: dict[str, dict[date, int]] = {}
    for row in days:
        for amount in row.money:
            if amount:
                by_currency.setdefault(amount.currency, {})[row.key[0]] = amount.micros
    return [chart(amounts, currency, since, until) for currency, amounts in sorted(by_currency.items())]
