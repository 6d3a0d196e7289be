"""Pure: what calls cost. Calls and prices in; rows of the ledger and the sums of hours and days out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

from masthead.contract.calls import Call
from masthead.metering.prices import Catalogue, Dedup, Price, Unit

COLUMNS = (
    "at",
    "workspace_id",
    "channel_id",
    "platform",
    "server",
    "operation",
    "purpose",
    "app",
    "plan",
    "conditions",
    "price_key",
    "status",
    "error",
    "weight",
    "seconds",
    "units",
    "charged",
    "micros",
    "currency",
    "quota_limit",
    "quota_remaining",
    "quota_resets_at",
)
"""Of the rows of calls."""
UNTOLD = (None, None, None)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DEAREST = 2**62
"""Sums of money stay below what the database's integers hold."""

SeenKey = tuple[date, str, str, str, int]
"""Day, platform, developer app (or server where there is none), key of the price, hash of a resource."""
Kind = tuple[int, datetime, int, str, str, str, str, str, str, str, str, str, str]
"""Workspace, hour, channel, platform, server, operation, error, purpose, app, plan, conditions, price key, currency."""
DayKind = tuple[int, date, int, str, str, str, str, str, str, str, str]
"""The same of a day, without server and error."""


class Ledger(NamedTuple):
    """What is to be written: a row for each call, and sums by kind (calls, weight, seconds, units, charged, micros).

    A day's sums end with the calls that failed.
    """

    rows: list[tuple[Any, ...]]
    hours: dict[Kind, list[Any]]
    days: dict[DayKind, list[Any]]


def priced(calls: Iterable[Call], catalogue: Catalogue) -> list[Price | None]:
    """The price of each call's unit by the catalogue on its UTC day; None where it is free."""
    known: dict[Any, Price | None] = {}
    found = []
    for call in calls:
        key = (call.platform, call.plan, call.price_key, call.conditions, call.at.date())
        if key not in known:
            known[key] = catalogue.price(
                call.platform, call.plan, call.price_key, call.at.astimezone(UTC).date(), call.conditions
            )
        found.append(known[key])
    return found


def claims(calls: Sequence[Call], prices: Sequence[Price | None]) -> dict[SeenKey, int]:
    """The resources that are charged once a day, each with the place of the first call that read it."""
    found: dict[SeenKey, int] = {}
    for place, (call, price) in enumerate(zip(calls, prices, strict=True)):
        if price is None or not call.resources or not _once_a_day(price):
            continue
        day, app = call.at.astimezone(UTC).date(), call.app or call.server[:200]
        for resource in call.resources:
            found.setdefault((day, call.platform, app, price.operation, hashed(resource)), place)
    return found


def hashed(resource: str) -> int:
    """A resource's id as a signed number of 64 bits: a day's resources do not meet in so many."""
    return int.from_bytes(blake2b(resource.encode(), digest_size=8).digest(), signed=True)


def reckoned(calls: Sequence[Call], prices: Sequence[Price | None], fresh: Mapping[int, int]) -> Ledger:
    """The rows and sums; `fresh` says how many of a call's resources (by its place) were not charged on that day before."""
    ledger, hour = Ledger([], {}, {}), _Hour(LONG_AGO)
    for place, (call, price) in enumerate(zip(calls, prices, strict=True)):
        if not hour.begin <= call.at < hour.end:
            hour = _Hour(call.at)
        _enter(ledger, call, price, _charged(call, price, fresh.get(place, 0)) if price else 0, hour.begin)
    for kind, sums in ledger.hours.items():
        _enter_day(ledger.days, kind, sums)
    return ledger


class _Hour:
    """The hour of a moment: most calls of a batch are in the same."""

    def __init__(self, at: datetime) -> None:
        self.begin = at.replace(minute=0, second=0, microsecond=0)
        self.end = self.begin + timedelta(hours=1)


def _once_a_day(price: Price) -> bool:
    return price.unit is Unit.RESOURCE and price.dedup is Dedup.UTC_DAY


def _charged(call: Call, price: Price, fresh: int) -> int:
    """Units that are charged. Only what went well is; things without an id cannot be told apart, so each counts."""
    if call.error:
        return 0
    if price.unit is Unit.REQUEST:
        return 1
    return fresh + max(0, call.units - len(call.resources)) if _once_a_day(price) else call.units


def _enter(ledger: Ledger, call: Call, price: Price | None, charged: int, hour: datetime) -> None:
    """Add a call's row, in the order of COLUMNS, and its part of the sums. Spelt out: thousands come each second."""
    micros, currency = (min(charged * price.amount.micros, DEAREST), price.amount.currency) if price else (0, "")
    conditions = ",".join(sorted(call.conditions))[:80] if call.conditions else ""
    workspace, channel, weight, seconds, units = (
        call.workspace_id,
        call.channel_id,
        call.weight,
        call.seconds,
        call.units,
    )
    platform, server, operation, error = call.platform[:32], call.server[:200], call.operation[:64], call.error[:32]
    purpose, app, plan, key = call.purpose[:16], call.app[:64], call.plan[:40], call.price_key[:64]
    told = (call.told.limit or None, call.told.remaining, call.resets_at) if call.told else UNTOLD
    row = (call.at, workspace, channel, platform, server, operation, purpose, app, plan, conditions, key, call.status)
    ledger.rows.append((*row, error, weight, seconds, units, charged, micros, currency, *told))
    place = (workspace, hour, channel, platform, server, operation, error)
    kind: Kind = (*place, purpose, app, plan, conditions, key, currency)
    sums = ledger.hours.get(kind)
    if sums is None:
        ledger.hours[kind] = [1, weight, seconds, units, charged, micros]
        return
    sums[0] += 1
    sums[1] += weight
    sums[2] += seconds
    sums[3] += units
    sums[4] += charged
    sums[5] += micros


def _enter_day(days: dict[DayKind, list[Any]], kind: Kind, sums: Sequence[Any]) -> None:
    workspace, hour, channel, platform, _server, operation, error, *rest = kind
    key: DayKind = (workspace, hour.astimezone(UTC).date(), channel, platform, operation, *rest)  # type: ignore[assignment]
    day = days.setdefault(key, [0, 0, 0.0, 0, 0, 0, 0])
    for index, value in enumerate((*sums, sums[0] if error else 0)):
        day[index] += value


def columns(sums: Mapping[tuple[Any, ...], Sequence[Any]]) -> Iterator[list[Any]]:
    """Sums as columns: first those of the kinds, then those of the values."""
    return (list(column) for column in zip(*((*kind, *values) for kind, values in sums.items()), strict=True))
