"""Evidence that may be looked at any time, with no planned end, and when the spend follows the results.

An e-value: under "both are alike" its mean never exceeds 1 whenever one stops, so that 1 / e bounds the error (Ramdas and
others, "Game-theoretic statistics and safe anytime-valid inference", 2023). Given a day's impressions and the clicks of both
together, the clicks of one are hypergeometric, whatever the rate of that day was: drift and weekdays do not matter, nor that
yesterday's results steered today's spend. The alternative is a mixture over odds ratios.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp

SPREAD = 0.2
"""Standard deviation of the log odds ratio that the mixture expects: differences of about 20 %."""
ODDS = np.linspace(-4, 4, 81)


@dataclass(frozen=True, slots=True)
class Day:
    """What two creatives got on one day: impressions and clicks (or clicks and conversions) of each."""

    seen: int
    clicked: int
    other_seen: int
    other_clicked: int


def evidence(days: Iterable[Day], spread: float = SPREAD) -> float:
    """How many times better "they differ" explains the days than "they are alike". Raises ValueError on impossible counts."""
    logs = ODDS * spread
    return float(np.exp(min(700.0, _mixed(likelihood(days, logs)))))


def interval(days: Iterable[Day], needed: float, spread: float = SPREAD) -> tuple[float, float]:
    """The odds ratios (first to second creative) that the days do not refute `needed` times over: holds at every look."""
    logs = np.linspace(-8, 8, 321) * spread
    found = likelihood(days, logs)
    mixed = _mixed(np.interp(ODDS * spread, logs, found))
    kept = logs[mixed - found < np.log(needed)]
    low = 0.0 if kept[0] == logs[0] else float(np.exp(kept[0]))
    return low, float("inf") if kept[-1] == logs[-1] else float(np.exp(kept[-1]))


def likelihood(days: Iterable[Day], logs: np.ndarray) -> np.ndarray:
    """log likelihood of each log odds ratio, less that of "alike"."""
    total = np.zeros_like(logs)
    for day in days:
        total += _of_a_day(day, logs)
    return total


def _mixed(found: np.ndarray) -> float:
    prior = -(ODDS**2) / 2
    return float(logsumexp(found + prior) - logsumexp(prior))


def _of_a_day(day: Day, logs: np.ndarray) -> np.ndarray:
    """log of the likelihood ratio for each odds ratio: the non-central against the central hypergeometric."""
    if not (0 <= day.clicked <= day.seen and 0 <= day.other_clicked <= day.other_seen):
        raise ValueError("a day cannot have more clicks than impressions, or fewer than none")
    both = day.clicked + day.other_clicked
    possible = np.arange(max(0, both - day.other_seen), min(both, day.seen) + 1)
    ways = _choose(day.seen, possible) + _choose(day.other_seen, both - possible)
    normal = logsumexp(ways[None, :] + logs[:, None] * possible[None, :], axis=1)
    return np.asarray(logs * day.clicked + logsumexp(ways) - normal)


def _choose(n: int, k: np.ndarray) -> np.ndarray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
