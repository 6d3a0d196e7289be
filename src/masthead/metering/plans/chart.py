"""The totals of a month's offers as bars. Pure: offers in, lengths out; the page draws each as SVG, and the table has the numbers.

The scale is logarithmic, since plans lie between some dollars and hundreds of thousands: from nothing to the dearest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from masthead.metering.advice import Offer

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One offer's bar: `length` of WIDTH; `look` is best, fits or not."""

    offer: Offer
    length: float
    look: str


def bars(offers: Sequence[Offer], best: Offer | None) -> list[Bar]:
    """A bar for each offer whose total is known, in their order."""
    known = [one for one in offers if one.bill.known]
    most = max((_grown(one) for one in known), default=0.0) or 1.0
    return [Bar(one, round(WIDTH * _grown(one) / most, 1), _look(one, best)) for one in known]


def _grown(offer: Offer) -> float:
    return math.log1p(float(offer.total.decimal))


def _look(offer: Offer, best: Offer | None) -> str:
    if offer is best:
        return "best"
    return "fits" if offer.open else "not"
