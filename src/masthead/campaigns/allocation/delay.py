"""Conversions come days after the click: which share of a day's conversions is known by now.

Chain ladder on reverse hazards: of what had arrived after d days, the share that came with the last of them. A platform's own share is
drawn towards that of all platforms, and that towards an exponential delay.
"""

from __future__ import annotations

import numpy as np

from masthead.campaigns.allocation.history import LAGS, Array, History

PRIOR_MEAN = 1.5  # days
OWN, POOLED = 25.0, 8.0  # conversions that the pooled share and the prior weigh


def arrived(history: History) -> Array:
    """[P, LAGS]: share of a day's conversions that has arrived after 0, 1, ... days."""
    prior = -np.expm1(-(np.arange(LAGS) + 1) / PRIOR_MEAN)
    hazard = 1 - prior[:-1] / prior[1:]  # of lag 1, 2, ...
    late, total = _counts(history)
    pooled = (late.sum(axis=0) + POOLED * hazard) / (total.sum(axis=0) + POOLED)
    own = (late + OWN * pooled) / (total + OWN)
    before = np.cumprod((1 - np.clip(own, 0.0, 0.98))[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([before, np.ones((history.arms, 1))], axis=1)


def known_share(history: History, shares: Array) -> Array:
    """[P, n]: share of each day's conversions that is known today; 0 for days of which nothing is known."""
    share = shares[:, np.clip(history.age, 0, LAGS - 1)]
    return np.where(history.age[None, :] >= 0, share, 0.0)


def _counts(history: History) -> tuple[Array, Array]:
    """By arm and lag from 1: conversions that came with that lag, and all that had come until then, over days where both are known."""
    triangle = np.where(history.ok[:, :, None], history.triangle, np.nan)
    both = np.isfinite(triangle[:, :, 1:]) & np.isfinite(triangle[:, :, :-1])
    now, before = np.nan_to_num(triangle[:, :, 1:]), np.nan_to_num(triangle[:, :, :-1])
    return np.sum(np.maximum(now - before, 0) * both, axis=1), np.sum(np.maximum(now, before) * both, axis=1)
