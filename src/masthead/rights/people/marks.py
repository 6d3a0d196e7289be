"""Marks by which an erased person is known again without being named. They are made with a key of the workspace's own."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from masthead.kit.text import handle
from masthead.rights.models import MarkKey

Marker = Callable[[str, str], str]


def marker(workspace_id: int) -> Marker:
    """A function from platform and person to the mark. It stays the same when the keys of the installation change."""
    fresh = {"key": secrets.token_hex(32)}
    row, _made = MarkKey.objects.get_or_create(workspace_id=workspace_id, defaults=fresh)
    key = bytes.fromhex(row.key)
    return lambda platform, person: hmac.new(key, f"{platform}:{handle(person)}".encode(), hashlib.sha256).hexdigest()
