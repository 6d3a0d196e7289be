"""A campaign, its ad groups (one on each ad account) and ads, and the creatives that ads are made of."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.campaigns.states import Group, State
from masthead.channels.models import Channel
from masthead.contract.ads_rules import Goal
from masthead.media.models import Asset
from masthead.posts.models import Publication
from masthead.workspaces.models import Workspace

GOALS = ((Goal.VISITS, _("Visits")), (Goal.LEADS, _("Leads")), (Goal.SALES, _("Sales")))


class Campaign(models.Model):
    """One goal, one budget, many ad platforms.

    `daily_budget` is what is wanted a day, `cap` what may never be passed in all; both micros. Days are those of `time_zone`, both
    ends belong to it; `ends_on` null means open end: then it runs until the cap is used up. `places`: ISO 3166 codes; `audience`
    as in the contract; `options` by platform. `limits`: {"change": percent a day, "floors": {...}, "ceilings": {...}} in percent of
    the day's money by channel id. `target`: most micros per conversion, `roas`: thousandths of value per money; 0 for none.
    `version` grows with every edit.
    """

    class Mode(models.TextChoices):
        """Who decides on moves of money."""

        AUTOMATIC = "automatic", _("Automatic")
        PROPOSE = "propose", _("Propose, a person approves")
        DRY_RUN = "dry_run", _("Dry run: only show what would move")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, blank=True)
    goal = models.CharField(max_length=8, choices=GOALS, default=Goal.VISITS)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in State], default=State.DRAFT)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.AUTOMATIC)
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=64, default="UTC")
    daily_budget = models.BigIntegerField(default=0)
    cap = models.BigIntegerField(default=0)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    landing_url = models.CharField(max_length=2000, blank=True)
    business = models.CharField(max_length=60, blank=True)
    places = models.JSONField(default=list)
    audience = models.JSONField(default=dict)
    categories = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    target = models.BigIntegerField(default=0)
    roas = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)  # of one conversion, where conversions come without a value of their own
    why = models.CharField(max_length=500, blank=True)
    proof: Any = models.JSONField(default=dict)  # of a stop: by ad account when we looked, and what still ran there
    proved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    launched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="campaigns_of_workspace"),
            models.Index(fields=["state"], name="campaigns_open", condition=~models.Q(state__in=("draft", "ended"))),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Campaign without a name"))


class Creative(models.Model):
    """What ads say: texts by part, pictures, a button; or a published post (`publication`), that becomes an ad as it is.

    `drafted_by`: the model that wrote a first version, "" where a person did. Until `reviewed_by` somebody, such a creative does not run.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="creatives")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    headlines = models.JSONField(default=list)
    bodies = models.JSONField(default=list)
    descriptions = models.JSONField(default=list)
    call_to_action = models.CharField(max_length=20, blank=True)
    publication = models.ForeignKey(Publication, on_delete=models.SET_NULL, null=True, related_name="+")
    drafted_by = models.CharField(max_length=120, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]


class Picture(models.Model):
    """A picture of a creative, in its place."""

    creative = models.ForeignKey(Creative, on_delete=models.CASCADE, related_name="pictures")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]


class AdGroup(models.Model):
    """What runs on one ad account: an arm of the allocation. `made`: slot of each piece to the platform's id, once it exists.

    `ordered`: money and dates as they stood at the launch, the same on every try. `share`: wanted percent of the day at the
    start, 0 for an even one. `daily`, `total`, `ends_at`: what is set there, as far as we know. `known_minimum`: smallest daily
    budget, as the platform told. `reviews` by slot; `read_at`: when results were read; `checked_at`: when we last looked at it.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="groups")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Group], default=Group.WAITING)
    why = models.CharField(max_length=500, blank=True)
    remedy = models.CharField(max_length=500, blank=True)
    made: Any = models.JSONField(default=dict)
    ordered: Any = models.JSONField(default=dict)
    share = models.PositiveSmallIntegerField(default=0)
    daily = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    ends_at = models.DateTimeField(null=True)
    known_minimum = models.BigIntegerField(null=True)
    learning = models.BooleanField(null=True)
    reviews: Any = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)  # somebody works on it

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "channel"], name="one_group_of_an_account")]


class Ad(models.Model):
    """A creative in an ad group. `content`: its texts as they were cut to the platform's rules, the same on every try."""

    group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="ads")
    creative = models.ForeignKey(Creative, on_delete=models.CASCADE, related_name="ads")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField()
    content: Any = models.JSONField(default=dict)
    remote_id = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="one_ad_of_a_number")]
