"""Why a budget moved, as values: the sentences are written, and translated, by whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """The one thing that explains a move best. The comment is the sentence it stands for."""

    FIRST_DAY = "first_day"  # Nothing is known yet: the first day's split.
    WITHDRAWN = "withdrawn"  # It cannot be used: its money went to the others.
    HANDED_ON = "handed_on"  # It took over money that others could not use.
    FULL = "full"  # It left budget unspent: beyond {capacity} it has nothing to sell.
    BRINGS_MORE = "brings_more"  # The next {coin} brings {marginal} here, more than elsewhere ({elsewhere}).
    BRINGS_LESS = "brings_less"  # The last {coin} brought {marginal} here, less than elsewhere ({elsewhere}).
    WEEKDAY = "weekday"  # Today is worth {weekday} of an ordinary day here.
    TARGET = "target"  # More would cost more than the target allows.
    LEARNING = "learning"  # The platform is still learning: nothing is moved.
    FLOOR = "floor"  # It has the least that was agreed, or that the platform accepts.
    CEILING = "ceiling"  # It has the most that was agreed.
    STEADY = "steady"  # Nothing speaks for a move.


@dataclass(frozen=True)
class Move:
    """One arm's budget of yesterday and today.

    `sure`: chance between 0 and 1 that money moved this way brings more than it would have brought elsewhere; 1 where no estimate is
    involved. `held`: the limit of change kept it from moving further. `marginal` and `elsewhere`: value of the next coin here and on
    the average of the live arms. `capacity`: measured, or None. `weekday`: factor of today.
    """

    arm: int
    before: float
    after: float
    why: Why
    sure: float
    held: bool
    marginal: float
    elsewhere: float
    capacity: float | None
    weekday: float
