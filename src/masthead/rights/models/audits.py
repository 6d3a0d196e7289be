"""Audits: whether the workspace's posts stand in a corpus, and where."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.rights.models.releases import Release
from masthead.workspaces.models import Workspace


class Audit(models.Model):
    """One audit, carried out by one process at a time.

    `wanted` are the filters of the archive's timeline; `corpus` is {"root": what the operator names, "below": what of it}. `progress`
    is how far it is ({"phase", "done", "total" (stored bytes), "rate" (bytes a second), "left" (seconds), "matches"}), `counts` what came
    of it, `files` name -> size and sha256 of what lies in storage. `fresh`: the next process begins anew. `tries`: so often did a
    process take it without getting any further.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    wanted = models.JSONField(default=dict)
    corpus = models.JSONField(default=dict)
    fields = models.JSONField(default=list)
    form = models.CharField(max_length=8, blank=True)
    target = models.FloatField(default=0.05)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    fresh = models.BooleanField(default=True)
    tries = models.PositiveSmallIntegerField(default=0)
    progress = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    files = models.JSONField(default=dict)
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="audit_list")]


class Finding(models.Model):
    """A post whose words stand in the corpus, with the best place: the first ones of an audit, the surest before the others.

    `post` and `place` are texts in pieces ([text, marked]); `start` and `end` count bytes of the document. `item` is the post's id
    in the archive, or names the draft it is.
    """

    audit = models.ForeignKey(
        Audit, on_delete=models.CASCADE, related_name="+", db_index=False
    )  # one_finding begins with it
    number = models.PositiveIntegerField()
    item = models.CharField(max_length=200)
    posted_at = models.CharField(max_length=40, blank=True)
    standing = models.CharField(max_length=12)
    tier = models.CharField(max_length=12)
    q = models.FloatField(null=True)
    words = models.PositiveIntegerField()
    post_words = models.PositiveIntegerField()
    bits = models.FloatField()
    places = models.PositiveIntegerField()
    post = models.JSONField(default=list)
    place = models.JSONField(default=list)
    source = models.TextField()
    document = models.BigIntegerField()
    doc_start = models.BigIntegerField()
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="one_finding")]
        indexes = [models.Index(fields=["audit", "standing", "number"], name="finding_standing")]
