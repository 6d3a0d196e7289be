"""What calls cost a workspace, from the sums of days. One scan answers any number of questions. Days are UTC, as platforms bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from masthead.kit.money import Money

BY: dict[str, tuple[str, ...]] = {
    "total": (),
    "platform": ("platform",),
    "channel": ("platform", "channel_id"),
    "purpose": ("purpose",),
    "app": ("platform", "app", "plan"),
    "day": ("day",),
    "operation": ("platform", "operation"),
    "price": ("platform", "plan", "conditions", "price_key"),
}
"""What spending can be split by, and the columns that make the key of a row."""
ASK = """
select grouping({columns}), {columns}, sum(micros)::bigint, sum(calls)::bigint, sum(failed)::bigint,
  sum(units)::bigint, sum(charged)::bigint
from metering_callday where workspace_id = %s and day >= %s and day < %s
group by grouping sets ({sets})
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """One row of a split: `key` is in the order of BY. `charged` of the `units` had a price; `failed` of the `calls` brought an error."""

    key: tuple[Any, ...]
    money: tuple[Money, ...]
    calls: int
    failed: int
    units: int
    charged: int

    @property
    def micros(self) -> int:
        """The sum of the amounts whatever their currency: only for putting rows in order."""
        return sum(one.micros for one in self.money)


def spent(workspace_id: int, since: date, until: date, by: str) -> list[Spent]:
    """Spending from a day to before another, split by a key of BY: days in order, all else the dearest first."""
    return breakdown(workspace_id, since, until, [by])[by]


def breakdown(workspace_id: int, since: date, until: date, by: Sequence[str]) -> dict[str, list[Spent]]:
    """The same for several splits at once."""
    used = sorted({column for one in by for column in BY[one]} | {"currency"})
    grouped = {_mask(used, BY[one]): one for one in by}
    found: dict[str, dict[tuple[Any, ...], Spent]] = {one: {} for one in by}
    sets = ", ".join(f"({', '.join((*BY[one], 'currency'))})" for one in by)
    with connection.cursor() as cursor:
        cursor.execute(ASK.format(columns=", ".join(used), sets=sets), [workspace_id, since, until])
        for mask, *values in cursor.fetchall():
            name, told = grouped[mask], dict(zip(used, values, strict=False))
            key = tuple(told[column] for column in BY[name])
            found[name][key] = _added(found[name].get(key), key, told["currency"], *values[len(used) :])
    return {name: _in_order(name, list(rows.values())) for name, rows in found.items()}


def first_day(workspace_id: int) -> date | None:
    """The first day of which sums are kept; None where there was never a call."""
    with connection.cursor() as cursor:
        cursor.execute("select min(day) from metering_callday where workspace_id = %s", [workspace_id])
        found: date | None = cursor.fetchone()[0]
    return found


def _mask(used: Sequence[str], columns: Sequence[str]) -> int:
    """What PostgreSQL's grouping() says of a set: a bit for each column that is not in it, the last column lowest."""
    return sum(1 << place for place, one in enumerate(reversed(used)) if one not in (*columns, "currency"))


def _added(
    known: Spent | None, key: tuple[Any, ...], currency: str, micros: int, calls: int, failed: int, units: int, charged: int
) -> Spent:  # fmt: skip
    before = known or Spent(key, (), 0, 0, 0, 0)
    money = (*before.money, Money(micros, currency)) if currency else before.money
    return Spent(
        key,
        tuple(sorted(money, key=lambda one: one.currency)),
        before.calls + calls,
        before.failed + failed,
        before.units + units,
        before.charged + charged,
    )


def _in_order(name: str, rows: list[Spent]) -> list[Spent]:
    if name == "day":
        return sorted(rows, key=lambda one: one.key)
    return sorted(rows, key=lambda one: (-one.micros, -one.calls, [str(part) for part in one.key]))
