"""How much money a day should get so that the whole budget is used by the end, and no day starves."""

from __future__ import annotations

from collections.abc import Sequence

from masthead.campaigns.pacing.standing import Rule, Standing, before_today


def likely(rule: Rule, standing: Standing) -> int:
    """What was probably spent up to last midnight: reports where they are final, else the budget where it is more."""
    days = sum(max(day.reported, day.budget) for day in standing.open_days)
    return min(standing.closed + days, before_today(rule, standing))


def even(cap: int, rules: Sequence[Rule], standings: Sequence[Standing], *, days_left: int) -> int:
    """Micros for today: what is probably left, over the days that are left.

    What the guard holds back for yesterday cannot be spent on the last day, so the days before it get a little more.
    """
    if days_left <= 0:
        return 0
    left = cap - sum(likely(rule, standing) for rule, standing in zip(rules, standings, strict=True))
    return max(0, left * 100 // max(100, days_left * 100 - _held_back(rules, standings)))


def _held_back(rules: Sequence[Rule], standings: Sequence[Standing]) -> int:
    """Percent of a day's money that the worst case of the last day takes, for those without a total of their own."""
    budgets = [sum(day.budget for day in one.open_days) or 1 for one in standings]
    beyond = [0 if rule.total_cap else rule.over_delivery_percent - 100 for rule in rules]
    return sum(b * more for b, more in zip(budgets, beyond, strict=True)) // sum(budgets)
