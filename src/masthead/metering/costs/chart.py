"""A month's days as bars to draw. Pure: amounts in, coordinates out; the page draws them as SVG without any script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from masthead.kit.money import Money

WIDTH, HEIGHT = 744, 160
GAP = 0.25
"""Of a day's width."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its amount and the bar's place within WIDTH x HEIGHT, as SVG writes numbers. A day without money has no height."""

    on: date
    amount: Money
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of all days of a month in one currency; `most` is the dearest day's amount, the top of the drawing."""

    bars: tuple[Bar, ...]
    most: Money
    total: Money


def chart(amounts: Mapping[date, int], currency: str, since: date, until: date) -> Chart:
    """Bars from `since` to before `until`; `amounts` are micros by day."""
    days = [since + timedelta(days=number) for number in range((until - since).days)]
    most, step = max([1, *amounts.values()]), WIDTH / len(days)
    bars = []
    for place, day in enumerate(days):
        micros = amounts.get(day, 0)
        high = HEIGHT * max(micros, 0) / most
        bars.append(
            Bar(
                day,
                Money(micros, currency),
                f"{place * step + step * GAP / 2:.1f}",
                f"{HEIGHT - high:.1f}",
                f"{step * (1 - GAP):.1f}",
                f"{high:.1f}",
            )
        )
    return Chart(tuple(bars), Money(max([0, *amounts.values()]), currency), Money(sum(amounts.values()), currency))
