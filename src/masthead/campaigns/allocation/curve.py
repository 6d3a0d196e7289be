"""What a day's spend brings on each arm: a Bayesian response curve whose level wanders.

Expected conversions of a day are `level x shape(spend)`. The shape is a Hill curve, one of a grid of half-saturations and exponents.
Under each shape the level has a Gamma posterior, carried forward day by day in closed form: a random walk of its logarithm widens it
(the faster conversions come, the faster old days are forgotten), a jump now and then widens it much more, and a day's conversions,
negative binomial, narrow it. How well each shape, walk and spread of the counts foretold every day is its weight. No sampling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from masthead.campaigns.allocation.days import Days
from masthead.campaigns.allocation.history import Array
from masthead.campaigns.allocation.prior import Prior

HALF = np.geomspace(0.08, 25.0, 16)  # spend of half saturation, in even shares of the daily budget
POWER = np.array([0.8, 1.1, 1.5])
SPREAD = np.array([8.0, 40.0])  # r of the negative binomial
WALK = np.array([0.01, 0.025, 0.06])  # standard deviation of a day's step of the level's logarithm
CENTRES, CENTRE_SPREAD = np.array([0.5, 1.0, 2.0]), 0.9  # where the half-saturations of a campaign may lie
JUMP, JUMP_SIZE = 1 / 150, 0.45  # chance of a jump on a day, standard deviation of its logarithm
AXES = (WALK.size, HALF.size, POWER.size, SPREAD.size)
EXCESS = 1e-9


@dataclass(frozen=True)
class Curves:
    """The posterior of P arms on the grid [P, walk, half, power, spread]."""

    weight: Array
    level: Array  # posterior mean
    count: Array  # 1 / relative variance of the level
    even: float

    def mean(self, spend: Array) -> Array:
        """Expected conversions of an ordinary day for spend [P, m]."""
        by_shape = (self.weight * self.level).sum(axis=(1, 4))
        return _over_shapes(by_shape, shape(spend / self.even))

    def deviation(self, spend: Array) -> Array:
        """Standard deviation of that expectation, [P, m]."""
        return np.sqrt(self.variance_of(shape(spend / self.even)))

    def variance_of(self, parts: Array) -> Array:
        """Variance of level x parts, [P, m], for parts [P, half, power, m] that are sums or differences of shapes."""
        first = (self.weight * self.level).sum(axis=(1, 4))
        second = (self.weight * self.level**2 * (1 + 1 / self.count)).sum(axis=(1, 4))
        return np.maximum(_over_shapes(second, parts**2) - _over_shapes(first, parts) ** 2, 0.0)

    def restless(self) -> Array:
        """[P]: variance that the logarithm of the level gains in a day, jumps included."""
        gained: Array = np.einsum("pwhks,w->p", self.weight, WALK**2 + JUMP * JUMP_SIZE**2)
        return gained

    def scatter(self) -> Array:
        """[P]: relative variance of a day's conversions beside that of a Poisson count."""
        result: Array = np.einsum("pwhks,s->p", self.weight, 1 / SPREAD)
        return result


def _over_shapes(weight: Array, parts: Array) -> Array:
    """Sum over [half, power]."""
    result: Array = np.einsum("phk,phkm->pm", weight, parts)
    return result


def shape(part: Array) -> Array:
    """[P, half, power, m]: the Hill curves at spend [P, m] in even shares, 1 at an even share."""
    half, power = HALF[:, None, None], POWER[:, None]
    ratio = np.maximum(part, 0.0)[:, None, None, :] ** power
    curves: Array = (1 + half**power) * ratio / (half**power + ratio)
    return curves


def fit(days: Days, prior: Prior, even: float, at: Sequence[int]) -> list[Curves]:
    """The posterior before each day of `at` (column numbers, rising; the number of columns is today)."""
    arms, n = days.spend.shape
    exposure = shape(days.spend / even) * np.where(days.use, days.factor, 0.0)[:, None, None, :]
    wide = (slice(None), None, None, None, None)
    count = np.broadcast_to(prior.count[wide], (arms, *AXES)).copy()
    level = np.broadcast_to(prior.level[wide], (arms, *AXES)).copy()
    evidence, found = np.zeros((arms, *AXES)), []
    for day in range(n + 1):
        count = count / (1 + WALK[:, None, None, None] ** 2 * count)
        if day in at:
            found.append(Curves(_weights(evidence), level, count, even))
        if day < n and days.use[:, day].any():
            level, count, gain = _learn(
                level, count, exposure[:, None, :, :, None, day], days.conversions[:, day][wide]
            )
            evidence = evidence + gain
    return found


def _learn(level: Array, count: Array, x: Array, y: Array) -> tuple[Array, Array, Array]:
    """A day's conversions y at exposure x: new level and count, and the logarithm of how likely they were.

    Both stories, the level jumped or it did not, are followed for one day and merged into one Gamma with the same mean and variance.
    """
    jumped = count / (1 + JUMP_SIZE**2 * count)
    mean = np.maximum(level * x, EXCESS)
    weight = np.where(x > 0, 1 / (1 + mean / SPREAD), 0.0)
    log_mean = np.log(mean)
    stay, moved = (_update(level, start, mean, log_mean, weight, y) for start in (count, jumped))
    jump = np.log(JUMP) + moved[2]
    chance = 1 / (1 + np.exp(np.clip(np.log1p(-JUMP) + stay[2] - jump, -700, 700)))
    both = jump - np.log(chance)
    mean = (1 - chance) * stay[0] + chance * moved[0]
    square = (1 - chance) * stay[0] ** 2 * (1 + 1 / stay[1]) + chance * moved[0] ** 2 * (1 + 1 / moved[1])
    return mean, 1 / np.maximum(square / mean**2 - 1, EXCESS), both


def _update(
    level: Array, count: Array, mean: Array, log_mean: Array, weight: Array, y: Array
) -> tuple[Array, Array, Array]:
    """Gamma posterior of the level (mean and count) after a day that should bring `mean`, and the logarithm of the chance of y."""
    size = 1 / (1 / count + (1 + 1 / count) / SPREAD)
    after = count + weight * y
    return level * after / (count + weight * mean), after, np.where(weight > 0, _chance(mean, log_mean, size, y), 0.0)


def _chance(mean: Array, log_mean: Array, size: Array, y: Array) -> Array:
    """Logarithm of the negative binomial chance of y.

    The Gamma functions are Stirling's series, right to 0.003 from 0.7 on: exact ones would take half of a decision's time.
    """
    total = y + size
    ends = (total - 0.5) * np.log(total) + 1 / (12 * total) + 0.5 * np.log(size) - 1 / (12 * size)
    result: Array = ends - y - gammaln(y + 1) + y * log_mean - total * np.log(size + mean)
    return result


def _weights(evidence: Array) -> Array:
    """Posterior weights on the grid. Where the half-saturations lie and how much levels wander is learnt from all arms together."""
    near = np.exp(-0.5 * (np.log(HALF / CENTRES[:, None]) / CENTRE_SPREAD) ** 2)
    near /= near.sum(axis=1, keepdims=True)
    chance = np.exp(evidence - evidence.max(axis=(1, 2, 3, 4), keepdims=True))
    arm = np.einsum("pwhks,ch->pwc", chance, near) + 1e-300
    together = np.log(arm).sum(axis=0)
    shared = np.exp(together - together.max(initial=-np.inf)) if len(arm) else np.ones_like(together)
    weight = np.einsum("pwhks,ch,pwc->pwhks", chance, near, shared / arm)
    result: Array = weight / weight.sum(axis=(1, 2, 3, 4), keepdims=True)
    return result
