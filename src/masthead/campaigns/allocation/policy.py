"""An allocator: told the size of a campaign once, asked for budgets each day.

It keeps nothing between days: the same view gives the same budgets, in any process, in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from masthead.campaigns.allocation import capacity, curve, days, explain, forecast, guard, history, knapsack, prior
from masthead.campaigns.allocation.capacity import Capacity
from masthead.campaigns.allocation.curve import Curves
from masthead.campaigns.allocation.history import Array
from masthead.campaigns.allocation.limits import Limits, by_arm
from masthead.campaigns.allocation.reasons import Move

UNITS = 120  # into which the money above the lowest budgets is cut
OPTIMISM = 0.3  # standard deviations: what is little known is tried a little more than it deserves


@dataclass(frozen=True)
class Decision:
    """Budgets of today by arm, and why each moved."""

    budgets: Array
    moves: list[Move]


class Allocator:
    """Divides each day's budget among platforms.

    `benchmarks`: usual cost per conversion by arm, NaN where none is known. `seed` is accepted so that all allocators can be called alike;
    nothing here is random.
    """

    def __init__(self, limits: Limits | None = None, benchmarks: Sequence[float] | None = None, seed: int = 0) -> None:
        self.limits = limits or Limits()
        self.benchmarks = benchmarks
        self.seed = seed
        self.arms, self.days, self.daily = 0, 0, 0.0

    def start(self, platforms: int | Sequence[object], days: int, daily_budget: float) -> None:
        """How many arms (or a list of them), how many days, money a day."""
        self.arms = platforms if isinstance(platforms, int) else len(platforms)
        self.days, self.daily = days, float(daily_budget)

    def act(self, view: object) -> Array:
        """Budgets of today, one for each arm, together at most the day's money."""
        return self.decide(view).budgets

    def decide(self, view: object) -> Decision:
        """Budgets of today with their reasons."""
        past = history.read(view, self.arms, self.days, self.daily)
        daily = min(past.daily, past.left)
        if not past.arms or not past.live.any() or daily <= 0:
            return Decision(np.zeros(past.arms), [])
        seen = days.corrected(past)
        even = self._even(past.daily)
        found = capacity.measure(past)
        curves = curve.fit(seen, prior.pooled(seen, even, self._costs()), even, [past.spend.shape[1]])[0]
        learning = history.flags(view, "learning", past.arms)
        room = guard.room(past, found, self.limits, daily, learning)
        worth = self.limits.values(past.arms)
        today = seen.week[:, past.day % 7] * worth
        budgets = choose(curves, found, today, room, daily, self.limits)
        case = explain.Case(past, curves, found, room, today, worth, learning, self.limits.target, budgets)
        return Decision(budgets, explain.moves(case))

    def forecast(
        self, view: object, budgets: Sequence[float] | Array | None = None, ahead: int = 7
    ) -> forecast.Forecast:
        """Conversions of the next days if these budgets (today's decision by default) stay: expected, with an 80 % interval."""
        past = history.read(view, self.arms, self.days, self.daily)
        plan = np.asarray(self.act(view) if budgets is None else budgets, float)
        even = self._even(past.daily)
        return forecast.ahead(past, days.corrected(past), plan, even, self._costs(), ahead)

    def _even(self, daily: float) -> float:
        """An even share of the day's money: the unit of the curves."""
        return max(self.daily or daily, 1e-9) / max(self.arms, 1)

    def _costs(self) -> Array:
        """Benchmarks by arm."""
        return by_arm(self.benchmarks, self.arms, np.nan)


def choose(curves: Curves, found: Capacity, today: Array, room: guard.Room, daily: float, limits: Limits) -> Array:
    """The budgets within the room that bring most."""
    unit = max(daily - room.low.sum(), 0.0) / UNITS
    steps = np.arange(UNITS + 1) * unit
    budgets = np.minimum(room.low[:, None] + steps, room.high[:, None])
    value = worth_of(curves, found, budgets * found.usual[:, None]) * today[:, None] - limits.target * budgets
    forbidden = (budgets > 0) & (budgets < room.least[:, None] - 1e-9) & (steps > 0)
    value = np.where(forbidden, -np.inf, value)
    useful = 1 + np.sum(budgets[:, 1:] > budgets[:, :-1], axis=1)
    chosen = knapsack.solve([row[:n] for row, n in zip(value, useful, strict=True)], UNITS)
    picked = budgets[np.arange(len(budgets)), chosen]
    picked = picked * min(1.0, daily / max(float(picked.sum()), 1e-300))
    rounded: Array = np.floor(picked / limits.round_to + 1e-9) * limits.round_to if limits.round_to else picked
    return rounded


def worth_of(curves: Curves, found: Capacity, spend: Array) -> Array:
    """Conversions hoped for at each step of rising spend [P, m], with capacities known and feared."""
    hoped = curves.mean(spend) + OPTIMISM * curves.deviation(spend)
    gains = np.diff(hoped, axis=1) * found.reach(spend, curves.even)
    return np.concatenate([hoped[:, :1], hoped[:, :1] + np.cumsum(gains, axis=1)], axis=1)
