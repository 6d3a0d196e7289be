"""The ledger of platform calls and the shared rate limits. Keyed by plain ids: metering knows no higher domain.

A call is written three times in one transaction: as it was (Call), in the sums of its hour (CallCount) and of its UTC day
(CallDay). Money is in millionths (`micros`) of `currency`; a price of zero has no currency.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.workspaces.models import Workspace


class Call(models.Model):
    """One call as it was. The table is partitioned by month (see partitions.py), which Django cannot say itself.

    `units` went well; `charged` of them were charged, which is less where the platform charges the same thing once a day.
    """

    at = models.DateTimeField()
    workspace_id = models.BigIntegerField()
    channel_id = models.BigIntegerField()
    platform = models.CharField(max_length=32)
    server = models.CharField(max_length=200)
    operation = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16, blank=True)
    app = models.CharField(max_length=64, blank=True)
    plan = models.CharField(max_length=40, blank=True)
    conditions = models.CharField(max_length=80, blank=True)
    price_key = models.CharField(max_length=64, blank=True)
    status = models.SmallIntegerField()
    error = models.CharField(max_length=32, blank=True)
    weight = models.IntegerField()
    seconds = models.FloatField()
    units = models.IntegerField()
    charged = models.IntegerField()
    micros = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    quota_limit = models.BigIntegerField(null=True)
    quota_remaining = models.BigIntegerField(null=True)
    quota_resets_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "at"], name="calls_of_a_workspace")]


class Sums(models.Model):
    """What a rolled-up row says of its calls. `seconds` is the sum of their durations."""

    workspace_id = models.BigIntegerField()
    channel_id = models.BigIntegerField()
    platform = models.CharField(max_length=32)
    operation = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16, blank=True, default="")
    app = models.CharField(max_length=64, blank=True, default="")
    plan = models.CharField(max_length=40, blank=True, default="")
    conditions = models.CharField(max_length=80, blank=True, default="")
    price_key = models.CharField(max_length=64, blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="")
    calls = models.BigIntegerField(default=0)
    weight = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    units = models.BigIntegerField(default=0)
    charged = models.BigIntegerField(default=0)
    micros = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class CallCount(Sums):
    """Calls of one kind in one hour."""

    hour = models.DateTimeField()
    server = models.CharField(max_length=200)
    error = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "workspace_id",
                    "hour",
                    "channel_id",
                    "platform",
                    "server",
                    "operation",
                    "error",
                    "purpose",
                    "app",
                    "plan",
                    "conditions",
                    "price_key",
                    "currency",
                ],
                name="one_call_count",
            )
        ]


class CallDay(Sums):
    """Calls of one kind on one UTC day, which is what platforms bill by; `failed` of them brought an error."""

    day = models.DateField()
    failed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "workspace_id",
                    "day",
                    "channel_id",
                    "platform",
                    "operation",
                    "purpose",
                    "app",
                    "plan",
                    "conditions",
                    "price_key",
                    "currency",
                ],
                name="one_call_day",
            )
        ]


class Seen(models.Model):
    """A resource that was charged on a UTC day: read again that day, it is free. `resource` is a hash of its id."""

    pk = models.CompositePrimaryKey("day", "platform", "app", "price_key", "resource")
    day = models.DateField()
    platform = models.CharField(max_length=32)
    app = models.CharField(max_length=200)
    price_key = models.CharField(max_length=64)
    resource = models.BigIntegerField()


class Flush(models.Model):
    """A batch of calls that was written down: one that is tried again after an unclear failure is known by it."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()


class QuotaWindow(models.Model):
    """A rate limit shared by all workers (GCRA): `full_until` is the theoretical arrival time of the next call."""

    key = models.CharField(max_length=250, primary_key=True)
    full_until = models.DateTimeField()


class Pause(models.Model):
    """A platform told us to wait: nothing is sent for `key` until then."""

    key = models.CharField(max_length=250, primary_key=True)
    until = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)


class PriceOverride(models.Model):
    """A price this installation knows better than the catalogue. `plan` "" is every plan; `until_on` is the first day without it."""

    platform = models.CharField(max_length=32)
    plan = models.CharField(max_length=32, blank=True)
    price_key = models.CharField(max_length=64)
    micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Cap(models.Model):
    """At most so much money per day or month. A call falls under every cap whose named fields match; empty ones match all.

    `hard`: beyond it nothing is called; otherwise people are told, once a window. `month_day`: the day on which the month begins.
    """

    class Period(models.TextChoices):
        """How often it starts anew."""

        DAY = "day", _("a day")
        MONTH = "month", _("a month")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32, blank=True, default="")
    app = models.CharField(max_length=64, blank=True, default="")
    channel_id = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=16, blank=True, default="")
    period = models.CharField(max_length=8, choices=Period.choices, default=Period.MONTH)
    month_day = models.PositiveSmallIntegerField(default=1)
    hard = models.BooleanField(default=True)
    micros = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "app", "channel_id", "purpose", "period", "hard", "currency"],
                name="one_cap_of_a_kind",
            ),
            models.CheckConstraint(condition=models.Q(micros__gte=0), name="cap_not_negative"),
        ]


class CapWindow(models.Model):
    """One day or month of a cap: its amount then, what was spent, what is held, and what scheduled posts will need."""

    cap = models.ForeignKey(Cap, on_delete=models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    micros = models.BigIntegerField()
    spent = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)
    denied_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cap", "starts_at"], name="one_window_of_a_cap")]
        indexes = [models.Index(fields=["ends_at"], name="cap_windows_by_end")]


class Hold(models.Model):
    """Money set aside in one window for calls that are being made. It returns by itself after `expires_at`."""

    pk = models.CompositePrimaryKey("hold", "window")
    hold = models.UUIDField()
    window = models.ForeignKey(CapWindow, on_delete=models.CASCADE, related_name="+")
    micros = models.BigIntegerField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["window", "expires_at"], name="holds_of_a_window")]


class ToldCount(models.Model):
    """What a platform itself says that a workspace's developer app used on a UTC day; `app` is named as in the ledger of calls."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    app = models.CharField(max_length=64, blank=True)
    day = models.DateField()
    units = models.BigIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "platform", "app", "day"], name="one_told_count")]
