"""From a decision to its reasons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from masthead.campaigns.allocation import curve
from masthead.campaigns.allocation.capacity import Capacity
from masthead.campaigns.allocation.curve import Curves
from masthead.campaigns.allocation.guard import Room
from masthead.campaigns.allocation.history import Array, Flags, History
from masthead.campaigns.allocation.reasons import Move, Why

SMALL = 0.01  # a smaller move is none
COIN = 0.02  # of an even share: the coin that is asked about
RHYTHM = 0.1  # a day that differs by so much explains a move by itself


@dataclass(frozen=True)
class Case:
    """What a decision was made from, and the decision."""

    history: History
    curves: Curves
    capacity: Capacity
    room: Room
    today: Array  # weekday factor times worth, by arm
    ordinary: Array  # worth, by arm
    learning: Flags
    target: float
    budgets: Array


def moves(case: Case) -> list[Move]:
    """A reason for each arm."""
    before = case.history.budget[:, -1] if case.history.budget.shape[1] else np.zeros(case.history.arms)
    marginal, deviation = _marginal(case)
    live = case.history.live
    elsewhere = float(np.average(marginal[live], weights=case.budgets[live] + 1e-12)) if live.any() else 0.0
    return [_move(case, arm, float(before[arm]), marginal, deviation, elsewhere) for arm in range(case.history.arms)]


def _marginal(case: Case) -> tuple[Array, Array]:
    """Value of the next coin on each arm, per coin, and its standard deviation."""
    coin = COIN * case.curves.even
    spend = case.capacity.spent(case.budgets[:, None])
    steps = curve.shape((spend + coin) / case.curves.even) - curve.shape(spend / case.curves.even)
    mean = case.curves.mean(spend + coin) - case.curves.mean(spend)
    factor = case.today / coin
    return mean[:, 0] * factor, np.sqrt(case.curves.variance_of(steps))[:, 0] * factor


def _move(case: Case, arm: int, before: float, marginal: Array, deviation: Array, elsewhere: float) -> Move:
    """The reason of one arm."""
    after = float(case.budgets[arm])
    most = float(case.capacity.most[arm])
    why = _why(case, arm, before, after)
    direction = 1.0 if after >= before else -1.0
    sure = float(ndtr(direction * (marginal[arm] - elsewhere) / max(float(deviation[arm]), 1e-12)))
    estimated = why in {Why.BRINGS_MORE, Why.BRINGS_LESS, Why.WEEKDAY, Why.HANDED_ON, Why.TARGET}
    room = case.room
    held = bool(room.held[arm] and (after <= room.low[arm] * (1 + 1e-6) or after >= room.high[arm] * (1 - 1e-6)))
    return Move(
        arm,
        before,
        after,
        why,
        max(sure, 0.5) if estimated else 1.0,
        held,
        float(marginal[arm]),
        elsewhere,
        most if np.isfinite(most) else None,
        float(case.today[arm] / max(case.ordinary[arm], 1e-12)),
    )


def _why(case: Case, arm: int, before: float, after: float) -> Why:
    """The first cause that fits, the most certain first."""
    small = abs(after - before) <= SMALL * max(before, SMALL * case.curves.even)
    causes = (
        (not case.history.live[arm], Why.WITHDRAWN),
        (case.history.budget.shape[1] == 0, Why.FIRST_DAY),
        (bool(case.learning[arm]), Why.LEARNING),
        (after <= before and case.capacity.taken[arm] < before * (1 - SMALL), Why.FULL),
        (small and _at(after, case.room.high[arm]) and not case.room.held[arm], Why.CEILING),
        (small and _at(after, case.room.low[arm]), Why.FLOOR),
        (small, Why.STEADY),
        (case.target > 0 and after < before and case.budgets.sum() < case.history.daily * 0.99, Why.TARGET),
        (after > before and case.room.freed > 0.1 * case.curves.even, Why.HANDED_ON),
    )
    for holds, why in causes:
        if holds:
            return why
    factor = case.today[arm] / max(case.ordinary[arm], 1e-12)
    if (factor - 1) * (after - before) > 0 and abs(factor - 1) > RHYTHM:
        return Why.WEEKDAY
    return Why.BRINGS_MORE if after > before else Why.BRINGS_LESS


def _at(value: float, bound: float) -> bool:
    """Whether a budget stands at a bound."""
    return bool(abs(value - bound) <= 1e-6 * max(bound, 1.0))
