"""Pure: what each platform charges, under which plan, on which day, as dated rows with a source.

The rows are the files of the folder `catalogue`; `price_rows.py` reads them. A row holds from `since` up to, not including,
`until`; None leaves that side open. A plan "" means the platform's default plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from masthead.kit.money import Money

ANY_CALL = "*"
"""The operation of a row that holds for every call that has no row of its own."""


class Evidence(StrEnum):
    """How good a source is: the platform itself, press or vendors, a community note that cites the platform, memory, our own."""

    PRIMARY = "P"
    SECONDARY = "S"
    COMMUNITY = "C"
    RECOLLECTION = "R"
    OURS = "O"


class Billing(StrEnum):
    """When a plan's month begins: on the first (UTC), or on the day of the month on which the plan was bought."""

    CALENDAR_MONTH = "calendar_month"
    ANNIVERSARY = "anniversary"


class Unit(StrEnum):
    """What a price is for: a call that succeeded, or each thing in its answer."""

    REQUEST = "request"
    RESOURCE = "resource"


class Dedup(StrEnum):
    """When the same resource counts only once: never, within a day (UTC), within the window of the allowance."""

    NONE = ""
    UTC_DAY = "utc_day"
    WINDOW = "window"


class Per(StrEnum):
    """The window of an allowance. DAY and shorter are UTC; BILLING_CYCLE follows the plan's billing."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    BILLING_CYCLE = "billing_cycle"


class What(StrEnum):
    """INCLUDED: the plan covers so many, beyond them the price counts, or refusal without one. CAP: beyond them refusal."""

    INCLUDED = "included"
    CAP = "cap"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """What every row says: when it holds, who says so, and how good that is. A row equals itself only, which makes it cheap as a key."""

    platform: str
    since: date | None = None
    until: date | None = None
    source: str
    evidence: Evidence
    checked_on: date
    note: str = ""

    def holds(self, at: date) -> bool:
        """True where the row is in force on that day."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan(Row):
    """A plan at one fee per month; a new fee is a new row. `fee` is None where it is a matter of contract.

    `sold_until`: from that day nobody new gets it, while those who have it keep it.
    """

    key: str
    name: str
    billing: Billing
    fee: Money | None
    currency: str
    sold_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Price(Row):
    """The price of one unit of an operation (`Operation.price_key`). `when`: conditions that must all hold, such as own_app.

    `operation` is the row's own key: what is deduplicated together.
    """

    plan: str
    operation: str
    unit: Unit
    amount: Money
    when: frozenset[str] = frozenset()
    dedup: Dedup = Dedup.NONE
    override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Allowance(Row):
    """At most `limit` units (times their weights) of the operations together, per window and per `scope` (app or account)."""

    plan: str
    name: str
    operations: frozenset[str]
    per: Per
    limit: int
    what: What
    scope: str = "app"
    dedup: Dedup = Dedup.NONE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weight(Row):
    """How many units of its allowances one call of an operation takes."""

    plan: str
    operation: str
    units: int


@dataclass(frozen=True, slots=True)
class Override:
    """A price that an installation knows better, such as one of its own contract. `plan` "" means every plan."""

    platform: str
    plan: str
    operation: str
    amount: Money
    since: date | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tariff:
    """One platform's rows. `falls_to`: the key that counts where a key has no row that holds. `names`: keys in words."""

    platform: str
    name: str
    currency: str
    default: str
    plans: tuple[Plan, ...]
    prices: tuple[Price, ...]
    allowances: tuple[Allowance, ...]
    weights: tuple[Weight, ...]
    falls_to: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class NotOffered(LookupError):
    """The platform has no such plan on that day."""


