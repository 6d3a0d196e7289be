"""What this domain holds about a person: what they were told, and what they chose to be told."""

from __future__ import annotations

from typing import Any

from masthead.notifications.models import Choice, Notification
from masthead.workspaces.models import User

HELD = {
    "notifications": "title, text and times of what the person was told; deleted after 180 days",
    "choices": "which kinds the person gets, in the app and by e-mail",
}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON."""
    told = Notification.objects.filter(user=user)
    return {
        "notifications": [
            {
                "workspace": row.workspace.name,
                "kind": row.kind,
                "title": row.title,
                "body": row.body,
                "created_at": row.created_at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
            }
            for row in told.select_related("workspace")
        ],
        "choices": list(Choice.objects.filter(user=user).values("workspace__name", "kind", "in_app", "by_mail")),
    }


def erase(user: User) -> None:
    """Delete all of it."""
    Notification.objects.filter(user=user).delete()
    Choice.objects.filter(user=user).delete()
