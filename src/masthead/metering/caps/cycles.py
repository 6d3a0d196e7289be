"""Pure: where the window of a cap begins and ends. Days and months are UTC, as platforms bill."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, time, timedelta

DAY, MONTH = "day", "month"
Span = tuple[datetime, datetime]


def cycle(period: str, month_day: int, at: datetime) -> Span:
    """The day, or the month that begins on `month_day` (the last day of months that are shorter), in which `at` lies."""
    if period == DAY:
        start = datetime.combine(at.astimezone(UTC).date(), time(), UTC)
        return start, start + timedelta(days=1)
    month = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if at < _begins(month, month_day):
        month = _next(month, -1)
    return _begins(month, month_day), _begins(_next(month, 1), month_day)


def share(micros: int, span: Span, at: datetime) -> int:
    """What of an amount falls on the rest of a span from `at` on; rounded down."""
    start, end = span
    return micros * int((end - at).total_seconds()) // int((end - start).total_seconds())


def _begins(month: datetime, day: int) -> datetime:
    return month.replace(day=min(day, calendar.monthrange(month.year, month.month)[1]))


def _next(month: datetime, step: int) -> datetime:
    return (month + timedelta(days=31 if step > 0 else -1)).replace(day=1)
