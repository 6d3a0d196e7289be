"""Which post to read when, for the least staleness the money buys. Pure: no clock, no database.

Model. A post's numbers move at `pace * (1 + age / soften) ** -power` an hour: most while it is new. What is unseen `t` hours from
now is R(t) - R(last read), R being the expected total; staleness is that, integrated over the horizon ("changes unseen, times
hours"). A read at t raises the known step to R(t) for the rest of the horizon, so reads at t1 < .. < tk of one post take away
`sum of (R(ti) - R(ti-1)) * (T - ti)`.

Why greedy is right. (1) Posts do not share anything but the money, so the whole is a sum. (2) For one post the best k times on
the grid are found exactly, by a dynamic programme whose step costs one pass over the grid (the choice of the last time is a
maximum over lines). (3) The gain of two neighbouring steps crosses over only one way (it is a Monge array), therefore the best
gain V(k) has falling increments: the second read of a post is never worth more than the first. Buying the
best increment per price next is then exactly optimal at equal prices. (4) At unequal prices it is the fractional knapsack:
what was gained when the first increment no longer fits, plus the part of it that the rest of the money would buy, is no less than
the optimum (`Plan.at_most`); the loss is under one increment. Where one read is much of the money
that matters: the end of the purse is spent by an exact knapsack over the increments around the edge.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

DOLLAR = 1_000_000
LAST, COINS = 150, 300
"""The end of the purse, up to so many increments and coins, is spent exactly."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How the rate of change falls with age (hours): to a third or so after `soften`, then as a power law (not 1 or 2)."""

    power: float = 1.5
    soften: float = 6.0

    def grown(self, age: float) -> float:
        """Expected change from posting to `age`, for a pace of 1 an hour at posting; 0 before posting."""
        if age <= 0:
            return 0.0
        rest = 1 - self.power
        return self.soften / rest * ((1 + age / self.soften) ** rest - 1)

    def area(self, age: float) -> float:
        """The integral of `grown` from posting to `age`."""
        if age <= 0:
            return 0.0
        rest = 1 - self.power
        return self.soften / rest * (self.soften / (rest + 1) * ((1 + age / self.soften) ** (rest + 1) - 1) - age)


CURVE = Curve()


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that may be read: hours since it was posted (negative: not yet), its age at the last read (0: never), pace, price.

    `pace` is the change an hour at posting that the curve carries on (see `pace`), `price` micros of money for one read.
    """

    key: Hashable
    age: float
    read_age: float
    pace: float
    price: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Read `key` at the beginning of slot `slot` (0 is now)."""

    slot: int
    key: Hashable


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, in order of time; money in micros, staleness in changes times hours."""

    readings: tuple[Reading, ...]
    spent: int
    unread: float
    """Staleness if nothing were read."""
    saved: float
    at_most: float
    """No plan for this money takes away more."""

    @property
    def staleness(self) -> float:
        """What is expected to remain."""
        return self.unread - self.saved


def pace(reads: Sequence[tuple[float, float]], prior: float, *, curve: Curve = CURVE, weight: float = 1.0) -> float:
    """The pace that (age in hours, value) of past reads speak for, drawn to `prior` by as much as `weight` hours at posting.

    Later movement counts more: each step back weighs 0.7 of the one after it, because the curve is only roughly right.
    """
    moved, expected, fade = 0.0, 0.0, 1.0
    for (earlier, before), (age, value) in reversed(list(itertools.pairwise([(0.0, 0.0), *reads]))):
        moved += fade * abs(value - before)
        expected += fade * (curve.grown(age) - curve.grown(earlier))
        fade *= 0.7
    return (moved + prior * weight) / (expected + weight)


@dataclass(slots=True)
class _Purchase:
    """The best k times of one subject for k = 1, 2, ...: layer k holds the best gain whose last read is in each slot."""

    subject: Subject
    heights: list[float]
    """R at the start of each slot, above what is known."""
    rest: list[float]
    """Hours from each slot to the end."""
    layers: list[list[float]] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    gains: list[float] = field(default_factory=lambda: [0.0])

    def gain(self, count: int) -> float:
        """The most that `count` reads take away; more reads than slots take away no more."""
        while len(self.gains) <= count:
            if len(self.layers) >= len(self.rest):
                self.gains.append(self.gains[-1])
                continue
            values, before = self._layer()
            self.layers.append(values)
            self.before.append(before)
            self.gains.append(max(*values, self.gains[-1]))
        return self.gains[count]

    def _layer(self) -> tuple[list[float], list[int]]:
        if not self.layers:
            return [height * rest for height, rest in zip(self.heights, self.rest, strict=True)], [-1] * len(self.rest)
        return _after(self.layers[-1], self.heights, self.rest)

    def times(self, count: int) -> list[int]:
        """The slots of the best `count` reads."""
        while count and self.gain(count) <= self.gain(count - 1):
            count -= 1
        if not count:
            return []
        slots = [max(range(len(self.rest)), key=self.layers[count - 1].__getitem__)]
        for layer in range(count - 1, 0, -1):
            slots.append(self.before[layer][slots[-1]])
        return slots[::-1]


def _after(last: list[float], heights: list[float], rest: list[float]) -> tuple[list[float], list[int]]:
    """One more read: value j = max over i < j of last[i] - heights[i] * rest[j], + heights[j] * rest[j]. Lines, asked in falling rest."""
    worst = float("-inf")
    values, before = [worst], [-1]
    hull: list[int] = []
    for slot in range(1, len(rest)):
        new = slot - 1
        while len(hull) > 1 and _hidden(hull[-2], hull[-1], new, last, heights):
            hull.pop()
        if last[new] > worst:
            hull.append(new)
        while len(hull) > 1 and _at(hull[0], rest[slot], last, heights) <= _at(hull[1], rest[slot], last, heights):
            hull.pop(0)
        value = _at(hull[0], rest[slot], last, heights) + heights[slot] * rest[slot] if hull else worst
        values.append(value)
        before.append(hull[0] if hull else -1)
    return values, before


def _at(line: int, x: float, last: list[float], heights: list[float]) -> float:
    return last[line] - heights[line] * x


def _hidden(a: int, b: int, c: int, last: list[float], heights: list[float]) -> bool:
    """True where line b is nowhere above both a and c (slopes fall from a to c)."""
    return (last[b] - last[a]) * (heights[c] - heights[a]) <= (last[c] - last[a]) * (heights[b] - heights[a])


def choose(
    subjects: Sequence[Subject], budget: int, slots: int, *, hours: float = 1.0, curve: Curve = CURVE, last: int = LAST
) -> Plan:
    """The plan of reading for `budget` micros over `slots` slots of `hours` each. What has no price is read as often as it helps.

    `last`: how many increments the end of the purse is spent on exactly (0: plain greedy).
    """
    bought = [_purchase(subject, slots, hours, curve) for subject in subjects]
    alike = len({one.price for one in subjects if one.price}) < 2
    taken, at_most = _buy(_bargains(bought), budget, _unit(subjects), 0 if alike else last)
    counts = Counter(one.index for one in taken)
    readings = [
        Reading(slot, bought[index].subject.key) for index, n in counts.items() for slot in bought[index].times(n)
    ]
    saved = sum(bought[index].gain(n) for index, n in counts.items())
    unread = sum(_unread(subject, slots, hours, curve) for subject in subjects)
    spent = sum(one.price for one in taken)
    return Plan(tuple(sorted(readings, key=lambda one: one.slot)), spent, unread, saved, max(at_most, saved))


def worth(
    subjects: Sequence[Subject],
    budget: int,
    slots: int,
    *,
    more: int = DOLLAR,
    hours: float = 1.0,
    curve: Curve = CURVE,
) -> float:
    """How much less staleness `more` micros (one dollar) beyond `budget` would leave."""
    plans = [choose(subjects, money, slots, hours=hours, curve=curve) for money in (budget, budget + more)]
    return max(0.0, plans[1].saved - plans[0].saved)


@dataclass(frozen=True, slots=True)
class _Bargain:
    """One more read of the subject `index`."""

    index: int
    price: int
    gain: float


def _bargains(bought: Sequence[_Purchase]) -> Iterator[_Bargain]:
    """Every increment that gains something, by falling gain per price. The heap holds each subject's next one only."""

    def offer(index: int, count: int) -> tuple[float, int, int, float]:
        gain, price = bought[index].gain(count) - bought[index].gain(count - 1), bought[index].subject.price
        return -gain / price if price else -math.inf, index, count, gain

    heap = [offer(index, 1) for index in range(len(bought))]
    heapq.heapify(heap)
    while heap:
        _ratio, index, count, gain = heap[0]
        if gain <= 0:
            heapq.heappop(heap)
            continue
        yield _Bargain(index, bought[index].subject.price, gain)
        heapq.heapreplace(heap, offer(index, count + 1))


