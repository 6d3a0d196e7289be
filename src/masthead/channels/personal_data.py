"""What this domain holds about a person: sign-ins on platforms that the person began and has not ended."""

from __future__ import annotations

from typing import Any

from masthead.channels.models import App, PendingChoice, PendingSignIn, Sunset
from masthead.workspaces.models import User

HELD = {
    "pending_sign_ins": "platform and time of a sign-in that was begun; deleted after an hour",
    "pending_choices": "platform and time of a sign-in whose profiles are still to be chosen; deleted after an hour",
    "developer_apps": "that the person entered a platform's developer app, and when; the app belongs to the workspace",
    "sunsets": "which ends the person announced, and when; they belong to the workspace, the name is taken off",
    "channels": "handle, name and address of a connected profile; they belong to the workspace, not to the person",
}


def export(user: User) -> dict[str, Any]:
    """Everything held about the person, as values that fit into JSON; no secrets."""
    rows = PendingSignIn.objects.filter(user=user).values("workspace__name", "platform", "created_at")
    choices = PendingChoice.objects.filter(user=user).values("workspace__name", "platform", "created_at")
    entered = App.objects.filter(entered_by=user).values("workspace__name", "platform", "entered_at")
    ends = Sunset.objects.filter(by=user).values("workspace__name", "platform", "created_at")
    return {
        "pending_sign_ins": [{**row, "created_at": row["created_at"].isoformat()} for row in rows],
        "pending_choices": [{**row, "created_at": row["created_at"].isoformat()} for row in choices],
        "developer_apps": [{**row, "entered_at": row["entered_at"].isoformat()} for row in entered],
        "sunsets": [{**row, "created_at": row["created_at"].isoformat()} for row in ends],
    }


def erase(user: User) -> None:
    """Delete all of it."""
    PendingSignIn.objects.filter(user=user).delete()
    PendingChoice.objects.filter(user=user).delete()
    App.objects.filter(entered_by=user).update(entered_by=None)
    Sunset.objects.filter(by=user).update(by=None)
