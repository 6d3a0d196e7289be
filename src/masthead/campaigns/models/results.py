"""What came back: the platforms' own results by ad and day, and our own visits and conversions."""

from __future__ import annotations

import uuid

from django.db import models

from masthead.campaigns.models.campaign import Ad, AdGroup, Campaign
from masthead.workspaces.models import Workspace


class DayResult(models.Model):
    """What an ad (or, without one, an ad group) brought on a day of its account's time zone, as the platform says.

    `place` "" is all places. `final`: the platform changes it no more. Rows of platforms whose terms limit keeping are removed in time.
    """

    group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="results")
    ad = models.ForeignKey(Ad, on_delete=models.CASCADE, null=True, related_name="results")
    day = models.DateField()
    place = models.CharField(max_length=10, blank=True)
    spend = models.BigIntegerField(default=0)
    impressions = models.BigIntegerField(default=0)
    clicks = models.BigIntegerField(default=0)
    conversions = models.FloatField(default=0)
    value = models.BigIntegerField(default=0)
    final = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "ad", "day", "place"], nulls_distinct=False, name="one_result_of_a_day"
            )
        ]


class Reading(models.Model):
    """Conversions of a click day as they were known at the end of a later day: the delay triangle. `source`: platform or own."""

    group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField()
    lag = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=8)
    conversions = models.FloatField()
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "day", "lag", "source"], name="one_reading_of_a_lag")]


class TrackedLink(models.Model):
    """Where an ad's clicks go through: `/go/<token>` counts the visit and leads on to `url`, with UTM marks and our click id in it."""

    ad = models.OneToOneField(Ad, on_delete=models.CASCADE, related_name="link")
    token = models.CharField(max_length=24, unique=True)
    url = models.CharField(max_length=2500)


class Visit(models.Model):
    """A click that came through a tracked link. No address and no cookie of the visitor is kept; `click` is random.

    `platform_click`: the platform's own click id (gclid and the like), which its terms let an advertiser keep.
    """

    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="visits")
    click = models.UUIDField(default=uuid.uuid4, unique=True)
    platform_click = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    robot = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["link", "at"], name="visits_of_a_link")]


class Conversion(models.Model):
    """A lead or a sale that the workspace's own server or page told us. `reference` is its own number there: told twice, counted once."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="conversions")
    visit = models.ForeignKey(Visit, on_delete=models.SET_NULL, null=True, related_name="conversions")
    reference = models.CharField(max_length=120)
    at = models.DateTimeField()
    value = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=8)  # server, page
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "reference"], name="one_conversion_of_a_reference")]
