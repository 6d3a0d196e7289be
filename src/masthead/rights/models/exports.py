"""Copies of the archive in one file each, for the workspace to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from masthead.media.models import Bundle


class ArchiveExport(Bundle):
    """What of the archive was `wanted` ({} for everything), as open files and a site to read it, in storage.

    `cursor` is the place in the timeline where the next piece begins; `done` counts what is written. `releases` are the ids of
    the releases by which it went through the gate: one, and one more for each worker that died.
    """

    ANEW: ClassVar[Mapping[str, Any]] = {**Bundle.ANEW, "cursor": "", "collected": False, "done": 0, "releases": []}

    wanted = models.JSONField(default=dict)
    cursor = models.CharField(max_length=120, blank=True)
    collected = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    releases = models.JSONField(default=list)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="archive_export_list")]
