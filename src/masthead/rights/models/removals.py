"""What was emptied because the terms of a platform, or a deletion there, said so: the ledger that proves it; and files that must go."""

from __future__ import annotations

from django.db import models

from masthead.workspaces.models import Workspace


class Removal(models.Model):
    """Content that was taken out of one row: which, by which rule, since when that was due (`learned_at`), when it was done.

    It names the row (`item`, as the timeline does) and holds nothing of what was in it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    item = models.CharField(max_length=120)
    rule = models.CharField(max_length=120)
    version = models.CharField(max_length=64, blank=True)
    learned_at = models.DateTimeField()
    removed_at = models.DateTimeField()

    class Meta:
        ordering = ["-removed_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-removed_at"], name="removal_list")]


class Leftover(models.Model):
    """A file in storage that must go, noted with the change that let it go. `path` is within the workspace's folder."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