def _buy(bargains: Iterator[_Bargain], budget: int, unit: int, last: int) -> tuple[list[_Bargain], float]:
    """What is bought, and the bound: the best first, and the end of the purse again exactly among what comes next."""
    taken: list[_Bargain] = []
    left, gained, further = budget, 0.0, next(bargains, None)
    while further and further.price <= left:
        taken.append(further)
        left, gained, further = left - further.price, gained + further.gain, next(bargains, None)
    if further is None or not last:
        return taken, gained + (further.gain / further.price * left if further else 0.0)
    at_most = gained + further.gain / further.price * left
    again = [further, *itertools.islice(bargains, last)]
    while taken and len(again) < 2 * last and left + taken[-1].price <= COINS * unit:
        again.append(taken.pop())
        left += again[-1].price
    return taken + _knapsack(again, left, unit), at_most


def _knapsack(items: Sequence[_Bargain], money: int, unit: int) -> list[_Bargain]:
    """The best of `items` for the money, prices rounded up to whole units: the dynamic programme, best gain for each purse."""
    purses = min(money // unit, COINS) + 1
    best, kept = [0.0] * purses, [[False] * purses for _ in items]
    for item, row in zip(items, kept, strict=True):
        coins = -(-item.price // unit)
        for purse in range(purses - 1, coins - 1, -1):
            if best[purse - coins] + item.gain > best[purse]:
                best[purse], row[purse] = best[purse - coins] + item.gain, True
    chosen, purse = [], purses - 1
    for item, row in zip(reversed(items), reversed(kept), strict=True):
        if row[purse]:
            chosen.append(item)
            purse -= -(-item.price // unit)
    return chosen


def _unit(subjects: Sequence[Subject]) -> int:
    """The coin of the exact part: what divides all prices, or about a tenth of the cheapest where little does."""
    prices = [one.price for one in subjects if one.price]
    return max(math.gcd(*prices), min(prices) // 10, 1) if prices else 1


def _purchase(subject: Subject, slots: int, hours: float, curve: Curve) -> _Purchase:
    known = curve.grown(min(subject.read_age, subject.age))
    heights = [subject.pace * (curve.grown(subject.age + slot * hours) - known) for slot in range(slots)]
    return _Purchase(subject, heights, [(slots - slot) * hours for slot in range(slots)])


def _unread(subject: Subject, slots: int, hours: float, curve: Curve) -> float:
    """Staleness without a read."""
    end, known = subject.age + slots * hours, curve.grown(min(subject.read_age, subject.age))
    return subject.pace * (curve.area(end) - curve.area(subject.age) - known * slots * hours)
