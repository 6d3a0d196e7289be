"""A platform that leaves budget unspent has no more to sell: beyond what it took, its curve is flat.

Delivery is never exact, so a day counts as full only when clearly more was left than this platform usually leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from masthead.campaigns.allocation.history import Array, Flags, History

CLEARLY = 0.04  # least part that must be left, beside three times the usual noise
RECENT = 0.85  # weight of a full day against the next one
HAZARD = 0.35  # chance of an end of the audience before spend e times as high as any yet
BEYOND = 0.02  # of the curve's gain is still hoped for beyond the measured capacity
HEADROOM = 1.02  # what may be left above a full day's spend, to see the audience grow


@dataclass(frozen=True)
class Capacity:
    """What an arm takes. All [P], money a day."""

    most: Array  # infinite where it was never full
    usual: Array  # the part of a budget that is spent where the audience does not end
    reached: Array  # the most that it ever took
    taken: Array  # of yesterday's budget: what it spent with a little above, or all of it when it was not full

    def spent(self, budget: Array) -> Array:
        """Expected spend of budgets [P, m]."""
        return np.minimum(budget * self.usual[:, None], self.most[:, None])

    def reach(self, spend: Array, even: float) -> Array:
        """[P, m]: which part of the gain between neighbours of spend [P, m + 1] there will be.

        All of it below what was reached; less and less above, since an audience may end; almost none beyond a measured capacity.
        """
        left, right = spend[:, :-1], spend[:, 1:]
        known = np.maximum(self.reached, even / 2)[:, None]
        hoped = np.minimum(1.0, known / np.maximum((left + right) / 2, known)) ** HAZARD
        with np.errstate(invalid="ignore"):
            inside = np.clip((self.most[:, None] - left) / np.maximum(right - left, 1e-12), 0.0, 1.0)
        return np.where(np.isfinite(self.most)[:, None], inside + (1 - inside) * BEYOND, hoped)


def measure(history: History) -> Capacity:
    """Capacity and usual delivery of each arm."""
    arms, days = history.spend.shape
    most, usual, full = np.full(arms, np.inf), np.ones(arms), np.zeros((arms, days), bool)
    counted = history.ok & (history.budget > 0)
    for arm in range(arms):
        spend, budget = history.spend[arm, counted[arm]], history.budget[arm, counted[arm]]
        usual[arm], threshold = _delivery(spend, budget)
        full[arm, counted[arm]] = spend < threshold * budget
        most[arm] = _most(history.spend[arm], full[arm], counted[arm])
    reached = np.where(history.ok, history.spend, 0.0).max(axis=1, initial=0.0)
    taken = history.budget[:, -1].copy() if days else np.zeros(arms)
    if days:
        taken = np.where(full[:, -1], np.minimum(taken, history.spend[:, -1] * HEADROOM), taken)
    return Capacity(most, usual, reached, taken)


def _delivery(spend: Array, budget: Array) -> tuple[float, float]:
    """The part of a budget usually spent, and the part under which a day is full.

    A part that stays while budgets move is this platform's way to deliver; spend that stays while budgets move is the audience's end.
    """
    part = spend / budget
    if part.size < 4 or not (part > 0).any():
        return 1.0, 1 - CLEARLY
    of_part, of_spend = np.abs(np.diff(np.log(part + 1e-9))), np.abs(np.diff(np.log(spend + 1e-9)))
    proportional = np.median(of_part) < np.median(of_spend)
    usual = float(np.clip(np.quantile(part[part > 0], 0.75), 0.5, 1.0)) if proportional else 1.0
    jitter = float(np.median(np.minimum(of_part, of_spend)))
    return usual, usual * (1 - max(CLEARLY, min(3 * jitter, 0.6)))


def _most(spend: Array, full: Flags, counted: Flags) -> float:
    """The newest full days' spend; days since that took more lift it."""
    days = np.flatnonzero(full)
    if not days.size:
        return np.inf
    weights = RECENT ** np.arange(days.size)[::-1]
    most = float((weights * spend[days]).sum() / weights.sum())
    return max(most, float(spend[days[-1] :][counted[days[-1] :]].max()))
