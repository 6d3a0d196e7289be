"""What allocation is compared with: plain rules, a fit a day, and a bandit. None of them is bound to 20 % a day.

They are ours, set by hand: not the packages of vendors. All of them know what the product's allocator knows, the view; the two that fit
curves also use its rule of capacity (nothing is expected beyond what a platform took when it left budget unspent).
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from market import Array, Equal, knapsack

UNITS = 100
WARM = 3  # days of an uneven split before a curve can be fitted


def split_of(view: SimpleNamespace, values: Array) -> Array:
    """The best split for values [arm, 0..UNITS]."""
    values = np.where(view.live[:, None], values, -1e-9 * np.arange(UNITS + 1))
    return knapsack(values, UNITS) * view.daily / UNITS * view.live


def most(view: SimpleNamespace) -> Array:
    """Spend of the newest day that left budget unspent, by arm."""
    full = view.ok & (view.spend < 0.96 * view.budget) & (view.spend > 0)
    newest = view.t - 1 - np.argmax(full[:, ::-1], axis=1)
    return np.where(full.any(axis=1), view.spend[np.arange(len(newest)), newest], np.inf)


def warm(view: SimpleNamespace) -> Array:
    """An uneven split, another one each day."""
    part = view.live * (0.6 + 0.8 * ((np.arange(view.P) + 2 * view.t) % view.P) / max(view.P - 1, 1))
    return view.daily * part / part.sum()


class ManualWeekly(Equal):
    """Once a week a fifth of the budget of the arm with the worst cost per conversion goes to the one with the best."""

    def act(self, view: SimpleNamespace) -> Array:
        """Yesterday's split, changed on every seventh day."""
        if not view.t:
            return super().act(view)
        budget = view.budget[:, -1] * view.live
        budget = budget + view.live * max(view.daily - budget.sum(), 0) / max(view.live.sum(), 1)
        if view.t % 7 == 0:
            week = slice(view.t - 7, view.t)
            rate = view.y[:, week].sum(axis=1) / np.maximum(view.spend[:, week].sum(axis=1), 1e-9)
            worst, best = np.argmin(np.where(view.live, rate, np.inf)), np.argmax(np.where(view.live, rate, -np.inf))
            moved = 0.2 * budget[worst]
            budget[worst] -= moved
            budget[best] += moved
        return budget


class DailyMle(Equal):
    """The likeliest Hill curve of each arm, from conversions as reported, fitted anew each day; then the knapsack."""

    def act(self, view: SimpleNamespace) -> Array:
        """The split that is best if the curves are right."""
        if view.t < WARM:
            return warm(view)
        even, cap = view.daily / view.P, most(view)
        grid = np.linspace(0, view.daily, UNITS + 1)
        values = np.zeros((view.P, UNITS + 1))
        half, power = (axis.ravel() for axis in np.meshgrid(even * np.geomspace(0.1, 10, 15), [0.8, 1.0, 1.25, 1.5]))
        for arm in range(view.P):
            use = view.ok[arm] & (view.spend[arm] > 0)
            x = hill(view.spend[arm, use], half, power)
            y = view.y[arm, use]
            top = (y.sum() + 0.5) / (x.sum(axis=1) + 0.5)
            likely = (y * np.log(np.maximum(top[:, None] * x, 1e-12)) - top[:, None] * x).sum(axis=1)
            best = int(likely.argmax())
            values[arm] = top[best] * hill(np.minimum(grid, cap[arm]), half[best : best + 1], power[best : best + 1])[0]
        return split_of(view, values)


def hill(spend: Array, half: Array, power: Array) -> Array:
    """[curve, spend]: Hill curves of height 1."""
    part = (spend[None, :] / half[:, None]) ** power[:, None]
    return part / (1 + part)


class GpUcb(Equal):
    """A Gaussian process for each arm and an upper bound, then the knapsack (after Nuara and others)."""

    def act(self, view: SimpleNamespace) -> Array:
        """The split that is best if every arm is as good as its upper bound."""
        if view.t < WARM:
            return warm(view)
        even, cap = view.daily / view.P, most(view)
        grid = np.linspace(0, view.daily, UNITS + 1)
        pooled = view.y.sum() / max(view.spend.sum(), 1e-9)
        values = np.zeros((view.P, UNITS + 1))
        for arm in range(view.P):
            use = view.ok[arm] & (view.spend[arm] > 0)
            mean, deviation = process(view.spend[arm, use], view.y[arm, use], np.minimum(grid, cap[arm]), even, pooled)
            values[arm] = np.maximum.accumulate(np.maximum(mean + 0.5 * deviation, 0))
            values[arm, 0] = 0
        return split_of(view, values)


def process(spend: Array, y: Array, at: Array, even: float, rate: float) -> tuple[Array, Array]:
    """Mean and deviation of a process around the saturating curve that all arms share."""
    scale = rate * even

    def centre(s: Array) -> Array:
        return 2 * scale * s / (even + s)

    def cover(a: Array, b: Array) -> Array:
        size = np.sqrt(a / even)[:, None] * np.sqrt(b / even)[None, :]
        return (
            (0.7 * scale) ** 2
            * size
            * np.exp(-0.5 * (np.log1p(a / even)[:, None] - np.log1p(b / even)[None, :]) ** 2 / 0.6**2)
        )

    age = np.arange(spend.size)[::-1]
    noise = (np.maximum(y, scale / 4) + 0.05 * y**2 + 0.1) * 1.02**age
    both = np.linalg.solve(cover(spend, spend) + np.diag(noise), np.column_stack([y - centre(spend), cover(spend, at)]))
    mean = centre(at) + cover(at, spend) @ both[:, 0]
    variance = np.diag(cover(at, at)) - np.einsum("as,sa->a", cover(at, spend), both[:, 1:])
    return mean, np.sqrt(np.maximum(variance, 0))


RIVALS = {"equal": Equal, "manual_weekly": ManualWeekly, "daily_mle": DailyMle, "gp_ucb_knapsack": GpUcb}
