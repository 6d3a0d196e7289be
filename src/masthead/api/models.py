"""Answers kept so that a repeated request with the same Idempotency-Key does nothing twice."""

from django.db import models

from masthead.workspaces.models import ApiToken


class KeptAnswer(models.Model):
    """The answer to a request; `status` 0 while it is being made."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_kept_answer")]
