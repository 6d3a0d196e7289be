"""What was brought in from outside: the archives of accounts, record by record, and how far each import is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from masthead.channels.models import Channel
from masthead.workspaces.models import Workspace


class Import(models.Model):
    """An account's own archive, read entry by entry by one worker at a time.

    `cursor` is where the reading goes on after a stop; `problems` are the first 200 ({"entry", "why", "remedy"}) of `troubled`.
    `account` is the handle that the archive belongs to, once it is known.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Being read")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+")
    platform = models.CharField(max_length=32, blank=True)
    account = models.CharField(max_length=250, blank=True)
    name = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField(default=0)
    storage_path = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    cursor = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    troubled = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    why = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="import_list")]


class Record(models.Model):
    """One thing out of an archive, with where it comes from and what its subject wishes.

    `account` is the account whose archive it was, `author` who wrote it. A record that is gone on the platform, or whose time
    is up, is a tombstone: `gone_at` is set, and text, media, author and `raw` are empty.
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )  # record_list begins with it
    channel = models.ForeignKey(
        Channel, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )  # record_channel begins with it
    source = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, related_name="+")
    platform = models.CharField(max_length=32)
    account = models.CharField(max_length=250, blank=True)
    kind = models.CharField(max_length=12)
    author = models.CharField(max_length=250, blank=True)
    remote_id = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)
    posted_at = models.DateTimeField()
    reply_to = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=35, blank=True)
    visibility = models.CharField(max_length=12, blank=True)
    media = models.JSONField(default=list)
    raw = models.JSONField(default=dict)
    obtained_via = models.CharField(max_length=10, default="export")
    obtained_at = models.DateTimeField()
    terms_version = models.CharField(max_length=64, blank=True)
    preference = models.JSONField(default=dict)
    gone_at = models.DateTimeField(null=True)
    words = models.GeneratedField(
        expression=SearchVector(F("text"), config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["-posted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "account", "kind", "remote_id"], name="one_record"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-posted_at", "-id"], name="record_list"),
            models.Index(fields=["channel", "-posted_at", "-id"], name="record_channel"),
            models.Index(fields=["workspace", "platform", "account", "-posted_at", "-id"], name="record_account"),
            models.Index(fields=["workspace", "kind", "-posted_at", "-id"], name="record_kind"),
            models.Index(
                fields=["workspace", "-posted_at", "-id"], name="record_gone", condition=Q(gone_at__isnull=False)
            ),
            models.Index(fields=["workspace", "-posted_at", "-id"], name="record_media", condition=~Q(media=[])),
            models.Index(fields=["workspace", "platform", "remote_id"], name="record_remote"),
            GinIndex(fields=["words"], name="record_words"),
        ]
