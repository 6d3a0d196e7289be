"""The last step of a count: forgotten after KEPT."""

from __future__ import annotations

from datetime import datetime, timedelta

from masthead.metering.models import CallCount, Pause

KEPT = timedelta(days=400)
"""A year of calls can be compared with the year before, month by month."""


def forget(now: datetime) -> int:
    """Delete counts of hours that began more than KEPT ago, and pauses that are over; returns how many counts."""
    Pause.objects.filter(until__lt=now).delete()
    return CallCount.objects.filter(hour__lt=now - KEPT).delete()[0]
