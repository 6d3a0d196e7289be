"""The rules a campaign's budgets live under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from masthead.campaigns.allocation.history import Array


@dataclass(frozen=True)
class Limits:
    """Money in the unit of the daily budget; one number for all arms or one for each, None where there is no rule.

    `change`: how far a budget may move in a day, 0.2 for 20 %; None for any move. `hand_on_unspent`: what a platform left unspent is handed
    on at once, as the money of a withdrawn one is; with False such a budget too falls by `change` a day at most. `floor` and `ceiling`
    go before `change`. `minimum`: the least a platform accepts; an arm gets at least that, or nothing when there is not enough for all.
    `max_cost` (money per conversion) or `min_return` (value per money, with `worth`, the value of a conversion by arm) end spending where
    the next coin would bring less. `round_to`: the smallest coin, 0 for none.
    """

    change: float | None = 0.2
    hand_on_unspent: bool = True
    floor: float | Sequence[float] | None = None
    ceiling: float | Sequence[float] | None = None
    minimum: float | Sequence[float] | None = None
    max_cost: float | None = None
    min_return: float | None = None
    worth: float | Sequence[float] = 1.0
    round_to: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.max_cost is not None and self.min_return is not None:
            raise ValueError("Give max_cost or min_return, not both.")
        for number in (self.max_cost, self.min_return):
            if number is not None and not number > 0:
                raise ValueError("A target must be above zero.")
        if self.change is not None and not 0 <= self.change < 1:
            raise ValueError("change must be at least 0 and below 1; None for any move.")

    @property
    def target(self) -> float:
        """What a coin must bring at least, in the unit of `worth`; 0 without a target."""
        if self.max_cost is not None:
            return 1 / self.max_cost
        return self.min_return or 0.0

    def values(self, arms: int) -> Array:
        """What a conversion of each arm counts."""
        return np.ones(arms) if self.max_cost is not None else by_arm(self.worth, arms, 1.0)


def by_arm(rule: float | Sequence[float] | None, arms: int, otherwise: float) -> Array:
    """A rule as one number for each arm; what is missing or no number becomes `otherwise`."""
    if rule is None:
        return np.full(arms, otherwise)
    row = np.broadcast_to(np.asarray(rule, float), (arms,)) if np.ndim(rule) == 0 else np.asarray(rule, float)
    if row.shape != (arms,):
        raise ValueError(f"A rule has {row.size} numbers for {arms} arms.")
    return np.where(np.isnan(row), otherwise, np.maximum(row, 0.0))
