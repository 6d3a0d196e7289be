"""How the sandbox's ad market answers to money: pure, and the same for the same seed, ad and day.

Conversions of a day follow a Hill curve of what the ad group spent, by weekday, with noise; each belongs to a click and comes
some time after it. `Curve.expected` is the truth that an allocator has to find.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

MICROS = 1_000_000
RESTATED_DAYS = 7
"""What comes later than so many days after the click is not counted."""
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of ad platform; money in whole units of the currency.

    `cpa`: cost per conversion at a daily spend of `half`, where half of all possible conversions are had; `shape`: the Hill
    exponent. `capacity`: the most one ad group can spend in a day. `cpc`: cost per click, `ctr`: clicks per impression.
    `delay_days`: mean time from click to conversion. `value`: mean value of one. `weekdays`: factors, Monday first.
    `review_seconds`: how long an ad is looked at. `minimum`: smallest daily budget.
    """

    key: str
    name: str
    cpa: float
    half: float
    shape: float
    capacity: float
    cpc: float
    ctr: float
    delay_days: float
    value: float
    weekdays: tuple[float, ...]
    review_seconds: float
    minimum: float

    def expected(self, spend: float) -> float:
        """Mean conversions of a day on which one ad group spends this, without weekday and noise."""
        risen: float = (max(0.0, spend) / self.half) ** self.shape
        return 2 * self.half / self.cpa * risen / (risen + 1)


BUSY_WEEK = (1.1, 1.12, 1.1, 1.06, 0.98, 0.8, 0.84)
EVEN_WEEK = (0.97, 0.96, 0.97, 1.0, 1.02, 1.06, 1.02)
LAZY_WEEK = (0.9, 0.88, 0.92, 0.98, 1.08, 1.14, 1.1)
CURVES = (
    Curve("search", "Sandbox Search", 18, 120, 1.1, 160, 0.9, 0.04, 1.0, 60, BUSY_WEEK, 0, 1),
    Curve("social", "Sandbox Social", 24, 300, 0.9, 2000, 0.5, 0.012, 2.0, 55, EVEN_WEEK, 7200, 5),
    Curve("video", "Sandbox Video", 35, 200, 1.4, 900, 0.3, 0.006, 3.0, 70, LAZY_WEEK, 21_600, 10),
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A click that led to something: which one of the day's, how many seconds later, and its value in micros."""

    click: int
    after: float
    value: int


def luck(*parts: object) -> Random:
    """Random numbers that hang on these words alone."""
    return Random(hashlib.sha256(":".join(map(str, parts)).encode()).digest())  # noqa: S311 - a model, no secret


def wobble(spread: float, *parts: object) -> float:
    """A factor around 1."""
    return math.exp(luck(*parts).gauss(0, spread) - spread * spread / 2)


def cost_per_click(curve: Curve, seed: int, ad: str, day: str) -> float:
    """What a click costs on a day, in units of the currency; an ad that people like is cheaper."""
    return curve.cpc * wobble(0.08, seed, ad, day, "cpc") / wobble(0.12, seed, ad, "liked")


def clicks(curve: Curve, seed: int, ad: str, day: str, spend: int) -> int:
    """Clicks had for a spend in micros."""
    return int(spend / MICROS / cost_per_click(curve, seed, ad, day))


def impressions(curve: Curve, seed: int, ad: str, day: str, spend: int) -> int:
    """How often the ad was shown; never less often than it was clicked."""
    rate = curve.ctr * wobble(0.12, seed, ad, "liked")
    return int(spend / MICROS / cost_per_click(curve, seed, ad, day) / rate) + clicks(curve, seed, ad, day, spend)


@lru_cache(maxsize=8192)
def conversions(
    curve: Curve, seed: int, ad: str, day: str, weekday: int, spend: int, whole: int
) -> tuple[Conversion, ...]:
    """What the clicks of an ad and day lead to. `spend` of the ad and `whole` of its ad group, in micros.

    The first clicks of a day stay what they are when more are bought.
    """
    price, chance = cost_per_click(curve, seed, ad, day), luck(seed, ad, day, "clicks")
    share = whole / spend if spend else 1.0
    factor = curve.weekdays[weekday] * wobble(0.15, seed, ad, "good") * wobble(0.1, seed, day, curve.key) / share
    found = []
    for click in range(clicks(curve, seed, ad, day, spend)):
        had = curve.expected((click + 1) * price * share) - curve.expected(click * price * share)
        draw, after, value = chance.random(), chance.expovariate(1 / curve.delay_days), chance.lognormvariate(0, 0.4)
        if draw < min(0.9, had * factor):
            cents = round(curve.value * value / math.exp(0.08) * 100)
            found.append(Conversion(click, min(after, RESTATED_DAYS - 0.1) * DAY, cents * MICROS // 100))
    return tuple(found)


def delivery(seed: int, group: str, day: str, *, hungry: bool, most: float) -> float:
    """How much of its daily budget an ad group takes on a day: around the whole; all that it ever may where it is hungry."""
    return most if hungry else min(most, 0.82 + 0.36 * luck(seed, group, day, "delivery").random())


def shares(places: tuple[str, ...], seed: int, ad: str, day: str) -> list[float]:
    """How a day of an ad is spread over places, sum 1."""
    weights = [wobble(0.5, seed, ad, place) * wobble(0.1, seed, ad, day, place) for place in places]
    return [one / sum(weights) for one in weights]


def spread(whole: int, parts: list[float]) -> list[int]:
    """A whole number in parts that sum up to it."""
    found = [int(whole * one) for one in parts[:-1]]
    return [*found, whole - sum(found)]
