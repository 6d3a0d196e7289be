"""Which budgets bring most together: the multiple-choice knapsack, solved exactly by dynamic programming.

Curves may be S-shaped, so "give the next coin to whoever makes most of it" is not enough.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from masthead.campaigns.allocation.history import Array, Whole


def solve(values: list[Array], units: int) -> Whole:
    """Units for each arm with the highest sum of values.

    `values[i][k]` is what arm i brings with k units; -inf where k is not allowed. A list may be shorter than `units + 1`. At most
    `units` are given out. Every arm must allow 0 units.
    """
    best: NDArray[np.float64] = np.zeros(units + 1)
    picks: list[Whole] = []
    for row in values:
        best, pick = _add(best, row, units)
        picks.append(pick)
    left, chosen = int(best.argmax()), np.zeros(len(values), np.int64)
    for arm in range(len(values) - 1, -1, -1):
        chosen[arm] = picks[arm][left]
        left -= int(chosen[arm])
    return chosen


def _add(best: Array, row: Array, units: int) -> tuple[Array, Whole]:
    """Best values for every number of units with one arm more, and how many of them that arm takes."""
    width = min(row.size, units + 1)
    padded = np.concatenate([np.full(width - 1, -np.inf), best])
    shifted = np.lib.stride_tricks.sliding_window_view(padded, width)[:, ::-1]
    both = shifted + row[None, :width]
    pick = both.argmax(axis=1)
    return both[np.arange(units + 1), pick], pick
