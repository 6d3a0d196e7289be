"""The last step of a call: single ones are forgotten after a setting, hours after a year, days after ten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from masthead.metering.models import CallCount, CallDay, CapWindow, Flush, Pause, Seen
from masthead.metering.partitions import drop_before

KEPT = timedelta(days=400)
"""A year of calls can be compared with the year before, month by month."""
DAYS_KEPT = timedelta(days=3653)
"""As long as bills are kept: sums of money by day, with nobody's name in them."""
SEEN_KEPT = timedelta(days=2)
FLUSHES_KEPT = timedelta(days=1)


def forget(now: datetime) -> int:
    """Delete what is too old, and pauses that are over; returns how many sums of hours and days.

    Single calls go with their month, once the whole month is older than the setting says.
    """
    Pause.objects.filter(until__lt=now).delete()
    Seen.objects.filter(day__lt=(now - SEEN_KEPT).date()).delete()
    CapWindow.objects.filter(ends_at__lt=now - KEPT).delete()
    Flush.objects.filter(at__lt=now - FLUSHES_KEPT).delete()
    drop_before((now - timedelta(days=settings.CALLS_KEPT_DAYS)).date())
    hours, _each = CallCount.objects.filter(hour__lt=now - KEPT).delete()
    days, _each = CallDay.objects.filter(day__lt=(now - DAYS_KEPT).date()).delete()
    return hours + days
