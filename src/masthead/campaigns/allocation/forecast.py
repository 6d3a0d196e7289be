"""What the next days will bring if budgets stay as planned, with an interval that is right four times out of five.

The model knows its own doubt: counts scatter, levels are estimated, they wander on. It does not know how wrong it is itself; that is
learnt from the campaign. For each day of the past the same forecast is made from what was known of the curves then, compared with what
came, and the width is scaled so that it would have been right. A new campaign has no past, and keeps the usual scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from masthead.campaigns.allocation import capacity, curve, prior
from masthead.campaigns.allocation.curve import Curves
from masthead.campaigns.allocation.days import Days
from masthead.campaigns.allocation.history import Array, History

EIGHTY = 1.2816  # standard deviations to either side of an 80 % interval
USUAL, WEIGHT = 1.1, 2.0  # scale of a campaign without a past, and the forecasts it weighs
ORIGINS = 24  # past forecasts looked at, the newest
FADE = 0.9  # weight of a forecast against the next one's
FIRST = 5  # days that a forecast needs behind it


@dataclass(frozen=True)
class Forecast:
    """Conversions, all arms together: expected, and between `low` and `high` with 80 %. `by_arm`: expected of each."""

    expected: float
    low: float
    high: float
    by_arm: Array
    scale: float


def ahead(history: History, days: Days, budgets: Array, even: float, costs: Array, span: int) -> Forecast:
    """The forecast of `span` days from today on."""
    n = history.spend.shape[1]
    origins = list(range(max(FIRST, n - span - ORIGINS), n - span + 1))
    fitted = curve.fit(days, prior.pooled(days, even, costs), even, [*origins, n])
    scale = _scale([_miss(*pair, days, span) for pair in zip(fitted, origins, strict=False)], span)
    spend = np.where(history.live, capacity.measure(history).spent(budgets[:, None])[:, 0], 0.0)
    works = (history.ok.sum(axis=1) + 60.0) / (
        history.ok.shape[1] + 60.6
    )  # days without outage, one in a hundred expected
    week = days.week[:, (history.day + np.arange(span)) % 7] * works[:, None]
    by_arm, deviation = _predict(fitted[-1], np.repeat(spend[:, None], span, axis=1), week)
    total = float(by_arm.sum())
    width = EIGHTY * scale * deviation / max(total, 1e-9)
    return Forecast(total, total * float(np.exp(-width)), total * float(np.exp(width)), by_arm, scale)


def _predict(curves: Curves, spend: Array, factor: Array) -> tuple[Array, float]:
    """Expected conversions by arm over the days [P, span], and the standard deviation of their sum."""
    span = spend.shape[1]
    parts = (curve.shape(spend / curves.even) * factor[:, None, None, :]).sum(axis=3, keepdims=True)
    mean = curves.mean(spend) * factor
    sums = mean.sum(axis=1)
    estimate = curves.variance_of(parts)[:, 0]
    wandering = sums**2 * curves.restless() * (span + 1) / 3
    counts = sums + curves.scatter() * (mean**2).sum(axis=1)
    return sums, float(np.sqrt((estimate + wandering + counts).sum()))


def _miss(curves: Curves, origin: int, days: Days, span: int) -> float:
    """How far a past forecast was off, in its own standard deviations."""
    window = slice(origin, origin + span)
    factor = np.where(days.use[:, window], days.factor[:, window], 0.0)
    expected, deviation = _predict(curves, days.spend[:, window], factor)
    came = float(np.where(days.use[:, window], days.conversions[:, window], 0.0).sum())
    relative = deviation / max(float(expected.sum()), 1e-9)
    return abs(float(np.log((came + 0.5) / (expected.sum() + 0.5)))) / max(relative, 1e-9)


def _scale(misses: list[float], span: int) -> float:
    """Factor on the width: the 80 % quantile of the past misses, the newest counting most, drawn towards the usual.

    Never below 1: past forecasts are judged with weekdays and delays that were learnt since, and so look better than they were.
    """
    if not misses:
        return USUAL
    weights = FADE ** np.arange(len(misses))[::-1]
    order = np.argsort(misses)
    reached = np.cumsum(weights[order]) / weights.sum()
    found = float(np.array(misses)[order][int(np.searchsorted(reached, 0.8))]) / EIGHTY
    apart = 2 * float(weights.sum()) / span  # forecasts that overlap say the same again
    return float(np.clip((apart * found + WEIGHT * USUAL) / (apart + WEIGHT), 1.0, 3.0))
