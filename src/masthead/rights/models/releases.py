"""What went out through the gate, and what did not: a row for each release, and one for each record that was refused."""

from __future__ import annotations

from django.db import models

from masthead.workspaces.models import Workspace


class Release(models.Model):
    """Records that went out at one time: for what (`purpose`), which use, who did it, to whom ("" for the workspace itself).

    `by_rule` counts what was refused by the rule that decided. `ended_at` is null while it runs, and stays so where it
    broke off; the counts are those of the last look then.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    use = models.CharField(max_length=12)
    purpose = models.CharField(max_length=200)
    actor = models.CharField(max_length=254)
    to = models.CharField(max_length=250, blank=True)
    grant = models.CharField(max_length=64, blank=True)
    released = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    by_rule = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-begun_at"], name="release_list")]


class Refusal(models.Model):
    """A record that was kept in: its id and the rule, never its text."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="refusals")
    item = models.CharField(max_length=120)
    rule = models.CharField(max_length=120)
    verdict = models.CharField(max_length=8)

    class Meta:
        ordering = ["id"]
