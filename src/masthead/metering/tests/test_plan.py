"""The plan of reading: exact on small instances, near its own bound on large ones, and far less stale than plain ways."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from masthead.metering.plan import CURVE, Plan, Reading, Subject, choose, pace, worth

SLOTS = 8
BENCHMARK = Path(__file__).parents[4] / "benchmarks" / "reading.py"


def gain(subject: Subject, slots: tuple[int, ...]) -> float:
    """What reads in these slots take away, from the definition: the area under the step that is known."""
    known = CURVE.grown(min(subject.read_age, subject.age))
    area, step = 0.0, known
    for slot in range(SLOTS):
        step = CURVE.grown(subject.age + slot) if slot in slots else step
        area += subject.pace * (step - known)
    return area


def exact(subjects: list[Subject], budget: int) -> float:
    """The optimum by trying every set of slots of each subject, then every way to share the money."""
    purses = {0: 0.0}
    for subject in subjects:
        best = [max(gain(subject, one) for one in itertools.combinations(range(SLOTS), n)) for n in range(SLOTS + 1)]
        after: dict[int, float] = {}
        for spent, gained in purses.items():
            for n, more in enumerate(best):
                cost = spent + n * subject.price
                if cost <= budget:
                    after[cost] = max(after.get(cost, 0.0), gained + more)
        purses = after
    return max(purses.values())


def drawn(luck: random.Random, count: int, prices: list[int]) -> list[Subject]:
    def one(number: int) -> Subject:
        age = luck.uniform(-3, luck.choice([24, 200]))
        return Subject(number, age, max(0.0, age * luck.random()), luck.lognormvariate(1, 1.5), luck.choice(prices))

    return [one(number) for number in range(count)]


def lawful(plan: Plan, subjects: list[Subject], budget: int) -> None:
    """The readings are what the plan says they are."""
    prices = {one.key: one.price for one in subjects}
    times = {one.key: tuple(r.slot for r in plan.readings if r.key == one.key) for one in subjects}
    assert len(set(plan.readings)) == len(plan.readings)
    assert plan.spent == sum(prices[one.key] for one in plan.readings) <= budget
    assert plan.saved == pytest.approx(sum(gain(one, times[one.key]) for one in subjects))
    assert plan.saved <= plan.at_most * (1 + 1e-9)


@pytest.mark.parametrize("prices", [[5000], [1000, 2000, 5000, 10_000]])
def test_small_plans_are_within_three_percent_of_the_exact_optimum(prices: list[int]) -> None:
    for seed in range(60):
        luck = random.Random(seed)
        subjects = drawn(luck, luck.randint(2, 5), prices)
        budget = luck.randint(2, 20) * luck.choice([1000, 5000])
        plan, best = choose(subjects, budget, SLOTS), exact(subjects, budget)
        lawful(plan, subjects, budget)
        assert plan.saved >= 0.97 * best - 1e-9, seed
        assert plan.staleness <= 1.03 * (plan.unread - best) + 1e-9, seed
        assert plan.at_most >= best - 1e-9, seed


def test_large_plans_are_near_their_own_bound() -> None:
    subjects = drawn(random.Random(5), 300, [1000, 2999, 5000, 10_007])
    plan = choose(subjects, 1_500_000, SLOTS)
    lawful(plan, subjects, 1_500_000)
    assert plan.saved > 0.999 * plan.at_most


def test_increments_fall_with_each_read() -> None:
    for seed in range(40):
        subject = drawn(random.Random(seed), 1, [1])
        saved = [choose(subject, budget, 24).saved for budget in range(12)]
        steps = [after - before for before, after in itertools.pairwise(saved)]
        assert all(after <= before + 1e-9 for before, after in itertools.pairwise(steps)), seed


def test_the_plan_does_not_wait_for_what_has_settled_nor_pay_for_it() -> None:
    new, old = Subject("new", 1, 0, 10, 5000), Subject("old", 2000, 1999, 10, 5000)
    assert {one.key for one in choose([new, old], 15_000, 12).readings} == {"new"}


def test_what_costs_nothing_is_read_in_every_slot() -> None:
    plan = choose([Subject("free", 1, 1, 1, 0)], 0, 6)
    assert plan.readings == tuple(Reading(slot, "free") for slot in range(1, 6))
    assert plan.spent == 0


def test_without_money_nothing_is_read() -> None:
    plan = choose([Subject("one", 1, 0, 1, 5000)], 4999, 6)
    assert plan.readings == () and plan.saved == 0 and plan.staleness == plan.unread > 0


def test_another_dollar_is_worth_less_than_the_one_before() -> None:
    subjects = drawn(random.Random(1), 200, [50_000])
    values = [worth(subjects, dollars * 1_000_000, 24) for dollars in range(5)]
    assert values == sorted(values, reverse=True) and values[-1] > 0


def test_the_pace_follows_what_was_read() -> None:
    def reads(real: float) -> list[tuple[float, float]]:
        return [(age, real * CURVE.grown(age)) for age in (1.0, 5.0, 20.0)]

    assert pace([], 3.0) == 3.0
    assert pace(reads(10.0), 10.0) == pytest.approx(10.0)
    assert 3.0 < pace(reads(10.0)[:1], 3.0) < pace(reads(10.0), 3.0) < 10.0
    assert pace([(10.0, 50.0), (20.0, 50.0)], 5.0) < pace([(10.0, 50.0)], 5.0)


@pytest.mark.slow
def test_less_stale_than_plain_ways_at_the_same_money() -> None:
    if not BENCHMARK.exists():
        pytest.skip(f"{BENCHMARK} is not part of an installed package")
    told = subprocess.run(
        [sys.executable, str(BENCHMARK), "--quick"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env={**os.environ},
    )
    figures = json.loads(told.stdout)
    assert figures["reading_less_than_every_post"] >= 0.4
    assert figures["reading_less_than_newest_first"] >= 0.4
    assert figures["reading_money_to_plain"] <= 1.0
