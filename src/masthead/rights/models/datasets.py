"""Datasets: records that were let out for a use, as files with a manifest and a signature."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.media.models import Bundle
from masthead.rights.models.releases import Release
from masthead.workspaces.models import Workspace


class Dataset(Bundle):
    """One dataset. `wanted` are the filters of the archive's timeline; `files` name -> rows,
    size and sha256. `grant` names the grant it was made under, "" for the workspace's own use. `license` is an address.
    """

    class Form(models.TextChoices):
        """What the records are written as."""

        JSONL = "jsonl", "JSON Lines"
        PARQUET = "parquet", "Parquet"

    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    use = models.CharField(_("use"), max_length=12)
    purpose = models.CharField(_("purpose"), max_length=200)
    license = models.CharField(_("licence"), max_length=500)
    form = models.CharField(_("form"), max_length=8, choices=Form.choices, default=Form.JSONL)
    wanted = models.JSONField(default=dict)
    grant = models.CharField(max_length=64, blank=True)
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, related_name="+")
    files = models.JSONField(default=dict)
    refused = models.JSONField(default=list)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="dataset_list")]


class HandedOn(models.Model):
    """How many records of a platform's API went into a dataset: what its limits are counted by."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.SET_NULL, null=True, related_name="+")
    platform = models.CharField(max_length=32)
    records = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["workspace", "platform", "at"], name="handed_on")]
