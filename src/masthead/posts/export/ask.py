"""Asking for an export: by a person, or by Masthead before an end. One is made at a time for the same channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import affected
from masthead.kit.jobs import LONG_AGO, enqueue_each
from masthead.media import bundle
from masthead.posts.models import Export
from masthead.workspaces.models import User, Workspace

JOB = "posts.export"
LAST_DAY = timedelta(days=1)
KEPT = timedelta(days=180)
AFTER_FAILURE = timedelta(hours=6)
"""So long after one was begun that failed, the next is asked for by itself."""


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
    enqueue_each(connection, JOB, "export", [row.pk])
    return row


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
    if not channels or made.exclude(state=Export.State.FAILED, created_at__lt=now - AFTER_FAILURE).exists():
        return 0
    ask_for(workspace, channels, now=now, by=None, sunset=sunset)
    return 1


def ask_again(now: datetime) -> None:
    """A job for exports whose worker is gone."""
    enqueue_each(connection, JOB, "export", bundle.left_alone(Export, now))


def forget_old(now: datetime) -> int:
    """Delete the files of exports after half a year, rows too; returns how many."""
    old = list(Export.objects.filter(Q(ready_at__lt=now - KEPT) | Q(created_at__lt=now - KEPT - KEPT))[:100])
    for row in old:
        bundle.forget(row)
    return len(old)
