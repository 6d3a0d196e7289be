"""One at a time on one content: keeping and deleting the same bytes must not meet."""

from __future__ import annotations

from django.db import connection


def lock_content(workspace_id: int, sha256: str) -> None:
    """Wait for, and hold to the end of the transaction, the lock on a workspace's content."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"media:{workspace_id}:{sha256}"])
