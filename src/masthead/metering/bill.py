"""Pure: what calls cost in one month of a plan, line by line, and which of them the plan would have refused.

Units are counted after a rule of counting once: what the same answer brought twice within a day (UTC) or a window counts once. Included
units cost nothing; beyond a cap, or beyond what is included where no price is known, units are refused and never priced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from masthead.kit.money import Money
from masthead.metering.prices import Allowance, Billing, Catalogue, Dedup, NotOffered, Per, Plan, Price, Unit, What

OWN_APP = "own_app"


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls of one kind that succeeded at one moment: `units` of them or of what they brought.

    `resources`: the ids of what they brought, where the rule of counting once still has to be applied; then `units` is not looked at.
    `account` is whose calls they are, for allowances that count per account. `conditions` hold beside those of the whole bill.
    """

    at: datetime
    price_key: str
    units: int = 1
    resources: tuple[str, ...] = ()
    account: int = 0
    conditions: frozenset[str] = frozenset()


class Kind(StrEnum):
    """Why a line is there: the plan's fee, units at a price, units that the plan includes, units without a price."""

    FEE = "fee"
    PRICED = "priced"
    INCLUDED = "included"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Line:
    """`units` of `operation` at `each`; `seen` of them before what came again was left out. `row` is the row that says so."""

    kind: Kind
    operation: str
    units: int
    seen: int
    each: Money
    amount: Money
    row: Plan | Price | Allowance | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Units that the plan would not have allowed, and the allowance that was used up."""

    operation: str
    units: int
    allowance: Allowance


@dataclass(frozen=True, slots=True)
class Bill:
    """One month's bill; the month begins at `begin` and ends before `end`. `known` is False where the fee is a matter of contract."""

    plan: Plan
    begin: datetime
    end: datetime
    lines: tuple[Line, ...]
    refused: tuple[Refusal, ...]
    total: Money
    known: bool = True


def bill(
    usages: Iterable[Usage],
    catalogue: Catalogue,
    platform: str,
    plan: str,
    month: date,
    *,
    own_app: bool,
    anniversary: int = 1,
) -> Bill:
    """The bill of the plan's month that begins in the calendar month of `month`. Raises NotOffered.

    `own_app`: whether the account that signs in owns the developer app. `anniversary`: the day of the month on which the plan was
    bought, for plans that are billed by it; in shorter months their last day.
    """
    held = offered(catalogue, platform, plan, month, anniversary)
    begin, end = cycle(held.billing, month, anniversary)
    conditions = frozenset({OWN_APP}) if own_app else frozenset()
    count = _Count(catalogue, platform, held.key, conditions, begin)
    for usage in sorted(usages, key=lambda one: one.at):
        if begin <= usage.at < end:
            count.add(usage)
    lines = (*_fee(held), *count.lines(held.currency))
    total = sum((one.amount for one in lines), Money(0, held.currency))
    return Bill(held, begin, end, lines, count.refusals(), total, known=held.fee is not None)


def _fee(held: Plan) -> Iterable[Line]:
    if held.fee:
        yield Line(Kind.FEE, "", 1, 1, held.fee, held.fee, held)


def offered(catalogue: Catalogue, platform: str, plan: str, month: date, anniversary: int = 1) -> Plan:
    """The plan's row in the plan's month that begins in `month`; of several fees the one at its beginning. Raises NotOffered."""
    key, tariff = catalogue.plan_key(platform, plan), catalogue.tariffs.get(platform)
    rows = [row for row in (tariff.plans if tariff else ()) if row.key == key]
    for row in sorted(rows, key=lambda row: row.since or date.min):
        begin, end = cycle(row.billing, month, anniversary)
        if (row.since or date.min) < end.date() and begin.date() < (row.until or date.max):
            return row
    raise NotOffered(f"{platform} had no plan {key!r} in {month:%Y-%m}")


def cycle(billing: Billing, month: date, anniversary: int = 1) -> tuple[datetime, datetime]:
    """First moment of the plan's month, and the first moment after it."""
    day = anniversary if billing is Billing.ANNIVERSARY else 1
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return _on(month, day), _on(following, day)


