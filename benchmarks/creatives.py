"""Tests of creatives that are looked at every day: how often a winner is false, and how often a real one is found.

Two creatives, 1,500 impressions a day each, 30 days, 2 % clicks; the truth is "alike", +15 % or +30 %. `peeking` is what is often
done instead: stop on the first day on which a plain test says 5 %. Also the open test (e-values) with even spend, and what
sharing the spend by the probability of being best keeps of the clicks (four creatives, rates spread by 20 %).

Run: .venv/bin/python benchmarks/creatives.py [--quick]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence

import numpy as np

from masthead.campaigns.experiments import Arm, judge, judge_open, shares

DAILY, DAYS, RATE = 1_500, 30, 0.02
LOOKS = [(day + 1) / DAYS for day in range(DAYS)]
Stops = Callable[[np.ndarray], bool]


def clicks(luck: np.random.Generator, lift: float, many: int = 2) -> np.ndarray:
    """Clicks by creative and day; the last creative is `lift` better."""
    rates = np.full((many, 1), RATE)
    rates[-1] *= 1 + lift
    return luck.binomial(DAILY, rates, (many, DAYS))


def sequential(day_by_day: np.ndarray) -> bool:
    """Whether Masthead names a winner on one of the days."""
    so_far = day_by_day.cumsum(axis=1)
    for day in range(DAYS):
        arms = [Arm(DAILY * (day + 1), int(one)) for one in so_far[:, day]]
        if judge(arms, planned=DAILY * DAYS, looks=LOOKS[:day]).name == "winner":
            return True
    return False


def peeking(day_by_day: np.ndarray) -> bool:
    """A plain 5 % test every evening."""
    one, other = day_by_day.cumsum(axis=1)
    seen = DAILY * np.arange(1, DAYS + 1)
    pooled = np.maximum(one + other, 1) / (2 * seen)
    return bool((abs(one - other) / seen > 1.96 * np.sqrt(2 * pooled * (1 - pooled) / seen)).any())


def open_ended(day_by_day: np.ndarray) -> bool:
    """e-values, looked at every third evening."""
    days = [[Arm(DAILY, int(one)) for one in day] for day in day_by_day.T]
    return any(judge_open(days[:until]).name == "winner" for until in range(3, DAYS + 1, 3))


def how_often(stops: Stops, lift: float, runs: int, seed: int, many: int = 2) -> float:
    """Share of tests that ended with a winner, percent."""
    luck = np.random.default_rng(seed)
    return round(100 * float(np.mean([stops(clicks(luck, lift, many)) for _ in range(runs)])), 1)


def kept(runs: int, floor: float) -> float:
    """Clicks of spend shared by the probability of being best, in percent of always the best."""
    luck = np.random.default_rng(7)
    return round(100 * float(np.mean([_kept(luck, floor) for _ in range(runs)])), 1)


def _kept(luck: np.random.Generator, floor: float) -> float:
    rates = RATE * np.exp(luck.normal(0, 0.2, 4))
    seen, got, total = np.zeros(4, int), np.zeros(4, int), DAILY * 4
    part: Sequence[float] = [0.25] * 4
    for _ in range(DAYS):
        shown = (np.asarray(part) * total).astype(int)
        got, seen = got + luck.binomial(shown, rates), seen + shown
        part = shares(seen.tolist(), got.tolist(), floor=floor)
    return float((seen * rates).sum() / (seen.sum() * rates.max()))


def measured(scale: int) -> dict[str, float]:
    """Percentages; `scale` 1 is the whole run, larger ones are quicker."""
    return {
        "false_winners": how_often(sequential, 0.0, 4_000 // scale, 1),
        "false_winners_of_four": how_often(sequential, 0.0, 1_000 // scale, 2, many=4),
        "power_15": how_often(sequential, 0.15, 2_000 // scale, 3),
        "power_30": how_often(sequential, 0.30, 500 // scale, 4),
        "peeking_false_winners": how_often(peeking, 0.0, 4_000 // scale, 1),
        "open_false_winners": how_often(open_ended, 0.0, 300 // scale, 5),
        "open_power_15": how_often(open_ended, 0.15, 200 // scale, 6),
        "shared_clicks": kept(200 // scale, 0.0),
        "shared_clicks_floor_5": kept(200 // scale, 0.05),
    }


def main() -> None:
    """One JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    print(json.dumps({"benchmark": "creatives", **measured(20 if given.quick else 1)}))


if __name__ == "__main__":
    main()
