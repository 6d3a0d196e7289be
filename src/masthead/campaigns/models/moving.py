"""Each day's decision, and why each budget moved."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.campaigns.models.campaign import AdGroup, Campaign


class Decision(models.Model):
    """What the allocation said on one day. `forecast`: expected conversions and 80 % bounds by days ahead, as they were said."""

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "proposed", _("Waits for a person")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        APPLIED = "applied", _("Applied")
        SHOWN = "shown", _("Dry run")
        REPLACED = "replaced", _("Replaced by a newer one")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="decisions")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    forecast: Any = models.JSONField(default=dict)
    seen: Any = models.JSONField(default=dict)  # sizes of what it was decided on, for those who check it
    worst = models.BigIntegerField(default=0)  # the most that all can have cost when today's orders have run out
    decided_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["campaign", "-day"], name="decisions_of_a_campaign")]


class Move(models.Model):
    """One ad group's budget before and after, micros a day. `reason` is a `Why` of the allocation or "cap", "minimum", "person".

    `sure`: chance in thousandths that money moved this way brings more. `numbers`: what the sentence needs.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="moves")
    group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="moves")
    before = models.BigIntegerField()
    wanted = models.BigIntegerField()
    after = models.BigIntegerField()
    reason = models.CharField(max_length=16)
    sure = models.PositiveSmallIntegerField()
    held = models.BooleanField(default=False)
    numbers: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
