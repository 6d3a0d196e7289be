"""The guard: the budgets that were wanted, cut until the worst case of everything stays under the cap.

Two walls. Ours: the worst case of each day that is not final, and of today, is held back before anything is raised. The
platform's own, for the time that we are dead: each order runs for a few days only (`days`), or has a total never billed above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from masthead.campaigns.pacing.standing import Rule, Standing, before_today, exposure

DAYS_ALONE = 3
"""So many days an order runs without us, today among them: a process that is dead for two days stops no campaign."""
STEPS = 40

Why = Literal["", "cap", "minimum"]


@dataclass(frozen=True, slots=True)
class Order:
    """What to tell one platform. `budget`: micros a day, 0 to pause. `days`: it ends that many days on, today counted.

    `total`: the platform's own total to set (never below what it may have spent), None without one. `why`: what cut it.
    """

    budget: int
    days: int
    total: int | None
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The orders, the worst that can come of them, and the share of what was wanted that the cap allows (1: everything)."""

    orders: tuple[Order, ...]
    worst: int
    share: float


def guard(
    cap: int, wanted: Sequence[int], rules: Sequence[Rule], standings: Sequence[Standing], *, days_left: int
) -> Plan:
    """Orders whose worst case stays under `cap` micros, as near to `wanted` (micros a day) as that allows.

    `days_left`: days until the campaign ends, today counted. Where what stood before is over the cap already, all are paused.
    """
    wanted = [max(0, one) if days_left > 0 else 0 for one in wanted]
    for days in range(min(DAYS_ALONE, max(days_left, 1)), 0, -1):
        needs = _needs(wanted, rules, standings, days, tight=False)
        if sum(needs) <= cap:
            return _plan(wanted, wanted, needs, rules, standings, days)
    low, high = 0, 1 << STEPS
    while low < high:  # the largest share of all that fits
        middle = (low + high + 1) // 2
        cut = [one * middle >> STEPS for one in wanted]
        fits = sum(_needs(cut, rules, standings, 1, tight=True)) <= cap
        low, high = (middle, high) if fits else (low, middle - 1)
    cut = _above_minimum([one * low >> STEPS for one in wanted], rules)
    needs = _spread(cap, cut, _needs(cut, rules, standings, 1, tight=True), rules, standings)
    return _plan(wanted, cut, needs, rules, standings, 1)


def _needs(
    budgets: Sequence[int], rules: Sequence[Rule], standings: Sequence[Standing], days: int, *, tight: bool
) -> list[int]:
    """The most that each can have been billed in all when its order has run out."""
    return [
        _need(budget, rule, standing, days, tight)
        for budget, rule, standing in zip(budgets, rules, standings, strict=True)
    ]


def _need(budget: int, rule: Rule, standing: Standing, days: int, tight: bool) -> int:
    """A day's worst is that of the highest budget on it, so what ran this morning counts for today whatever we do now.

    Where the platform keeps a total, `tight` leaves it no more than the plan: it may be hungry, but only up to there. The total
    is never put below what may have been spent already.
    """
    stands = exposure(rule, standing)
    if not budget:
        return stands
    loose = _loose(budget, rule, standing, days)
    if not tight or not rule.total_cap:
        return loose
    return min(loose, max(stands, before_today(rule, standing) + budget) + rule.total_rounding)


def _loose(budget: int, rule: Rule, standing: Standing, days: int) -> int:
    today = max(standing.today_reported, rule.worst_of_a_day(max(budget, standing.today)))
    return before_today(rule, standing) + today + (days - 1) * rule.worst_of_a_day(budget)


def _above_minimum(cut: Sequence[int], rules: Sequence[Rule]) -> list[int]:
    """A platform refuses less than its minimum: it is paused, and the others are safe all the more."""
    return [one if one >= rule.minimum else 0 for one, rule in zip(cut, rules, strict=True)]


def _spread(
    cap: int, cut: Sequence[int], needs: Sequence[int], rules: Sequence[Rule], standings: Sequence[Standing]
) -> list[int]:
    """What rounding and minimums left goes to the totals, so that a hungry platform may make up for a shy one."""
    left, spread = cap - sum(needs), list(needs)
    for place, (budget, rule, standing) in enumerate(zip(cut, rules, standings, strict=True)):
        if left > 0 and budget and rule.total_cap:
            more = min(left, max(0, _loose(budget, rule, standing, 1) - spread[place]))
            spread[place], left = spread[place] + more, left - more
    return spread


def _plan(
    wanted: Sequence[int],
    budgets: Sequence[int],
    needs: Sequence[int],
    rules: Sequence[Rule],
    standings: Sequence[Standing],
    days: int,
) -> Plan:
    rows = zip(wanted, budgets, needs, rules, strict=True)
    orders = tuple(_order(want, budget, need, rule, days) for want, budget, need, rule in rows)
    asked = sum(wanted)
    return Plan(orders, sum(needs), sum(budgets) / asked if asked else 1.0)


def _order(want: int, budget: int, need: int, rule: Rule, days: int) -> Order:
    total = need - rule.total_rounding if rule.total_cap else None
    why: Why = "" if budget == want else "minimum" if budget == 0 and want else "cap"
    return Order(budget, days if budget else 0, total, why)
