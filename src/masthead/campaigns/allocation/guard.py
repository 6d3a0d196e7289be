"""How far each budget may move today, and where the money of a platform that went may go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from masthead.campaigns.allocation.capacity import Capacity
from masthead.campaigns.allocation.history import Array, Flags, History
from masthead.campaigns.allocation.limits import Limits, by_arm

REMEMBER = 14  # days after which a paused arm begins anew


@dataclass(frozen=True)
class Room:
    """Lowest and highest budget of each arm today. `least`: what an arm must have if it has anything above `low`."""

    low: Array
    high: Array
    least: Array
    freed: float
    held: Flags  # arms whose move the limit of change binds


def room(history: History, capacity: Capacity, limits: Limits, daily: float, learning: Flags) -> Room:
    """The interval of each arm. Lows never come to more than the day's money."""
    low, high, freed, held = _moves(history, capacity, limits, daily)
    before = capacity.taken
    low, high = np.where(learning & held, before, low), np.where(learning & held, before, high)
    minimum = by_arm(limits.minimum, history.arms, 0.0)
    floor = np.maximum(by_arm(limits.floor, history.arms, 0.0), minimum)
    ceiling = np.maximum(by_arm(limits.ceiling, history.arms, np.inf), minimum)
    low = np.where(history.live, np.minimum(np.maximum(low, floor), ceiling), 0.0)
    high = np.where(history.live, np.clip(high, low, np.maximum(ceiling, low)), 0.0)
    low = _affordable(low, np.where(history.live, minimum, 0.0), daily)
    return Room(low, np.maximum(np.minimum(high, daily), low), minimum, freed, held)


def _moves(history: History, capacity: Capacity, limits: Limits, daily: float) -> tuple[Array, Array, float, Flags]:
    """Low and high by the limit of change alone, the freed money, and which arms the limit holds."""
    none = np.zeros(history.arms, bool)
    if not history.budget.shape[1] or limits.change is None:
        return np.zeros(history.arms), np.where(history.live, daily, 0.0), 0.0, none
    before = history.budget[:, -1]
    held = history.live & (before > 0)
    kept = capacity.taken if limits.hand_on_unspent else before
    freed = before[~history.live].sum() + (before - kept)[held].sum()
    anew = np.maximum(_last(history), daily / max(history.arms, 1))
    low = np.where(held, kept * (1 - limits.change), 0.0)
    return low, np.where(held, before * (1 + limits.change) + freed, anew + freed), float(freed), held


def _last(history: History) -> Array:
    """The newest budget above nothing of the last days, of an arm that was paused."""
    recent = history.budget[:, -REMEMBER:]
    at = recent.shape[1] - 1 - np.argmax(recent[:, ::-1] > 0, axis=1)
    newest: Array = recent[np.arange(len(recent)), at]
    return newest


def _affordable(low: Array, minimum: Array, daily: float) -> Array:
    """Lows that the day's money can pay: cut down towards the minimums, and to nothing when even those are too much."""
    if low.sum() <= daily:
        return low
    if minimum.sum() > daily:
        return np.zeros_like(low)
    extra = low - minimum
    cut: Array = minimum + extra * (daily - minimum.sum()) / max(extra.sum(), 1e-12)
    return cut
