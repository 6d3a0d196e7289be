"""A test of creatives against each other."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.campaigns.models.campaign import Campaign, Creative


class Experiment(models.Model):
    """Which creative is better? `planned`: impressions an arm, known from the campaign's end; null for an open end (e-value).

    `verdict`: the newest, in the words of `experiments.judge`; `decided_on` once it is final: then it does not change any more.
    """

    class Measure(models.TextChoices):
        """What is compared."""

        CLICKS = "clicks", _("Clicks per impression")
        CONVERSIONS = "conversions", _("Conversions per click")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="experiments")
    name = models.CharField(max_length=120)
    measure = models.CharField(max_length=12, choices=Measure.choices, default=Measure.CLICKS)
    planned = models.PositiveBigIntegerField(null=True)
    floor = models.PositiveSmallIntegerField(default=5)  # percent of the traffic that each arm keeps
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    verdict: Any = models.JSONField(default=dict)
    decided_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]


class Arm(models.Model):
    """A creative in a test, with its share of the traffic in thousandths."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="arms")
    creative = models.ForeignKey(Creative, on_delete=models.CASCADE, related_name="+")
    share = models.PositiveSmallIntegerField(default=0)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["experiment", "creative"], name="one_arm_of_a_creative")]
