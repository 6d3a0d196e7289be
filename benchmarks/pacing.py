"""The hard cap: thousands of campaigns on platforms that spend as they please, and a process that is dead for two days.

Each campaign has one to six ad groups on platforms of different rules, a budget of 50 to 5,000, and 3, 7, 30 or 60 days. Each day
half of yesterday's spend is not reported yet. A platform bills up to its over-delivery factor of the highest budget of a day:

- random: 0.7 to 1.3 times the budget, as far as it may;
- hungry: between the budget and the most it may;
- adversarial: the most it may, every day, also on the budget that stood before it was changed.

On a random day the process dies for two days; budgets go on until their end dates. `naive_overspent_percent` is the worst of giving
each day what is left over the days left, with the same deaths. Run: .venv/bin/python benchmarks/pacing.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from masthead.campaigns.pacing import OpenDay, Order, Rule, Standing, guard
from masthead.campaigns.pacing.even import even

RULES = (
    Rule(200, True),
    Rule(200, minimum=50_000),
    Rule(175, True),
    Rule(150, True),
    Rule(100, True, 10_000),
    Rule(150),
)
LENGTHS, MODES = (3, 7, 30, 60), ("random", "hungry", "adversarial")
Decide = Callable[[int, Sequence[Rule], Sequence[Standing], Sequence[float], int], Sequence[Order]]


@dataclass
class Group:
    """One ad group as its platform sees it, in micros. `highest` and `spent` are by day."""

    rule: Rule
    highest: list[int]
    spent: list[int]
    budget: int = 0
    ends: int = -1
    total: int | None = None

    def running(self, day: int) -> int:
        """The budget that runs on a day unless somebody changes it."""
        return self.budget if day <= self.ends else 0

    def standing(self, day: int) -> Standing:
        """What we know in the morning."""
        yesterday = (OpenDay(self.highest[-1], self.spent[-1] // 2),) if day else ()
        return Standing(sum(self.spent[:-1]), yesterday, self.running(day), 0, self.total)

    def obey(self, order: Order, day: int) -> None:
        """Take an order."""
        self.budget, self.ends, self.total = order.budget, day + order.days - 1, order.total

    def spend(self, day: int, morning: int, mode: str, luck: random.Random) -> None:
        """Bill a day."""
        most, budget = self.rule.over_delivery_percent, self.running(day)
        highest = max(morning, budget)
        percent = {"random": min(most, luck.randint(70, 130)), "hungry": luck.randint(100, most)}.get(mode, most)
        bill = (highest if mode == "adversarial" else budget) * percent // 100
        if self.total is not None:
            bill = max(0, min(bill, self.total + self.rule.total_rounding - sum(self.spent)))
        self.highest.append(highest)
        self.spent.append(bill)


def guarded(
    cap: int, rules: Sequence[Rule], standings: Sequence[Standing], parts: Sequence[float], left: int
) -> Sequence[Order]:
    """What Masthead does."""
    money = even(cap, rules, standings, days_left=left)
    return guard(cap, [int(money * part) for part in parts], rules, standings, days_left=left).orders


def naive(
    cap: int, rules: Sequence[Rule], standings: Sequence[Standing], parts: Sequence[float], left: int
) -> Sequence[Order]:
    """What is left by the reports, over the days left."""
    told = sum(one.closed + sum(day.reported for day in one.open_days) for one in standings)
    money = max(0, cap - told) // left
    return [Order(int(money * part), left, None) for part in parts]


def campaign(seed: str, days: int, mode: str, decide: Decide) -> tuple[int, int]:
    """Run one: its cap and what was spent, micros."""
    luck = random.Random(seed)
    groups = [Group(luck.choice(RULES), [], []) for _ in range(luck.randint(1, 6))]
    rules, cap, dead = [one.rule for one in groups], luck.randint(50, 5_000) * 1_000_000, luck.randint(1, days - 1)
    for day in range(days):
        mornings = [one.running(day) for one in groups]
        if day not in (dead, dead + 1):
            weights = [luck.gammavariate(3, 1) for _ in groups]
            parts = [one / sum(weights) for one in weights]
            orders = decide(cap, rules, [one.standing(day) for one in groups], parts, days - day)
            for group, order in zip(groups, orders, strict=True):
                group.obey(order, day)
        for group, morning in zip(groups, mornings, strict=True):
            group.spend(day, morning, mode, luck)
    return cap, sum(sum(one.spent) for one in groups)


def measured(runs: int) -> dict[str, object]:
    """All lengths and modes, the same number of campaigns in each."""
    each = -(-runs // (len(LENGTHS) * len(MODES)))
    over, rash, used = 0, 0.0, {}
    for days in LENGTHS:
        for mode in MODES:
            done = [campaign(f"{days} {mode} {one}", days, mode, guarded) for one in range(each)]
            plain = [campaign(f"{days} {mode} {one}", days, mode, naive) for one in range(max(1, each // 10))]
            over = max(over, *(spent - cap for cap, spent in done))
            rash = max(rash, *(100 * (spent - cap) / cap for cap, spent in plain))
            used[f"used_{days}_{mode}"] = round(100 * statistics.fmean(min(1, spent / cap) for cap, spent in done), 1)
    cents = max(0, -(-over // 10_000))
    return {"runs": each * len(used), "overspent_cents": cents, "naive_overspent_percent": round(rash, 1), **used}


def main() -> None:
    """One JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    print(json.dumps({"benchmark": "pacing", **measured(600 if given.quick else 10_000)}))


if __name__ == "__main__":
    main()
