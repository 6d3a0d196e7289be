"""Who asked for posts, what they were granted, and what our own apps at platforms are declared to be for."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.workspaces.models import Workspace


class LicenceRequest(models.Model):
    """A company asks to use posts. `wanted` are filters of the archive, `uses` what for; `offered` micros of `currency`."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Open")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    company = models.CharField(_("company"), max_length=200)
    contact = models.EmailField(_("contact"), blank=True)
    message = models.TextField(_("message"), blank=True)
    uses = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-asked_at"], name="licence_request_list")]


class Grant(models.Model):
    """A permission: who (`grantee`), which records (`wanted`, and `items` by id where there are any), which uses, from when until
    when, for what price. It is never changed, only withdrawn: what left under it left under these words.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    request = models.ForeignKey(LicenceRequest, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    grantee = models.CharField(_("grantee"), max_length=250)
    uses = models.JSONField(default=list)
    wanted = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    micros = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    conditions = models.TextField(_("conditions"), blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-granted_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-granted_at"], name="grant_list")]


class AppPurpose(models.Model):
    """What an app of ours at a platform is declared to be for, as the platform was told. `app` is its id in the meter."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    app = models.CharField(max_length=250, blank=True)
    purpose = models.TextField(_("declared purpose"), blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "platform", "app"], name="one_app_purpose")]
