"""Datasets: records that were let out for a use, as files with a manifest and a signature."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.rights.models.releases import Release
from masthead.workspaces.models import Workspace


class Dataset(models.Model):
    """One dataset, made by one worker at a time. `wanted` are the filters of the archive's timeline; `files` name -> rows,
    size and sha256. `grant` names the grant it was made under, "" for the workspace's own use. `license` is an address.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    class Form(models.TextChoices):
        """What the records are written as."""

        JSONL = "jsonl", "JSON Lines"
        PARQUET = "parquet", "Parquet"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    use = models.CharField(_("use"), max_length=12)
    purpose = models.CharField(_("purpose"), max_length=200)
    license = models.CharField(_("licence"), max_length=500)
    form = models.CharField(_("form"), max_length=8, choices=Form.choices, default=Form.JSONL)
    wanted = models.JSONField(default=dict)
    grant = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, related_name="+")
    files = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    storage_path = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    why = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    held_until = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

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
