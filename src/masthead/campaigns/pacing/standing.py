"""What a platform may do with a budget, and where it stands. All money is whole micros of one currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """How far a platform may go beyond what it was told.

    `over_delivery_percent`: the most it may bill for one day, in percent of the highest budget that stood on that day (200:
    twice). `total_cap`: it keeps a total that is never billed above, but for `total_rounding` micros of rounding. `minimum`: the
    smallest daily budget it takes, micros.
    """

    over_delivery_percent: int = 100
    total_cap: bool = False
    total_rounding: int = 0
    minimum: int = 0

    def worst_of_a_day(self, budget: int) -> int:
        """The most that one day under this budget can be billed."""
        return -(-budget * self.over_delivery_percent // 100)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day whose spend is not final: the highest budget that stood on it, and what is reported so far."""

    budget: int
    reported: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one ad group or campaign stands on its platform when the day's decision is made.

    `closed`: final spend of days that are not corrected any more. `open_days`: days before today that are. `today`: the budget
    that runs today already, 0 where it is paused or its end date has passed. `today_reported`: spend of today so far.
    `total`: the total that stands on the platform, None where there is none.
    """

    closed: int = 0
    open_days: tuple[OpenDay, ...] = ()
    today: int = 0
    today_reported: int = 0
    total: int | None = None


def reported(standing: Standing) -> int:
    """What the platform says was spent."""
    return standing.closed + sum(day.reported for day in standing.open_days) + standing.today_reported


def before_today(rule: Rule, standing: Standing) -> int:
    """The most that can have been spent up to last midnight."""
    worst = (max(day.reported, rule.worst_of_a_day(day.budget)) for day in standing.open_days)
    return _walled(rule, standing, standing.closed + sum(worst))


def exposure(rule: Rule, standing: Standing) -> int:
    """The most that will have been spent at the end of today if nothing is changed."""
    today = max(standing.today_reported, rule.worst_of_a_day(standing.today))
    return _walled(rule, standing, before_today(rule, standing) + today)


def total_exposure(rules: Sequence[Rule], standings: Sequence[Standing]) -> int:
    """The same for all together."""
    return sum(exposure(rule, standing) for rule, standing in zip(rules, standings, strict=True))


def _walled(rule: Rule, standing: Standing, worst: int) -> int:
    if not rule.total_cap or standing.total is None:
        return worst
    return max(min(worst, standing.total + rule.total_rounding), reported(standing))
