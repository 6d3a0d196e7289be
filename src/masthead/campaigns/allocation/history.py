"""What is known on the morning of a day, in one clean shape, whatever the caller's arrays look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
LAGS = 15
MOST_DAYS = 180  # older days say nothing about today and cost time


@dataclass(frozen=True)
class History:
    """The past of P arms over n days, without gaps: what is not usable has `ok` False. Money in any one unit, the same for all.

    `first` is the number of the first day kept, so that `first + column` is the day of the campaign.
    """

    day: int
    days: int
    first: int
    spend: Array  # [P, n]
    budget: Array  # [P, n]
    conversions: Array  # [P, n] by day of the click, as far as they are known
    age: Whole  # [n] highest lag whose conversions are known
    triangle: Array  # [P, n, LAGS] cumulative, NaN where not yet known
    ok: Flags  # [P, n]
    live: Flags  # [P]
    daily: float
    left: float

    @property
    def arms(self) -> int:
        """How many arms there are, the withdrawn ones included."""
        return int(self.live.size)

    @property
    def weekdays(self) -> Whole:
        """Day of the week of each column, counted from the campaign's first day."""
        return (self.first + np.arange(self.spend.shape[1])) % 7


def read(view: object, arms: int, days: int, daily: float) -> History:
    """A `History` from a view (mapping or object); what is missing is filled with what says least, never an error."""
    spend, budget = _field(view, "spend"), _field(view, "budget")
    day = _day(view, spend if spend is not None else budget)
    shape = (arms, day)
    known_spend = _table(spend if spend is not None else budget, shape)
    known_budget = _table(budget if budget is not None else spend, shape)
    conversions, flags = _table(_field(view, "y"), shape), _table(_field(view, "ok"), shape, 1.0)
    ok = (
        np.isfinite(known_spend)
        & np.isfinite(conversions)
        & (known_spend >= 0)
        & (conversions >= 0)
        & (np.nan_to_num(flags) > 0)
    )
    age, triangle = _triangle(view, shape, conversions)
    first = max(0, day - MOST_DAYS)
    live = _field(view, "live")
    money = _number(view, "daily", daily)
    return History(
        day,
        max(int(_number(view, "T", days)), day + 1),
        first,
        _clean(known_spend)[:, first:],
        _clean(np.where(np.isfinite(known_budget), known_budget, known_spend))[:, first:],
        _clean(conversions)[:, first:],
        age[first:],
        triangle[:, first:],
        ok[:, first:],
        _row(live, arms, 1.0) > 0,
        max(money, 0.0),
        max(_number(view, "left", np.inf), 0.0),
    )


def _field(view: object, name: str) -> Any:
    """A field of a mapping or an object; None where there is none."""
    return view.get(name) if isinstance(view, Mapping) else getattr(view, name, None)


def _number(view: object, name: str, otherwise: float) -> float:
    """A number of the view, or what stands for it."""
    value = _field(view, name)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return otherwise
    return otherwise if np.isnan(number) else number


def _day(view: object, table: Any) -> int:
    """The number of today; without one, as many days as the table holds."""
    columns = np.asarray(table, float).shape[-1] if table is not None and np.ndim(table) == 2 else 0
    return max(int(_number(view, "t", columns)), 0)


def _table(values: Any, shape: tuple[int, int], otherwise: float = np.nan) -> Array:
    """Values as [P, t]: further columns are cut, missing ones and missing rows filled."""
    table = np.full(shape, otherwise)
    if values is None or np.ndim(values) != 2:
        return table
    given = np.asarray(values, float)[: shape[0], : shape[1]]
    table[: given.shape[0], : given.shape[1]] = given
    return table


def _row(values: Any, size: int, otherwise: float) -> Array:
    """Values as [P]."""
    row = np.full(size, otherwise)
    if values is not None and np.ndim(values) == 1:
        given = np.nan_to_num(np.asarray(values, float)[:size])
        row[: given.size] = given
    return row


def _clean(values: Array) -> Array:
    """Nothing that is not a number, nothing below zero."""
    return np.maximum(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0), 0.0)


def _triangle(view: object, shape: tuple[int, int], conversions: Array) -> tuple[Whole, Array]:
    """Highest known lag of each day, and cumulative conversions by lag, NaN beyond it.

    Callers count ages from 0 or from 1 and lay triangles out cumulative or by lag; that reading is taken which agrees with the totals.
    """
    day = shape[1]
    plain = day - 1 - np.arange(day)
    given = _field(view, "tri")
    ages = _field(view, "age")
    counted = plain if ages is None or np.ndim(ages) != 1 else _ages(ages, plain)
    if given is None or np.ndim(given) != 3 or not day:
        return np.minimum(plain, counted), np.full((*shape, LAGS), np.nan)
    table = np.full((*shape, LAGS), np.nan)
    part = np.asarray(given, float)[: shape[0], :day, :LAGS]
    table[: part.shape[0], : part.shape[1], : part.shape[2]] = part
    candidates = [(lag, kind) for kind in (table, np.nancumsum(table, axis=2)) for lag in (plain, counted, counted - 1)]
    misfits = [_misfit(kind, lag, conversions) for lag, kind in candidates]
    age, triangle = candidates[int(np.argmin(misfits))]
    known = np.arange(LAGS)[None, None, :] <= age[None, :, None]
    return age, np.where(known & np.isfinite(triangle), triangle, np.nan)


def _ages(ages: Any, plain: Whole) -> Whole:
    """The caller's ages as whole numbers, ours where they are missing."""
    row = np.asarray(ages, float)[: plain.size]
    result = plain.copy()
    result[: row.size] = np.where(np.isfinite(row), np.nan_to_num(row), plain[: row.size]).astype(np.int64)
    return result


def _misfit(triangle: Array, age: Whole, conversions: Array) -> float:
    """How far the triangle at these ages is from the totals, over days young enough to tell."""
    young = (age >= 0) & (age < LAGS)
    if not young.any():
        return 0.0
    at = np.take_along_axis(triangle[:, young], age[young][None, :, None], axis=2)[:, :, 0]
    return float(np.abs(np.nan_to_num(at) - np.nan_to_num(conversions[:, young])).sum())


def flags(view: object, name: str, arms: int) -> Flags:
    """A row of flags of the view; all False where it is missing."""
    return _row(_field(view, name), arms, 0.0) > 0
