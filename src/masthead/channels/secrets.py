"""A model field that keeps a JSON value encrypted and bound to its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from masthead.kit.secrets import NoKey, keyring


class SecretField(models.TextField):
    """A JSON value, encrypted at rest. The table's name is sealed in, so a ciphertext cannot be moved to another table."""

    def _place(self) -> str:
        return self.model._meta.db_table

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Decrypt."""
        return None if value is None else keyring().open(value, self._place())

    def to_python(self, value: Any) -> Any:
        """A value is used as it is."""
        return value

    def get_prep_value(self, value: Any) -> str | None:
        """Encrypt."""
        return None if value is None else keyring().seal(value, self._place())

    def value_to_string(self, obj: Any) -> str:
        """Serialise as ciphertext, never in clear."""
        return self.get_prep_value(self.value_from_object(obj)) or ""


def bound(channel_id: int, secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Secrets as they are stored: with the channel they belong to."""
    return {"channel": channel_id, "secrets": dict(secrets)}


def unbound(channel_id: int, stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """The secrets inside; raises NoKey where they belong to another channel."""
    if stored["channel"] != channel_id:
        raise NoKey("a stored secret was moved to another channel")
    secrets: Mapping[str, Any] = stored["secrets"]
    return secrets
