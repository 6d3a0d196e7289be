"""How to share the spend among creatives while their test runs: by the probability of being the best (Thompson sampling).

The probability is integrated, not drawn, so the same counts always give the same shares.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import beta

POINTS = 2000


def shares(seen: Sequence[int], clicked: Sequence[int], *, floor: float = 0.0, prior: float = 1.0) -> list[float]:
    """The share of each creative, adding up to 1, none under `floor` (at most 1 / number of creatives).

    `prior`: so many clicks are imagined at the pooled rate for each, which keeps a lucky first day from taking everything.
    Raises ValueError where `floor` cannot be held.
    """
    many = len(seen)
    if not 0 <= floor * many <= 1:
        raise ValueError(f"floor: {floor} for each of {many} creatives is more than there is")
    best = probabilities_of_being_best(seen, clicked, prior)
    return [floor + (1 - floor * many) * one for one in best]


def probabilities_of_being_best(seen: Sequence[int], clicked: Sequence[int], prior: float = 1.0) -> list[float]:
    """For each creative, how probable it is that its true rate is the highest. Adds up to 1."""
    pooled = (sum(clicked) + 1) / (sum(seen) + 100)
    hits = np.asarray(clicked, float) + prior
    misses = np.maximum(np.asarray(seen, float) - clicked, 0) + prior * (1 - pooled) / pooled
    low = float(np.min(beta.ppf(1e-9, hits, misses)))
    high = float(np.max(beta.ppf(1 - 1e-9, hits, misses)))
    edges = np.linspace(low, high, POINTS + 1)
    below = np.asarray(beta.cdf(edges[:, None], hits, misses))
    within = np.diff(below, axis=0)
    middle = (below[1:] + below[:-1]) / 2
    best = np.array([(within[:, i] * np.delete(middle, i, axis=1).prod(axis=1)).sum() for i in range(len(hits))])
    return list(best / best.sum())
