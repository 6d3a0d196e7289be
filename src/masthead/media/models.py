"""Assets (files people brought) and renditions (the same files fitted to a channel's rules)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.contract.values import MediaKind
from masthead.workspaces.models import Workspace


class Asset(models.Model):
    """A file of a workspace, kept by the hash of its cleaned content. Sizes in bytes and pixels, time in seconds.

    `came_as` is the hash of the file as it was brought, so that bringing it again costs nothing. Width, height and
    seconds are 0 where they are not known.
    """

    class Kind(models.TextChoices):
        """What it is, as platforms distinguish it."""

        IMAGE = MediaKind.IMAGE.value, _("Picture")
        GIF = MediaKind.GIF.value, _("Animation")
        VIDEO = MediaKind.VIDEO.value, _("Video")
        AUDIO = MediaKind.AUDIO.value, _("Sound")
        DOCUMENT = MediaKind.DOCUMENT.value, _("Document")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    came_as = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mime = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    file_name = models.CharField(_("file name"), max_length=120)
    storage_path = models.CharField(max_length=160)
    alt = models.TextField(_("description"), max_length=2000, blank=True)
    source_url = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["workspace", "sha256"], name="one_asset")]
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="asset_list"),
            models.Index(fields=["workspace", "came_as"], name="asset_came_as"),
        ]

    def __str__(self) -> str:
        return self.file_name


class Rendition(models.Model):
    """An asset fitted to one rule; `recipe` names the rule's limits.

    One rendition serves every channel that has these limits. `used_at` is when it was last asked for, to within a day.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    storage_path = models.CharField(max_length=160)
    recipe = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "recipe"], name="one_rendition")]


class Bundle(models.Model):
    """What a table of files made of many pieces has (media/bundle.py writes them); held by one worker at a time.

    `parts` are the pieces that are written already: name -> {"sha256", "bytes", "rows"}. `left_out` says what is not in it
    and why. `sha256` is that of the whole file, `tries` how often a worker began or went on. A table adds to `ANEW` what
    its rows hold when they are begun.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    ANEW: ClassVar[Mapping[str, Any]] = {"parts": {}}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    parts = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    storage_path = models.CharField(max_length=160, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    why = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    held_until = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