class Catalogue:
    """All tariffs, made for quick asking: a price is one look into a table and a comparison of a few dates."""

    def __init__(self, tariffs: Iterable[Tariff]) -> None:
        self.tariffs = {one.platform: one for one in tariffs}
        self._prices: dict[tuple[str, str, str], list[Price]] = {}
        for tariff in self.tariffs.values():
            for row in tariff.prices:
                self._prices.setdefault((row.platform, row.plan, row.operation), []).append(row)
        for rows in self._prices.values():
            rows.sort(key=lambda row: (row.override, len(row.when)), reverse=True)

    def plan_key(self, platform: str, plan: str) -> str:
        """The plan meant: itself, or the platform's default for "" and for a plan that the catalogue does not know."""
        tariff = self.tariffs.get(platform)
        if tariff is None or any(one.key == plan for one in tariff.plans):
            return plan
        return tariff.default

    def price(
        self, platform: str, plan: str, price_key: str, at: date, conditions: frozenset[str] = frozenset()
    ) -> Price | None:
        """The row that holds for one unit; None where it is free or not in the catalogue.

        Of several that hold an override wins, then the one with the most conditions. Where none holds, the key that
        `falls_to` names is asked, at last the row of any call.
        """
        tariff = self.tariffs.get(platform)
        if tariff is None or not tariff.prices:
            return None
        held, key = self.plan_key(platform, plan), price_key
        while True:
            for row in self._prices.get((platform, held, key), ()):
                if row.when <= conditions and row.holds(at):
                    return row if row.amount else None
            if key == ANY_CALL:
                return None
            key = tariff.falls_to.get(key, ANY_CALL)

    def listed(self, platform: str, price_key: str, at: date) -> bool:
        """True where some plan has a row for the key on that day, a free one included."""
        tariff = self.tariffs.get(platform)
        keys, key = {ANY_CALL, price_key}, price_key
        while tariff and key in tariff.falls_to:
            key = tariff.falls_to[key]
            keys.add(key)
        rows = tariff.prices if tariff else ()
        return any(row.operation in keys and row.holds(at) for row in rows)

    def plan(self, platform: str, plan: str, at: date) -> Plan:
        """The plan's row on that day. Raises NotOffered."""
        key = self.plan_key(platform, plan)
        for row in self.plans(platform, at):
            if row.key == key:
                return row
        raise NotOffered(f"{platform} has no plan {key!r} on {at}")

    def plans(self, platform: str, at: date) -> tuple[Plan, ...]:
        """The plans of a platform on that day, those no longer sold included."""
        tariff = self.tariffs.get(platform)
        return tuple(row for row in tariff.plans if row.holds(at)) if tariff else ()

    def allowances(self, platform: str, plan: str, price_key: str, at: date) -> tuple[Allowance, ...]:
        """The allowances that a call of the operation takes from on that day."""
        tariff, key = self.tariffs.get(platform), self.plan_key(platform, plan)
        rows = tariff.allowances if tariff else ()
        return tuple(
            row
            for row in rows
            if row.plan == key and row.holds(at) and (price_key in row.operations or ANY_CALL in row.operations)
        )

    def weight(self, platform: str, plan: str, price_key: str, at: date) -> int:
        """How many units of its allowances one call takes; 1 where nothing else is said."""
        tariff, key = self.tariffs.get(platform), self.plan_key(platform, plan)
        rows = tariff.weights if tariff else ()
        for row in rows:
            if row.plan == key and row.operation == price_key and row.holds(at):
                return row.units
        return 1

    def charges(self, platform: str, plan: str, at: date) -> bool:
        """True where the platform asks money for single calls under this plan on that day."""
        tariff, key = self.tariffs.get(platform), self.plan_key(platform, plan)
        rows = tariff.prices if tariff else ()
        return any(row.plan == key and bool(row.amount) and row.holds(at) for row in rows)

    def overridden(self, overrides: Iterable[Override], on: date) -> Catalogue:
        """This catalogue with an installation's own prices over it; `on` is the day they were looked at."""
        given = tuple(overrides)
        return Catalogue(_overridden(one, given, on) for one in self.tariffs.values()) if given else self


def _overridden(tariff: Tariff, overrides: Iterable[Override], on: date) -> Tariff:
    keys = sorted({one.key for one in tariff.plans})
    more = [
        _row(tariff, one, plan, on)
        for one in overrides
        if one.platform == tariff.platform
        for plan in ([one.plan] if one.plan else keys)
    ]
    return replace(tariff, prices=(*tariff.prices, *more)) if more else tariff


def _row(tariff: Tariff, one: Override, plan: str, on: date) -> Price:
    """An override as a row: unit and rule of counting stay those of the row it stands over."""
    like = next((row for row in reversed(tariff.prices) if row.operation == one.operation), None)
    return Price(
        platform=tariff.platform,
        plan=plan,
        operation=one.operation,
        unit=like.unit if like else Unit.REQUEST,
        amount=one.amount,
        dedup=like.dedup if like else Dedup.NONE,
        since=one.since,
        until=one.until,
        source="",
        evidence=Evidence.OURS,
        checked_on=on,
        note=one.note,
        override=True,
    )