def _on(month: date, day: int) -> datetime:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return datetime(month.year, month.month, min(day, last), tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Rule:
    price: Price | None
    caps: tuple[Allowance, ...]
    includes: tuple[Allowance, ...]
    weight: int


@dataclass(slots=True)
class _Count:
    """Adds usages up, in the order of time. `units` and `seen` by (kind, operation, row); `used` by allowance and window."""

    catalogue: Catalogue
    platform: str
    plan: str
    conditions: frozenset[str]
    begin: datetime
    units: Counter[tuple[Kind, str, Price | Allowance | None]] = field(default_factory=Counter)
    seen: Counter[tuple[Kind, str, Price | Allowance | None]] = field(default_factory=Counter)
    refused: Counter[tuple[str, Allowance]] = field(default_factory=Counter)
    used: Counter[Hashable] = field(default_factory=Counter)
    met: set[Hashable] = field(default_factory=set)
    rules: dict[Hashable, _Rule | None] = field(default_factory=dict)

    def add(self, usage: Usage) -> None:
        """Count one usage: first what caps refuse, then what the plan includes, then what has a price."""
        at, key = usage.at.astimezone(UTC).date(), usage.price_key
        rule = self._rule(key, at, usage.conditions)
        if rule is None:
            return
        price, caps, includes = rule.price, rule.caps, rule.includes
        operation = price.operation if price else key
        fresh = self._fresh(usage, price, (*caps, *includes), at)
        allowed = self._take(caps, usage, rule.weight, fresh)
        included = self._take(includes, usage, rule.weight, allowed) if includes else 0
        rest = allowed - included
        if includes and not price:
            self._refuse(key, includes, usage, rest)
            rest = 0
        self._refuse(key, caps, usage, fresh - allowed)
        again = (len(usage.resources) or usage.units) - fresh
        if includes:
            self._note(Kind.INCLUDED, operation, includes[0], included, included + (0 if price else again))
        if price or not includes:
            self._note(Kind.PRICED if price else Kind.FREE, operation, price, rest, rest + again)

    def _rule(self, key: str, at: date, conditions: frozenset[str]) -> _Rule | None:
        """What the catalogue says of a key on a day, asked once; None where the plan was not there."""
        asked = key, at, conditions
        if asked not in self.rules:
            of = self.platform, self.plan
            there = any(row.key == self.plan for row in self.catalogue.plans(self.platform, at))
            rows = self.catalogue.allowances(*of, key, at)
            self.rules[asked] = None
            if there:
                self.rules[asked] = _Rule(
                    self.catalogue.price(*of, key, at, self.conditions | conditions),
                    tuple(row for row in rows if row.what is What.CAP),
                    tuple(row for row in rows if row.what is What.INCLUDED),
                    self.catalogue.weight(*of, key, at) or 1,
                )
        return self.rules[asked]

    def lines(self, currency: str) -> Iterable[Line]:
        """A line for each kind, operation and row, in the order in which they first came."""
        for (kind, operation, row), units in self.units.items():
            if seen := self.seen[kind, operation, row]:
                each = row.amount if isinstance(row, Price) else Money(0, currency)
                yield Line(kind, operation, units, seen, each, each * units, row)

    def refusals(self) -> tuple[Refusal, ...]:
        """What was refused, by operation and allowance."""
        return tuple(Refusal(key, units, row) for (key, row), units in self.refused.items() if units)

    def _note(self, kind: Kind, operation: str, row: Price | Allowance | None, units: int, seen: int) -> None:
        self.units[kind, operation, row] += units
        self.seen[kind, operation, row] += seen

    def _fresh(self, usage: Usage, price: Price | None, rows: Sequence[Allowance], at: date) -> int:
        """Units after the rule of counting once: the price's, or the first allowance's where there is no price."""
        rule: Price | Allowance | None = price or next((row for row in rows if row.dedup is not Dedup.NONE), None)
        if not usage.resources:
            return usage.units
        if price and price.unit is Unit.REQUEST:
            return usage.units
        if rule is None or rule.dedup is Dedup.NONE:
            return len(usage.resources)
        begin = self.begin if isinstance(rule, Price) else window(rule.per, usage.at, self.begin)
        place = at if rule.dedup is Dedup.UTC_DAY else begin
        what = rule.operation if isinstance(rule, Price) else rule.name
        new = {(what, place, one) for one in usage.resources} - self.met
        self.met |= new
        return len(new)

    def _take(self, rows: Sequence[Allowance], usage: Usage, weight: int, units: int) -> int:
        """Take units from all the allowances together; returns how many there was room for."""
        counters = [(row, self._counter(row, usage)) for row in rows]
        taken = min([units, *(max(0, row.limit - self.used[counter]) // weight for row, counter in counters)])
        for _row, counter in counters:
            self.used[counter] += taken * weight
        return taken

    def _refuse(self, key: str, rows: Sequence[Allowance], usage: Usage, units: int) -> None:
        if units and rows:
            tightest = min(rows, key=lambda row: row.limit - self.used[self._counter(row, usage)])
            self.refused[key, tightest] += units

    def _counter(self, row: Allowance, usage: Usage) -> Hashable:
        """What units are counted under: rows of one name follow each other without starting anew."""
        whose = usage.account if row.scope == "account" else 0
        return row.name, row.scope, row.per, whose, window(row.per, usage.at, self.begin)


CUT: dict[Per, dict[str, Any]] = {
    Per.SECOND: {"microsecond": 0},
    Per.MINUTE: {"second": 0, "microsecond": 0},
    Per.HOUR: {"minute": 0, "second": 0, "microsecond": 0},
    Per.DAY: {"hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    Per.MONTH: {"day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0},
}


def window(per: Per, at: datetime, cycle_began: datetime) -> datetime:
    """The beginning of the window of an allowance that a moment falls into."""
    return cycle_began if per is Per.BILLING_CYCLE else at.astimezone(UTC).replace(**CUT[per])
