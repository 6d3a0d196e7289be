"""The past as the curves see it: spend, conversions known, and by how much a day differs from an ordinary, finished one."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.campaigns.allocation import delay, weekday
from masthead.campaigns.allocation.history import Array, Flags, History

LEAST_KNOWN = 0.02  # share of a day's conversions under which it says nothing


@dataclass(frozen=True)
class Days:
    """All [P, n] but `week` [P, 7]. `factor` is the weekday's factor times the share of conversions known by now."""

    spend: Array
    conversions: Array
    factor: Array
    use: Flags
    week: Array


def corrected(history: History) -> Days:
    """The past with delay and weekday measured; days of outage and days without spend are not used."""
    share = delay.known_share(history, delay.arrived(history))
    week = weekday.factors(history, share)
    factor = share * week[:, history.weekdays]
    use = history.ok & (history.spend > 0) & (share > LEAST_KNOWN)
    return Days(history.spend, history.conversions, factor, use, week)
