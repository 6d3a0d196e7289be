"""A made-up market of ad platforms: what a budget brings is drawn anew for each seed, and an allocator sees only what platforms report.

Each arm (a platform's campaign, or an ad group) has an expected response to a day's spend: a Hill curve with an exponent of its own,
flat beyond the audience's capacity, where the platform leaves budget unspent. The curve is multiplied by a weekly rhythm and by a level
that wanders (a random walk of its logarithm); a market sees two jumps. Conversions are negative binomial and arrive days after the click.
Days of outage bring nothing. One of the three biggest arms is withdrawn in the middle. None of it is known to the allocators.

`strange` markets break what a model could assume: other curves, heavier delays, noisy delivery, more arms, many jumps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LAGS = 15
DAILY = 600.0
FINE = 200


@dataclass(frozen=True)
class Conditions:
    """What kind of market: arms, days, expected conversions a day of an even split, and what disturbs."""

    arms: int = 6
    days: int = 60
    rate: float = 45.0
    drift: float = 0.02
    jumps: float = 2.0
    outages: float = 0.01
    withdrawal: bool = True
    shape: str = "hill"
    delay: str = "exponential"
    delivery: float = 0.0
    daily: float = DAILY


STANDARD = Conditions()
CONDITIONS = {
    "standard": STANDARD,
    "small": replace(STANDARD, rate=9.0),
    "large": replace(STANDARD, rate=230.0),
    "drift5": replace(STANDARD, drift=0.05),
    "calm": replace(STANDARD, drift=0.0, jumps=0.0, withdrawal=False),
}
STRANGE = {
    "power": replace(STANDARD, shape="power"),
    "exponential": replace(STANDARD, shape="exponential"),
    "heavy_delay": replace(STANDARD, delay="heavy"),
    "noisy_delivery": replace(STANDARD, delivery=0.15),
    "many_jumps": replace(STANDARD, jumps=6.0),
    "twelve_arms": replace(STANDARD, arms=12, rate=90.0),
    "three_arms": replace(STANDARD, arms=3),
    "month": replace(STANDARD, days=30),
}


class Policy(Protocol):
    """What is compared: told the size of the task once, asked for budgets every day."""

    def start(self, platforms: int, days: int, daily_budget: float) -> None: ...

    def act(self, view: SimpleNamespace) -> Array: ...


@dataclass
class Market:
    """One seed: the truth."""

    conditions: Conditions
    half: Array  # spend of half of the highest response
    top: Array  # highest response a day
    power: Array
    capacity: Array  # most that the audience takes in a day
    season: Array  # [arm, 7], mean 1
    level: Array  # [arm, day]
    outage: Array  # [arm, day]
    live: Array  # [arm, day]
    arrives: Array  # [arm, lag] share of conversions that arrive after so many days
    spread: Array  # r of the negative binomial
    seed: int
    factor: Array = field(init=False)

    def __post_init__(self) -> None:
        days = np.arange(self.conditions.days)
        self.factor = self.level * self.season[:, days % 7]

    def curve(self, spend: Array) -> Array:
        """Expected conversions of [arm, ...] spend before level and season, without the capacity."""
        wide = (slice(None),) + (None,) * (spend.ndim - 1)
        part = np.maximum(spend, 0) / self.half[wide]
        if self.conditions.shape == "power":
            return self.top[wide] / 2 * part ** (0.35 + 0.4 * (self.power[wide] - 0.8))
        if self.conditions.shape == "exponential":
            return self.top[wide] * -np.expm1(-np.log(2) * part)
        return self.top[wide] * part ** self.power[wide] / (1 + part ** self.power[wide])

    def expected(self, day: int, spend: Array) -> Array:
        """Expected conversions of a day by arm for spend[arm, ...]."""
        wide = (slice(None),) + (None,) * (spend.ndim - 1)
        works = (self.live[:, day] * ~self.outage[:, day])[wide]
        return self.curve(np.minimum(spend, self.capacity[wide])) * self.factor[:, day][wide] * works


def lags(luck: np.random.Generator, arms: int, kind: str) -> Array:
    """Share of conversions by lag, mean 0.5 to 4 days."""
    mean = luck.uniform(0.5, 4.0, arms)[:, None]
    edges = np.arange(LAGS + 1)
    if kind == "heavy":  # log-normal, with what comes after the last lag put there
        from scipy.stats import norm

        sigma = 1.2
        below = norm.cdf((np.log(np.maximum(edges, 1e-9)) - (np.log(mean) - sigma**2 / 2)) / sigma)
    else:
        below = -np.expm1(-edges / mean)
    share = np.diff(below, axis=1)
    share[:, -1] += 1 - share.sum(axis=1)
    return share


def levels(luck: np.random.Generator, conditions: Conditions) -> Array:
    """exp(random walk) with jumps of x0.6 or x1.5, on the average so many in the whole market."""
    shape = (conditions.arms, conditions.days)
    walk = np.cumsum(luck.normal(0, conditions.drift, shape), axis=1)
    for _ in range(round(conditions.jumps)):
        arm, day = luck.integers(conditions.arms), luck.integers(8, conditions.days - 8)
        walk[arm, day:] += np.log(luck.choice([0.6, 1.5]))
    return np.exp(walk)


def seasons(luck: np.random.Generator, arms: int) -> Array:
    """A weekly rhythm of +-5 to 35 %, a wave with noise, mean 1."""
    size = luck.uniform(0.05, 0.35, arms)[:, None]
    wave = np.cos(2 * np.pi * (np.arange(7) - luck.uniform(0, 7, arms)[:, None]) / 7) + luck.normal(0, 0.3, (arms, 7))
    wave -= wave.mean(axis=1, keepdims=True)
    season = 1 + size * wave / np.abs(wave).max(axis=1, keepdims=True)
    return season / season.mean(axis=1, keepdims=True)


def market(conditions: Conditions, seed: int) -> Market:
    """The truth of one seed."""
    luck = np.random.default_rng([20261124, seed])
    arms, even = conditions.arms, conditions.daily / conditions.arms
    half = even * np.exp(luck.normal(0.1, 0.9, arms))
    cpa = np.exp(luck.normal(0, np.log(1.7), arms))
    power = luck.uniform(0.8, 1.5, arms)
    capacity = half * luck.uniform(0.7, 2.5, arms)
    made = Market(
        conditions,
        half,
        2 * half / cpa,
        power,
        capacity,
        seasons(luck, arms),
        levels(luck, conditions),
        luck.random((arms, conditions.days)) < conditions.outages,
        np.ones((arms, conditions.days), bool),
        lags(luck, arms, conditions.delay),
        np.exp(luck.uniform(np.log(5), np.log(50), arms)),
        seed,
    )
    at_even = made.curve(np.minimum(np.full(arms, even), capacity)).sum()
    made.top *= conditions.rate / at_even
    if conditions.withdrawal:
        biggest = np.argsort(made.curve(capacity))[-3:]
        made.live[luck.choice(biggest), conditions.days // 2 :] = False
    return made


def knapsack(values: Array, units: int) -> Array:
    """Units by arm that bring most, for values[arm, 0..units]: the textbook's dynamic programme, on its own to check the product's."""
    best, picks = values[0].copy(), []
    index = np.arange(units + 1)[:, None] - np.arange(units + 1)[None, :]
    for row in values[1:]:
        both = np.where(index >= 0, best[np.maximum(index, 0)] + row[None, :], -np.inf)
        picks.append(both.argmax(axis=1))
        best = both.max(axis=1)
    left, split = int(best.argmax()), []
    for pick in reversed(picks):
        split.append(int(pick[left]))
        left -= split[-1]
    return np.array([left, *reversed(split)])


def oracle(truth: Market) -> Array:
    """Expected conversions by day of somebody who knows everything and moves money freely between arms, not between days."""
    grid = np.linspace(0, truth.conditions.daily, FINE + 1)
    spend = np.tile(grid, (truth.conditions.arms, 1))
    result = []
    for day in range(truth.conditions.days):
        values = truth.expected(day, spend)
        result.append(values[np.arange(len(values)), knapsack(values, FINE)].sum())
    return np.array(result)


@dataclass
class Run:
    """What came of one policy: expected conversions by day, budgets and spend [arm, day], seconds a decision, problems."""

    expected: Array
    budget: Array
    spend: Array
    seconds: list[float]
    overspent: float
    views: list[SimpleNamespace]


def view_of(truth: Market, day: int, left: float, past: dict[str, Array]) -> SimpleNamespace:
    """What is known in the morning of a day: everything of the days before, conversions as far as they have arrived."""
    age = day - 1 - np.arange(day)
    known = np.minimum(age, LAGS - 1)
    triangle = np.cumsum(past["arrived"][:, :day], axis=2)
    triangle = np.where(np.arange(LAGS)[None, None, :] <= age[None, :, None], triangle, np.nan)
    conversions = (
        np.take_along_axis(triangle, known[None, :, None], axis=2)[:, :, 0] if day else np.zeros((len(truth.half), 0))
    )
    return SimpleNamespace(
        t=day,
        T=truth.conditions.days,
        P=truth.conditions.arms,
        spend=past["spend"][:, :day].copy(),
        budget=past["budget"][:, :day].copy(),
        y=conversions,
        age=age,
        tri=triangle,
        ok=~truth.outage[:, :day],
        live=truth.live[:, day].copy(),
        left=left,
        daily=truth.conditions.daily,
    )


def play(truth: Market, policy: Policy, clock: Callable[[], float] = lambda: 0.0, keep: bool = False) -> Run:
    """Let a policy spend the whole campaign."""
    conditions = truth.conditions
    luck = np.random.default_rng([truth.seed, 7])
    shape = (conditions.arms, conditions.days)
    past = {name: np.zeros(shape) for name in ("spend", "budget")} | {"arrived": np.zeros((*shape, LAGS))}
    left, gained, seconds, views = conditions.daily * conditions.days, [], [], []
    policy.start(conditions.arms, conditions.days, conditions.daily)
    for day in range(conditions.days):
        view = view_of(truth, day, left, past)
        before = clock()
        budget = np.asarray(policy.act(view), float)
        seconds.append(clock() - before)
        if keep:
            views.append(view)
        noise = np.exp(luck.normal(0, 1, conditions.arms) * conditions.delivery)
        spend = np.minimum(np.minimum(budget * np.minimum(noise, 1.0), truth.capacity), max(left, 0))
        spend *= truth.live[:, day] * ~truth.outage[:, day]
        mean = truth.expected(day, spend)
        gained.append(mean.sum())
        rate = luck.gamma(truth.spread, np.maximum(mean, 1e-12) / truth.spread)
        past["arrived"][:, day] = luck.poisson(rate[:, None] * truth.arrives)
        past["budget"][:, day], past["spend"][:, day] = budget, spend
        left -= spend.sum()
    over = max(float((past["budget"].sum(axis=0) - conditions.daily).max()), -left, 0.0)
    return Run(np.array(gained), past["budget"], past["spend"], seconds, over, views)


class Equal:
    """The same to each live arm."""

    def start(self, platforms: int, days: int, daily_budget: float) -> None:
        """Nothing to prepare."""

    def act(self, view: SimpleNamespace) -> Array:
        """An even split."""
        return view.daily * view.live / max(view.live.sum(), 1)
