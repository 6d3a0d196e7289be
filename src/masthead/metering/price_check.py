"""Pure: what is missing or old in the price catalogue, and what changed in it between two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from masthead.contract.platform import Platform
from masthead.metering.prices import Allowance, Catalogue, Plan, Price, Row, Tariff

STALE_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two days: of which platform, what, and both values in words ("" where there is none)."""

    platform: str
    what: str
    before: str
    after: str


def missing(catalogue: Catalogue, platforms: Mapping[str, Platform], at: date) -> list[str]:
    """Faults in words: platforms without a file, plans and price keys of connectors that the catalogue does not know."""
    faults = []
    for key, platform in platforms.items():
        tariff = catalogue.tariffs.get(key)
        if tariff is None:
            faults.append(f"{key}: no file in the catalogue")
            continue
        known = {row.key for row in catalogue.plans(key, at)}
        faults += [f"{key}: no plan {one.key}" for one in platform.capabilities.plans if one.key not in known]
        keys = sorted({one.price_key for one in platform.operations.values()} - {""})
        faults += [f"{key}: no price for {one}" for one in keys if not catalogue.listed(key, one, at)]
    return faults


def stale(catalogue: Catalogue, at: date) -> list[Row]:
    """One row for each source of a row in force that nobody has looked up for 90 days."""
    found: dict[tuple[str, str], Row] = {}
    for tariff in catalogue.tariffs.values():
        for row in (*tariff.plans, *tariff.prices, *tariff.allowances, *tariff.weights):
            if row.holds(at) and at - row.checked_on > STALE_AFTER:
                found.setdefault((row.platform, row.source), row)
    return list(found.values())


def changes(catalogue: Catalogue, before: date, after: date) -> Iterator[Change]:
    """What the catalogue says of the second day and did not say of the first."""
    for tariff in catalogue.tariffs.values():
        old, new = facts(tariff, before), facts(tariff, after)
        for what in sorted(old.keys() | new.keys()):
            if old.get(what) != new.get(what):
                yield Change(tariff.platform, what, old.get(what, ""), new.get(what, ""))


def facts(tariff: Tariff, at: date) -> dict[str, str]:
    """What holds on a day: words for a fee, a price, an allowance, a weight, by words for what it is of."""
    rows: list[Plan | Price | Allowance] = [*tariff.plans, *tariff.prices, *tariff.allowances]
    found = {_title(row): _value(row) for row in rows if row.holds(at)}
    weights = {f"{row.plan}: units of {row.operation}": f"{row.units:,}" for row in tariff.weights if row.holds(at)}
    return found | weights


def _title(row: Plan | Price | Allowance) -> str:
    if isinstance(row, Plan):
        return f"{row.key}: fee"
    if isinstance(row, Price):
        return f"{row.plan}: {row.operation}" + (f" when {', '.join(sorted(row.when))}" if row.when else "")
    return f"{row.plan}: {row.name} per {row.scope} and {row.per.value.replace('_', ' ')}"


def _value(row: Plan | Price | Allowance) -> str:
    if isinstance(row, Plan):
        return f"{row.fee} a month" if row.fee is not None else "by contract"
    if isinstance(row, Price):
        return f"{row.amount} per {row.unit.value}"
    return f"{row.limit:,} ({row.what.value})"
