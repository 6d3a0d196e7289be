"""The keys of a workspace: those it signs with, and the one by which erased people are known again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from masthead.channels.secrets import SecretField
from masthead.workspaces.models import Workspace


class SigningKey(models.Model):
    """An Ed25519 key: the private half (PEM) encrypted, the public one for everybody. One is in use; old ones still verify."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    private = SecretField()
    public = models.TextField()
    key_id = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["workspace"], condition=Q(retired_at=None), name="one_signing_key"),
        ]


class MarkKey(models.Model):
    """What the marks of erased people are made with: 32 bytes in hex, encrypted. Never changed, or they would be let in again."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    key = SecretField()
