"""Spend-aware reading against two plain ways, at the same money: how much movement of the numbers stays unseen, for how long.

A week of an account with a month of posts behind it and about eight new ones a day. What really happens is drawn anew for each
seed and is not what the plan assumes: paces spread widely, half of the posts fade exponentially with their own half-life and half
by a power law with its own exponent, and the counts are Poisson. Three readers spend the same money, in equal shares an hour:

- plan: `masthead.metering.plan`, made anew each hour from what it has read; it sees neither the truth nor its parameters;
- every post every hour: the money does not reach for all of them, so they take turns, the longest unread first;
- newest first: each hour the newest.

Staleness is |real count - last read count|, summed over all posts and all hours. Run: .venv/bin/python benchmarks/reading.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from masthead.metering.plan import Subject, choose, pace

WEEK, PAST, A_DAY, PRICE = 168, 720, 8, 5000
AHEAD = 24


@dataclass
class Post:
    """One post: the hour it appears, its count at the end of each hour from then on, and what a reader has seen of it."""

    born: int
    counts: list[int]
    reads: list[tuple[float, float]] = field(default_factory=list)

    def count(self, hour: int) -> int:
        """The real count at the beginning of an hour."""
        return self.counts[hour - self.born - 1] if hour > self.born else 0

    @property
    def known(self) -> float:
        """The count that was read last."""
        return self.reads[-1][1] if self.reads else 0.0


def world(seed: int) -> list[Post]:
    """The posts of one seed."""
    luck = random.Random(seed)
    births = sorted(luck.randrange(-PAST, WEEK) for _ in range(round((PAST + WEEK) / 24 * A_DAY)))
    return [Post(born, counts(luck, WEEK - born)) for born in births]


def counts(luck: random.Random, hours: int) -> list[int]:
    """Counts of one post hour by hour."""
    first = luck.lognormvariate(1.0, 1.3)
    half_life, power, soften = luck.uniform(2, 48), luck.uniform(1.2, 2.2), luck.uniform(2, 12)
    fades = luck.random() < 0.5
    total, all_of_them = 0, []
    for age in range(hours):
        rate = first * (0.5 ** (age / half_life) if fades else (1 + age / soften) ** -power)
        total += poisson(luck, rate)
        all_of_them.append(total)
    return all_of_them


def poisson(luck: random.Random, mean: float) -> int:
    """A Poisson number; by the normal law where the mean is large."""
    if mean > 30:
        return max(0, round(luck.gauss(mean, math.sqrt(mean))))
    limit, number, product = math.exp(-mean), 0, luck.random()
    while product > limit:
        number += 1
        product *= luck.random()
    return number


Reader = Callable[[list[Post], int, int], list[Post]]
"""From the posts that exist, the hour and the reads that are left for the week, which posts to read now."""


def share(hour: int, left: int) -> int:
    """This hour's reads, where what is left is spent evenly."""
    return round(left / (WEEK - hour))


def every_post(shown: list[Post], hour: int, left: int) -> list[Post]:
    """The longest unread first."""
    return sorted(shown, key=lambda one: one.reads[-1][0] + one.born if one.reads else one.born)[: share(hour, left)]


def newest_first(shown: list[Post], hour: int, left: int) -> list[Post]:
    """The newest, each hour."""
    return sorted(shown, key=lambda one: -one.born)[: share(hour, left)]


def planned(shown: list[Post], hour: int, left: int) -> list[Post]:
    """The plan for a day ahead with a day's share of the money, room kept for posts to come; what of it is for this hour."""
    prior = statistics.fmean([pace(one.reads, 4.0) for one in shown if one.reads] or [4.0])
    subjects = [
        Subject(number, hour - one.born, one.reads[-1][0] if one.reads else 0.0, pace(one.reads, prior), PRICE)
        for number, one in enumerate(shown)
    ]
    ahead = min(AHEAD, WEEK - hour)
    expected = round(len(shown) / (PAST + hour) * ahead)
    subjects += [Subject(None, -ahead * (n + 0.5) / expected, 0.0, prior, PRICE) for n in range(expected)]
    plan = choose(subjects, left * ahead // (WEEK - hour) * PRICE, ahead)
    return [shown[one.key] for one in plan.readings if one.slot == 0 and isinstance(one.key, int)][:left]


def staleness(seed: int, reader: Reader, reads: int) -> tuple[float, int]:
    """Staleness of one reader over the week and the reads it used; everything is read as the week begins."""
    posts, total, left = world(seed), 0.0, reads
    for post in posts:
        if post.born < 0:
            post.reads.append((-post.born, post.count(0)))
    for hour in range(WEEK):
        for post in reader([one for one in posts if one.born < hour], hour, left):
            post.reads.append((hour - post.born, post.count(hour)))
            left -= 1
        total += sum(abs(one.count(hour + 1) - one.known) for one in posts if one.born <= hour)
    return total, reads - left


def compared(seeds: int, reads: int) -> dict[str, float]:
    """How much less staleness the plan leaves than either plain way, over all seeds, and what all of them spent at most."""
    sums = dict.fromkeys((planned, every_post, newest_first), 0.0)
    used = dict.fromkeys(sums, 0)
    better = 1.0
    for seed in range(seeds):
        each = {reader: staleness(seed, reader, reads) for reader in sums}
        for reader, (stale, spent) in each.items():
            sums[reader] += stale
            used[reader] += spent
        better = min(better, 1 - each[planned][0] / min(each[every_post][0], each[newest_first][0]))
    return {
        "reading_less_than_every_post": round(1 - sums[planned] / sums[every_post], 3),
        "reading_less_than_newest_first": round(1 - sums[planned] / sums[newest_first], 3),
        "reading_least_in_one_seed": round(better, 3),
        "reading_money_to_plain": round(used[planned] / used[every_post], 3),
    }


def main() -> None:
    """One JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--reads", type=int, default=WEEK * 5, help="what the money of the week buys")
    given = parser.parse_args()
    seeds = 5 if given.quick else 100
    print(json.dumps({"benchmark": "reading", "seeds": seeds, "reads": given.reads, **compared(seeds, given.reads)}))


if __name__ == "__main__":
    main()
