"""Asking for an export: by a person, or by Masthead before an end. One is made at a time for the same channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import affected
from masthead.kit.jobs import enqueue
from masthead.posts.models import Export
from masthead.workspaces.models import User, Workspace

JOB = "posts.export"
LONG_AGO = timedelta(days=1)
LAST_DAY = timedelta(days=1)
KEPT = timedelta(days=180)


@transaction.atomic
def ask_for(
    workspace: Workspace, channels: Sequence[Channel], *, now: datetime, by: User | None, sunset: Sunset | None = None
) -> Export:
    """An export of these channels; the one that is being made where there is one."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    ids = sorted(one.pk for one in channels)
    waiting = Export.objects.filter(workspace=workspace, state=Export.State.WAITING, channels=ids).first()
    row = waiting or Export.objects.create(
        workspace=workspace, sunset=sunset, channels=ids, asked_by=by, created_at=now, held_until=now - LONG_AGO
    )
    push([row])
    return row


def push(rows: Sequence[Export]) -> None:
    """A job for each; one waits at a time."""
    connection.ensure_connection()
    for row in rows:
        enqueue(connection.connection, JOB, {"export": row.pk}, key=f"{JOB}:{row.pk}")


def ask_before_ends(now: datetime) -> int:
    """For every announced end: an export at once, and a fresh one on the last day. Safe to run twice; returns how many."""
    open_ = Sunset.objects.filter(withdrawn_at=None, announced_at__isnull=False, ends_at__gt=now)
    return sum(_ask_before(one, space, now) for one in open_ for space in _spaces(one))


def _spaces(sunset: Sunset) -> list[Workspace]:
    if sunset.workspace:
        return [sunset.workspace]
    with_channels = Channel.objects.filter(platform=sunset.platform).values("workspace")
    return list(Workspace.objects.filter(pk__in=with_channels))


def _ask_before(sunset: Sunset, workspace: Workspace, now: datetime) -> int:
    since = sunset.ends_at - LAST_DAY if now >= sunset.ends_at - LAST_DAY else sunset.announced_at
    channels = affected(sunset, workspace)
    made = Export.objects.filter(workspace=workspace, sunset=sunset, created_at__gte=since)
    if not channels or made.exclude(state=Export.State.FAILED).exists():
        return 0
    ask_for(workspace, channels, now=now, by=None, sunset=sunset)
    return 1


def ask_again(now: datetime) -> None:
    """A job for exports whose worker is gone."""
    push(list(Export.objects.filter(state=Export.State.WAITING, held_until__lte=now)[:100]))


def forget_old(now: datetime) -> int:
    """Delete the files of exports after half a year, rows too; returns how many."""
    old = list(Export.objects.filter(Q(ready_at__lt=now - KEPT) | Q(created_at__lt=now - KEPT - KEPT))[:100])
    for row in old:
        if row.storage_path:
            default_storage.delete(row.storage_path)
        row.delete()
    return len(old)
