"""How far apart two creatives must be at each look so that looking often misleads no more often than looking once.

O'Brien and Fleming's boundary in Lan and DeMets' form (Biometrika 70, 1983): each look may spend a part of the error, little at
first; looks need be neither equally spaced nor fixed ahead. The exact crossing probabilities come from Armitage, McPherson and
Rowe's recursion (JRSS A 132, 1969): the score is a Brownian motion in the share of information.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

POINTS = 601
FAR = 9.0
"""In standard deviations: nothing is beyond."""


def spent(share: float, alpha: float) -> float:
    """The error that may have been spent, half on each side, when this share (0 to 1) of the planned information is in."""
    return float(min(alpha, 4 * norm.sf(norm.isf(alpha / 4) / np.sqrt(share)))) if share > 0 else 0.0


def boundaries(looks: Sequence[float], alpha: float = 0.05) -> list[float]:
    """The two-sided z that must be passed at each look; `looks` are rising shares of the planned information, 0 to 1.

    Raises ValueError where they do not rise or lie outside.
    """
    if any(later <= earlier for earlier, later in zip((0.0, *looks), looks, strict=False)) or (looks and looks[-1] > 1):
        raise ValueError("looks: shares of the planned information must rise from above 0 to at most 1")
    return list(_boundaries(tuple(round(one, 9) for one in looks), alpha))


@lru_cache(maxsize=512)
def _boundaries(looks: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    found: list[float] = []
    grid, density, before, gone = np.zeros(1), np.ones(1), 0.0, 0.0
    for look in looks:
        step, may = np.sqrt(look - before), spent(look, alpha) - gone
        edge = _edge(grid, density, step, np.sqrt(look), may)
        found.append(edge / float(np.sqrt(look)))
        grid, density = _go_on(grid, density, step, edge)
        before, gone = look, spent(look, alpha)
    return tuple(found)


def _edge(grid: np.ndarray, density: np.ndarray, step: float, deviation: float, may: float) -> float:
    """The score that is passed with just the probability `may`; far out where next to nothing may be spent."""
    far = FAR * deviation

    def beyond(edge: float) -> float:
        outside = norm.sf((edge - grid) / step) + norm.cdf((-edge - grid) / step)
        return float(density @ outside) - may

    return far if beyond(far) >= 0 else float(brentq(beyond, 0.0, far, xtol=1e-9))


def _go_on(grid: np.ndarray, density: np.ndarray, step: float, edge: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the score stands at this look, for those that did not pass: points and their weights (trapezoid)."""
    inside = np.linspace(-edge, edge, POINTS)
    weights = np.full(POINTS, inside[1] - inside[0])
    weights[[0, -1]] /= 2
    return inside, weights * (norm.pdf((inside[:, None] - grid[None, :]) / step) / step @ density)
