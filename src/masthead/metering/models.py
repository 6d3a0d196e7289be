"""Counts of platform calls and the shared rate limits. Keyed by plain ids: metering knows no higher domain."""

from __future__ import annotations

from django.db import models


class CallCount(models.Model):
    """Calls of one kind in one hour: rolled up as they are written. `seconds` is the sum of their durations."""

    hour = models.DateTimeField()
    workspace_id = models.BigIntegerField()
    channel_id = models.BigIntegerField()
    platform = models.CharField(max_length=32)
    server = models.CharField(max_length=200)
    operation = models.CharField(max_length=64)
    error = models.CharField(max_length=32, blank=True)
    calls = models.BigIntegerField(default=0)
    weight = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "workspace_id", "channel_id", "platform", "server", "operation", "error"],
                name="one_call_count",
            )
        ]


class QuotaWindow(models.Model):
    """A rate limit shared by all workers (GCRA): `full_until` is the theoretical arrival time of the next call."""

    key = models.CharField(max_length=250, primary_key=True)
    full_until = models.DateTimeField()


class Pause(models.Model):
    """A platform told us to wait: nothing is sent for `key` until then."""

    key = models.CharField(max_length=250, primary_key=True)
    until = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
