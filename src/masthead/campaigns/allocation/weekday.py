"""Some days of the week bring more. A factor for each arm and day of the week, drawn towards the week of all arms and that towards 1.

Each day is set against the seven days around it, so that a level that wanders is not taken for a rhythm. How far a factor is drawn is
chosen by the data: the strength under which what came is most likely.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from masthead.campaigns.allocation.history import Array, History

STRENGTHS = np.array([15.0, 40.0, 120.0, 500.0])  # conversions that "no rhythm" weighs
ROUNDS = 3
SHAPE = 0.7  # between a straight line and a full curve: how conversions follow small moves of spend


def factors(history: History, share: Array) -> Array:
    """[P, 7]: what a day of the week brings, relative to the mean of the week; index 0 is the campaign's first day's."""
    week = np.ones((history.arms, 7))
    exposure = np.where(history.ok, history.spend, 0.0) ** SHAPE * share
    seen = np.where(exposure > 0, history.conversions, 0.0)
    days = history.weekdays
    member = (days[:, None] == np.arange(7)[None, :]).astype(float)
    if seen.shape[1] < 7:
        return week
    for _ in range(ROUNDS):
        expected = _around(seen, exposure * week[:, days]) * exposure
        week = _shrunk(seen @ member, expected @ member)
    return week


def _around(seen: Array, exposure: Array) -> Array:
    """Conversions per exposure over the seven days around each day; at the ends the seven nearest."""
    n = seen.shape[1]
    start = np.clip(np.arange(n) - 3, 0, n - 7)

    def window(values: Array) -> Array:
        running = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
        sums: Array = running[:, start + 7] - running[:, start]
        return sums

    return (window(seen) + 1e-9) / (window(exposure) + 1e-9)


def _shrunk(seen: Array, expected: Array) -> Array:
    """Posterior means of Gamma-Poisson factors, first of all arms together, then of each around them; mean 1."""
    weight = _strength(seen.sum(axis=0)[None, :], expected.sum(axis=0)[None, :])
    together = (seen.sum(axis=0) + weight) / (expected.sum(axis=0) + weight)
    centre = expected * together[None, :]
    weight = _strength(seen, centre)
    own = together[None, :] * (seen + weight) / (centre + weight)
    result: Array = own / own.mean(axis=1, keepdims=True)
    return result


def _strength(seen: Array, expected: Array) -> float:
    """The mean of the strengths, each as likely as it makes what was seen."""
    k = STRENGTHS[:, None, None]
    fit = (
        gammaln(k + seen)
        - gammaln(k)
        + k * np.log(k / (k + expected))
        + seen * np.log((expected + 1e-12) / (k + expected))
    )
    evidence: NDArray[np.float64] = fit.sum(axis=(1, 2))
    chance = np.exp(evidence - evidence.max())
    return float(np.exp((chance * np.log(STRENGTHS)).sum() / chance.sum()))
