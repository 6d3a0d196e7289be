"""The month's forecast: its interval holds what it promises, on months of which the end is known."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from masthead.metering.forecast import Day, Known, coming, forecast

TODAY = date(2026, 9, 10)
SEEDS = 200
LINK, READ = 200_000, 5_000


def poisson(luck: random.Random, mean: float) -> int:
    count, left = 0, luck.expovariate(1)
    while left < mean:
        count, left = count + 1, left + luck.expovariate(1)
    return count


def a_day(luck: random.Random, on: date, rate: float, bursts: float = 0.0) -> Day:
    """Posts on workdays mostly, reading each day, now and then a day of much more."""
    posts = poisson(luck, rate * (0.3 if on.weekday() >= 5 else 1.2))
    reads = poisson(luck, 40) * (4 if luck.random() < bursts else 1)
    return Day(on, {"post.create.url": posts * LINK, "post.read": reads * READ})


def covered(past_days: int, bursts: float = 0.0, *, scheduled: float = 0.0) -> float:
    """Share of simulated months that end inside the interval of 80 %."""
    inside = 0
    for seed in range(SEEDS):
        luck = random.Random(seed)
        rate = luck.uniform(0.5, 5)
        past = [a_day(luck, TODAY - timedelta(days=ago), rate, bursts) for ago in range(past_days, 0, -1)]
        ahead = [a_day(luck, on, rate, bursts) for on in coming(TODAY)]
        posted = sum(one.micros["post.create.url"] for one in ahead)
        known = Known(floors={"post.create.url": int(posted // LINK * scheduled) * LINK})
        made = forecast(past, TODAY, spent=7, known=known, seed=seed, rounds=300)
        inside += made.low <= 7 + sum(sum(one.micros.values()) for one in ahead) <= made.high
    return inside / SEEDS


@pytest.mark.parametrize(
    ("days", "bursts", "scheduled"), [(56, 0.0, 0.0), (56, 0.1, 0.0), (28, 0.0, 0.5), (56, 0.0, 0.9)]
)
def test_four_months_of_five_end_inside_the_interval(days: int, bursts: float, scheduled: float) -> None:
    found = covered(days, bursts, scheduled=scheduled)
    print(f"{days} days, bursts {bursts}, scheduled {scheduled}: {found:.0%} of {SEEDS} months inside")
    assert 0.74 <= found <= 0.86


def test_few_days_make_a_wide_interval_and_many_a_narrow_one() -> None:
    luck = random.Random(3)
    past = [a_day(luck, TODAY - timedelta(days=ago), 2) for ago in range(56, 0, -1)]
    wide, narrow = forecast(past[-5:], TODAY), forecast(past, TODAY)
    assert wide.high - wide.low > narrow.high - narrow.low > 0


def test_weekends_are_drawn_from_weekends() -> None:
    past = [Day(TODAY - timedelta(days=ago), {}) for ago in range(1, 57)]
    past = [Day(one.on, {"a": 0 if one.on.weekday() >= 5 else 100}) for one in past]
    workdays = sum(1 for on in coming(TODAY) if on.weekday() < 5)
    made = forecast(past, TODAY)
    assert made.low == made.expected == made.high == 100 * workdays


def test_what_is_scheduled_is_a_floor_and_the_plan_of_reading_a_ceiling() -> None:
    past = [Day(TODAY - timedelta(days=ago), {"post": 10, "read": 10}) for ago in range(1, 29)]
    made = forecast(past, TODAY, spent=3, known=Known({"post": 5000}, {"read": 50}))
    assert (made.low, made.high, made.committed) == (5053, 5053, 5000)


def test_without_a_past_only_what_is_scheduled_is_known() -> None:
    made = forecast([], TODAY, spent=3, known=Known({"post": 20}))
    assert (made.days, made.low, made.expected, made.high) == (0, 23, 23, 23)


def test_on_the_last_day_nothing_is_open() -> None:
    past = [Day(date(2026, 9, 29), {"post": 10})]
    made = forecast(past, date(2026, 9, 30), spent=3)
    assert (made.low, made.high) == (3, 3) and coming(date(2026, 12, 31)) == []


def test_the_same_seed_gives_the_same_forecast() -> None:
    past = [a_day(random.Random(ago), TODAY - timedelta(days=ago), 2) for ago in range(1, 29)]
    assert forecast(past, TODAY, seed=1) == forecast(past, TODAY, seed=1) != forecast(past, TODAY, seed=2)
