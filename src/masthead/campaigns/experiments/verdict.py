"""What can be said today of creatives against each other, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from masthead.campaigns.experiments.boundary import boundaries
from masthead.campaigns.experiments.evidence import Day, evidence, interval

Name = Literal["too_early", "going_on", "winner", "no_difference"]
LEAST_CLICKS = 25
"""Fewer clicks of a pair carry no normal approximation."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One creative: how often it was seen (impressions, or clicks) and what came of it (clicks, or conversions)."""

    seen: int
    clicked: int

    @property
    def rate(self) -> float:
        """Clicks per impression; 0 where nothing was seen."""
        return self.clicked / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`best` leads; as "winner" it is better than each other, and at most `alpha` of such verdicts are false.

    `against` is the strongest rival, `lift` the relative difference to it (of odds where the test is open, which is the same for
    rare clicks) with an interval that holds at every look. `strength` is what was measured (z or e), `needed` what it takes.
    """

    name: Name
    best: int
    against: int
    lift: float
    lift_low: float
    lift_high: float
    strength: float
    needed: float


def judge(arms: Sequence[Arm], *, planned: int, looks: Sequence[float] = (), alpha: float = 0.05) -> Verdict:
    """The verdict of a test with an end, spend shared evenly: group-sequential.

    `planned`: impressions per creative at the end. `looks`: shares of it at which somebody looked before (each look of the daily
    job; more looks cost little power). False winners: at most `alpha` over all looks. More creatives need no smaller error: the
    leader has to beat each other one, and of many alike that is rarer than of two.
    """
    best, against = _leaders(arms)
    share = min(1.0, min(arm.seen for arm in arms) / planned)
    if share <= 0 or arms[best].clicked + arms[against].clicked < LEAST_CLICKS:
        return Verdict("too_early", best, against, 0.0, -1.0, float("inf"), 0.0, float("inf"))
    before = [one for one in sorted(set(looks)) if 0 < one < share]
    needed = boundaries([*before, share], alpha)[-1]
    strength = min(_z(arms[best], other) for place, other in enumerate(arms) if place != best)
    name: Name = "winner" if strength >= needed else "no_difference" if share >= 1 else "going_on"
    return Verdict(name, best, against, *_lift(arms[best], arms[against], needed), strength, needed)


def judge_open(days: Sequence[Sequence[Arm]], *, alpha: float = 0.05) -> Verdict:
    """The verdict of a test without an end, or whose spend follows the results: e-values, day by day (`days[day][creative]`)."""
    many = len(days[0]) if days else 0
    if not many:
        raise ValueError("days: there is none yet")
    total = [Arm(sum(d[i].seen for d in days), sum(d[i].clicked for d in days)) for i in range(many)]
    best, against = _leaders(total)
    needed = many / (2 * alpha)
    found = [evidence(_pair(days, best, other)) for other in range(many) if other != best]
    name: Name = "winner" if min(found) >= needed else "going_on"
    low, high = interval(_pair(days, best, against), needed)
    lift = total[best].rate / total[against].rate - 1 if total[against].clicked else 0.0
    return Verdict(name, best, against, lift, low - 1, high - 1, min(found), needed)


def shares_looked_at(seen_by_day: Sequence[int], planned: int) -> list[float]:
    """The looks of a test that was looked at each evening, from the impressions per creative of each day."""
    reached = np.minimum(np.cumsum(seen_by_day) / planned, 1.0)
    return [float(later) for earlier, later in pairwise((0.0, *reached)) if later > earlier]


def _pair(days: Sequence[Sequence[Arm]], one: int, other: int) -> list[Day]:
    return [Day(day[one].seen, day[one].clicked, day[other].seen, day[other].clicked) for day in days]


def _leaders(arms: Sequence[Arm]) -> tuple[int, int]:
    if len(arms) < 2:
        raise ValueError("arms: a test needs two creatives at least")
    order = sorted(range(len(arms)), key=lambda place: (-arms[place].rate, place))
    return order[0], order[1]


def _z(one: Arm, other: Arm) -> float:
    """The difference in standard errors, pooled as "alike" says; half a click less on each side, for counts are whole."""
    seen = one.seen + other.seen
    pooled = (one.clicked + other.clicked) / seen if seen else 0.0
    if not one.seen or not other.seen or not 0 < pooled < 1:
        return 0.0
    apart = max(0.0, one.rate - other.rate - 0.5 / one.seen - 0.5 / other.seen)
    return float(apart / np.sqrt(pooled * (1 - pooled) * (1 / one.seen + 1 / other.seen)))


def _lift(one: Arm, other: Arm, times: float) -> tuple[float, float, float]:
    """Relative difference of the rates, with an interval `times` standard errors wide on the log scale."""
    if not one.clicked or not other.clicked:
        return 0.0, -1.0, float("inf")
    lift = np.log(one.rate / other.rate)
    error = times * np.sqrt(1 / one.clicked - 1 / one.seen + 1 / other.clicked - 1 / other.seen)
    low, middle, high = np.expm1([lift - error, lift, lift + error])
    return float(middle), float(low), float(high)
