"""A post's samples as lines to draw. Pure: points in, coordinates out; the page draws them as SVG without any script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT, EDGE = 320, 96, 6
MOST_ROWS = 60


@dataclass(frozen=True)
class Line:
    """One metric over time: SVG points within WIDTH x HEIGHT, and what they mean."""

    metric: str
    points: str
    last_x: float
    last_y: float
    first_at: datetime
    last_at: datetime
    least: float
    most: float
    latest: float


Point = tuple[str, datetime, float]
"""Metric, when, value."""


def lines(points: Iterable[Point], order: Sequence[str], until: datetime | None) -> list[Line]:
    """A line for each metric; a value holds until the next, and the last until `until` (the last reading)."""
    by_metric: dict[str, list[tuple[datetime, float]]] = {}
    for metric, at, value in points:
        by_metric.setdefault(metric, []).append((at, value))
    wanted = [name for name in order if name in by_metric] + sorted(set(by_metric) - set(order))
    return [_line(name, sorted(by_metric[name]), until) for name in wanted]


def _line(metric: str, seen: Sequence[tuple[datetime, float]], until: datetime | None) -> Line:
    (start, _first), (last_at, latest) = seen[0], seen[-1]
    end = max(last_at, until) if until else last_at
    span, top = max((end - start).total_seconds(), 1.0), max([1.0, *(value for _at, value in seen)])

    def place(at: datetime, value: float) -> tuple[float, float]:
        x = EDGE + (WIDTH - 2 * EDGE) * (at - start).total_seconds() / span
        return round(x, 1), round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top, 1)

    spots = [place(at, value) for at, value in [*seen, (end, latest)]]
    values = [value for _at, value in seen]
    drawn = " ".join(f"{x},{y}" for x, y in spots)
    return Line(metric, drawn, *spots[-1], start, end, min(values), max(values), latest)


def table(points: Iterable[Point], order: Sequence[str]) -> list[tuple[datetime, list[float | None]]]:
    """The same as rows, newest first: each reading at which something moved, with what every metric stood at."""
    stood: dict[str, float] = {}
    rows: list[tuple[datetime, list[float | None]]] = []
    for metric, at, value in sorted(points, key=lambda one: one[1]):
        stood[metric] = value
        if rows and rows[-1][0] == at:
            rows.pop()
        rows.append((at, [stood.get(name) for name in order]))
    return rows[::-1][:MOST_ROWS]
