"""People who are not members, but whose words are held: erasures and holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from masthead.workspaces.models import Workspace


class Erasure(models.Model):
    """Somebody's words were erased. The row does not name the person: `mark` is a keyed digest of platform and handle, by which
    their words are known again if they come back with an archive. `counts` are by kind; `certificate` is a signed statement.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    mark = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    certificate = models.JSONField(default=dict)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_on = models.DateField()
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["-done_at", "-id"]
        indexes = [models.Index(fields=["workspace", "platform", "mark"], name="erasure_mark")]


class Hold(models.Model):
    """A person's records must stay as they are, for a claim or by law: neither erased nor emptied, and nothing of them leaves."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=32)
    person = models.CharField(max_length=250)
    why = models.CharField(max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "person"], condition=Q(lifted_at=None), name="one_hold"
            )
        ]
