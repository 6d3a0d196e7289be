"""Channels (connected profiles), their credentials, developer apps, registrations and pending sign-ins."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from masthead.channels.secrets import SecretField
from masthead.workspaces.models import Workspace


class Channel(models.Model):
    """A connected profile on a platform. Disconnected channels stay, so that what went out keeps its place.

    `ads`: it is an ad account, which takes no posts.
    """

    class Condition(models.TextChoices):
        """Whether it can be used."""

        CONNECTED = "connected", _("Connected")
        NEEDS_RECONNECT = "needs_reconnect", _("Needs to be reconnected")
        DISCONNECTED = "disconnected", _("Disconnected")
        READ_ONLY = "read_only", _("Read-only")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    server = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=300)
    handle = models.CharField(max_length=300)
    name = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=500, blank=True)
    avatar_url = models.CharField(max_length=1000, blank=True)
    limits = models.JSONField(default=dict)
    time_zone = models.CharField(max_length=64, blank=True)
    condition = models.CharField(max_length=20, choices=Condition.choices, default=Condition.CONNECTED)
    condition_why = models.CharField(max_length=500, blank=True)
    connected_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    ads = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "platform", "server", "remote_id"], name="one_channel")
        ]

    def __str__(self) -> str:
        return self.name or self.handle


class Sunset(models.Model):
    """An announced end: from `ends_at` on nothing is called that it covers. `workspace` null means the whole installation.

    `subject` names what `scope` is about: a server, a plan, an operation ("feature") or an API version; empty for a
    platform and a channel. Without `announced_at` it is a proposal of Masthead that stops nothing. Never deleted:
    what was withdrawn stays as a record. `message` is what clients are told, `told_at` when.
    """

    class Scope(models.TextChoices):
        """What ends."""

        PLATFORM = "platform", _("The whole platform")
        SERVER = "server", _("One server")
        PLAN = "plan", _("A plan of the developer app")
        CHANNEL = "channel", _("One channel")
        FEATURE = "feature", _("One operation")
        API_VERSION = "api_version", _("A version of the API")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, null=True, related_name="+")
    platform = models.CharField(max_length=32)
    scope = models.CharField(max_length=12, choices=Scope.choices, default=Scope.PLATFORM)
    subject = models.CharField(max_length=200, blank=True)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="+")
    ends_at = models.DateTimeField()
    announced_on = models.DateField(null=True)
    source = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    known = models.CharField(max_length=80, blank=True)
    message = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["ends_at", "id"]
        indexes = [models.Index(fields=["platform"], name="sunset_open", condition=models.Q(withdrawn_at=None))]


class Credential(models.Model):
    """A channel's secrets, encrypted with the channel's id inside, so that a ciphertext cannot serve another row.

    `version` grows with every change of the secrets. Until `hands_off_until` nobody may refresh: somebody is at it, or
    the platform asked to wait.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="credential", primary_key=True)
    secrets: Any = SecretField()
    expires_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    refresh_failed_at = models.DateTimeField(null=True)
    hands_off_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)


class AppRegistration(models.Model):
    """Our registration as an app with one server of a platform (e.g. per instance), shared by all workspaces."""

    platform = models.CharField(max_length=32)
    server = models.CharField(max_length=200)
    redirect_uri = models.CharField(max_length=300)
    secrets: Any = SecretField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "server", "redirect_uri"], name="one_registration")]


class App(models.Model):
    """A developer app that a workspace got from a platform. `fields` of the platform's AppRule lie sealed in `secrets`.

    `alias`: the platform knows it with the call-back address that Postiz uses.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    plan = models.CharField(max_length=40, blank=True)
    alias = models.BooleanField(default=False)
    secrets: Any = SecretField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "platform"], name="one_app")]


class PendingSignIn(models.Model):
    """A sign-in on a platform's own pages that has not come back yet. Used once, by the user who began it."""

    state_hash = models.CharField(max_length=64, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_hash = models.CharField(max_length=64)
    platform = models.CharField(max_length=32)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="+")
    keep: Any = SecretField()
    redirect_uri = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class PendingChoice(models.Model):
    """The profiles a sign-in revealed, sealed, until the person says which to connect. Used once, by who signed in."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_hash = models.CharField(max_length=64)
    platform = models.CharField(max_length=32)
    profiles: Any = SecretField()
    created_at = models.DateTimeField(auto_now_add=True)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


class SigningKey(models.Model):
    """The key (a private JWK) by which authorization servers know this installation; one row, made on first use."""

    secrets: Any = SecretField()
    created_at = models.DateTimeField(auto_now_add=True)


class Slot(models.Model):
    """A weekly time at which a channel's queue publishes, in the channel's time zone."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField()
    time = models.TimeField()

    class Meta:
        ordering = ["weekday", "time"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "weekday", "time"], name="one_slot"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="a_weekday"),
        ]
