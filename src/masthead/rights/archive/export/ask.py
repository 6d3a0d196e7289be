"""Asking for a copy of the archive, and what becomes of old ones. One is made at a time for the same wish."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from masthead.kit.jobs import LONG_AGO, enqueue_each
from masthead.media import bundle
from masthead.rights.archive.asked import stored
from masthead.rights.archive.wanted import Wanted
from masthead.rights.models import ArchiveExport
from masthead.workspaces.models import User, Workspace

JOB = "rights.archive_export"
KEPT = timedelta(days=30)
"""It can be made anew at any time, so that it is kept for a month only."""


@transaction.atomic
def ask_for(workspace: Workspace, wanted: Wanted, *, now: datetime, by: User | None) -> ArchiveExport:
    """A copy of what is wanted; the one that is being made where there is one."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    wish = stored(wanted)
    waiting = ArchiveExport.objects.filter(workspace=workspace, state=ArchiveExport.State.WAITING, wanted=wish).first()
    row = waiting or ArchiveExport.objects.create(
        workspace=workspace, wanted=wish, asked_by=by, created_at=now, held_until=now - LONG_AGO
    )
    enqueue_each(connection, JOB, "export", [row.pk])
    return row


def ask_again(now: datetime) -> None:
    """A job for copies whose worker is gone."""
    enqueue_each(connection, JOB, "export", bundle.left_alone(ArchiveExport, now))


def forget_old(now: datetime) -> int:
    """Delete copies after a month; returns how many."""
    old = list(ArchiveExport.objects.filter(Q(ready_at__lt=now - KEPT) | Q(created_at__lt=now - KEPT - KEPT))[:100])
    for row in old:
        bundle.forget(row)
    return len(old)
