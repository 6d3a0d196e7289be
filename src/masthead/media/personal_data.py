"""What this domain holds about a person: that the person uploaded a file. The files belong to the workspace."""

from __future__ import annotations

from typing import Any

from masthead.media.models import Asset
from masthead.workspaces.models import User

HELD = {"uploads": "which files the person brought, and when; the name is taken off when the person is erased"}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON."""
    rows = Asset.objects.filter(uploaded_by=user).values(
        "workspace__name", "file_name", "alt", "source_url", "created_at"
    )
    return {"uploads": [{**row, "created_at": row["created_at"].isoformat()} for row in rows]}


def erase(user: User) -> None:
    """Take the person's name off the files."""
    Asset.objects.filter(uploaded_by=user).update(uploaded_by=None)
