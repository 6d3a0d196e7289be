"""Reading notifications: always one person's, in one workspace, and only what they want to see in the app."""

from __future__ import annotations

from django.db.models import QuerySet

from masthead.notifications.models import Notification
from masthead.workspaces.models import User, Workspace


def of(user: User, workspace: Workspace) -> QuerySet[Notification]:
    """All of them, newest first."""
    return Notification.objects.filter(user=user, workspace=workspace, shown=True)


def unread(user: User, workspace: Workspace) -> int:
    """How many are not read yet."""
    return of(user, workspace).filter(read_at=None).count()
