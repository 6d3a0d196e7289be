"""The steps of a launch, and what was set on a platform when."""

from __future__ import annotations

from django.db import models

from masthead.campaigns.models.campaign import AdGroup
from masthead.campaigns.states import StepState


class Step(models.Model):
    """One call that creates one piece. The intent is written down before the call; what has no clear answer is looked up."""

    group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="steps")
    slot = models.CharField(max_length=80)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in StepState], default=StepState.WAITING
    )
    remote_id = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True)
    remedy = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["group", "slot"], name="one_step_of_a_slot")]


class Flight(models.Model):
    """A dated interval with its own budget: what was set on a platform. Written before the call (`sent_at`), confirmed after it (`set_at`).

    The highest budget that may have stood on a day is the highest of all flights that touch it, confirmed or not. `daily` 0: paused.
    """

    group = models.ForeignKey(AdGroup, on_delete=models.CASCADE, related_name="flights")
    daily = models.BigIntegerField()
    total = models.BigIntegerField(null=True)
    ends_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    set_at = models.DateTimeField(null=True)
    refused = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["group", "sent_at"], name="flights_of_a_group")]
