"""Marking as read. Before: tell.py."""

from __future__ import annotations

from datetime import datetime

from masthead.notifications.models import Notification
from masthead.notifications.queries import of
from masthead.workspaces.models import User, Workspace


def mark_read(user: User, workspace: Workspace, notification_id: int, at: datetime) -> Notification:
    """Mark one; raises Notification.DoesNotExist for another person's."""
    row = of(user, workspace).get(pk=notification_id)
    if row.read_at is None:
        row.read_at = at
        row.save(update_fields=["read_at"])
    return row


def mark_all_read(user: User, workspace: Workspace, at: datetime) -> int:
    """Mark all; returns how many were unread."""
    return of(user, workspace).filter(read_at=None).update(read_at=at)
