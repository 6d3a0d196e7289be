"""Pure: what a month will have cost when it is over, with an interval, from past use, what is scheduled and the plan of reading.

How. Days to come are drawn from past days, whole days at a time, so that what belongs together stays together: from days of
the same weekday where there are enough of them, else from workdays or weekends, else from all. Past days get weights at random
in each round (a Bayesian bootstrap, corrected for small numbers of days): with few of them the pattern itself is uncertain, and
the interval is wider for it. What is scheduled already is a floor of its kind of call, what a plan of reading may spend is a
ceiling. The rounds' quantiles are the interval. The same seed gives the same forecast.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

ROUNDS = 1000
ENOUGH = 4
"""So many days of one kind are a pool of their own."""
SHARE = 0.8
WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Day:
    """What one past day cost, in micros by kind of call (an operation's price key, or whatever is to be told apart)."""

    on: date
    micros: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the days to come, in micros by kind: `floors` are scheduled already, `ceilings` cannot be passed."""

    floors: Mapping[str, int] = field(default_factory=dict)
    ceilings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forecast:
    """Micros. `spent` so far, `expected` of the whole month; `share` of months end between `low` and `high`.

    `days` past days were drawn from; 0 where there was none, and then only what is scheduled is known.
    """

    spent: int
    committed: int
    expected: int
    low: int
    high: int
    share: float
    days: int


def forecast(
    past: Sequence[Day],
    today: date,
    *,
    spent: int = 0,
    known: Known | None = None,
    share: float = SHARE,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> Forecast:
    """The month of `today`. `past` are whole days before today, those without a call included; `spent` is this month's, today's too.

    Today counts as gone by: what it still brings is part of tomorrow's doubt.
    """
    known, ahead = known or Known(), coming(today)
    committed = sum(known.floors.values())
    luck = random.Random(seed)  # noqa: S311 (a simulation that can be repeated, no secret)
    totals = sorted(spent + sum(one.values()) for one in _rounds(past, ahead, known, luck, rounds))
    edge = (1 - share) / 2
    return Forecast(
        spent=spent,
        committed=committed,
        expected=round(sum(totals) / len(totals)),
        low=totals[int(edge * len(totals))],
        high=totals[min(len(totals) - 1, int((1 - edge) * len(totals)))],
        share=share,
        days=len(past),
    )


def coming(today: date) -> list[date]:
    """The days of today's month after today."""
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return [today + timedelta(days=ahead) for ahead in range(1, (following - today).days)]


def _rounds(
    past: Sequence[Day], ahead: Sequence[date], known: Known, luck: random.Random, rounds: int
) -> list[dict[str, int]]:
    kinds = sorted({kind for day in past for kind in day.micros} | set(known.floors))
    rows = [[day.micros.get(kind, 0) for kind in kinds] for day in past]
    pools = {weekday: _pool(past, weekday) for weekday in {day.weekday() for day in ahead}}
    stretched = {pool: _stretched([rows[place] for place in pool]) for pool in pools.values() if pool}
    days = [pools[day.weekday()] for day in ahead if pools[day.weekday()]]
    return [_round(kinds, stretched, days, known, luck) for _ in range(rounds)]


def _pool(past: Sequence[Day], weekday: int) -> tuple[int, ...]:
    """Places of the past days that a day of this weekday is like."""
    same = tuple(place for place, day in enumerate(past) if day.on.weekday() == weekday)
    if len(same) >= ENOUGH:
        return same
    kind = weekday >= WEEKEND
    alike = tuple(place for place, day in enumerate(past) if (day.on.weekday() >= WEEKEND) == kind)
    return alike if len(alike) >= ENOUGH else tuple(range(len(past)))


def _stretched(rows: Sequence[Sequence[int]]) -> list[list[float]]:
    """Days with their distance from the mean made larger by the root of (n + 1) / (n - 1).

    So much narrower than the truth is a Bayesian bootstrap of n days, however many days are drawn from it: drawn days vary by
    (n - 1) / n of the true variance, and the mean by that over n + 1.
    """
    size, means = len(rows), [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    factor = math.sqrt((size + 1) / (size - 1)) if size > 1 else 1.0
    return [[mean + factor * (value - mean) for value, mean in zip(row, means, strict=True)] for row in rows]


def _round(
    kinds: Sequence[str],
    pools: Mapping[tuple[int, ...], Sequence[Sequence[float]]],
    days: Sequence[tuple[int, ...]],
    known: Known,
    luck: random.Random,
) -> dict[str, int]:
    """One way the rest of the month may go, by kind; `days` names each coming day's pool."""
    weights = {pool: list(itertools.accumulate(luck.expovariate(1) for _ in pool)) for pool in pools}
    drawn = [luck.choices(pools[pool], cum_weights=weights[pool])[0] for pool in days]
    totals = [sum(column) for column in zip(*drawn, strict=True)] if drawn else [0.0] * len(kinds)
    return {
        kind: max(known.floors.get(kind, 0), round(min(total, known.ceilings.get(kind, total))))
        for kind, total in zip(kinds, totals, strict=True)
    }
