"""Asking for an audit, stopping it, going on, removing it. Every move is guarded by the row's state."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from masthead.kit.jobs import LONG_AGO, enqueue_each
from masthead.rights.models import Audit
from masthead.workspaces.models import User, Workspace

JOB = "rights.audit"
UNTIL_GIVEN_UP = timedelta(days=30)
"""How long what a stopped audit has read is kept on the worker's machine."""
State = Audit.State
OPEN = (State.WAITING, State.RUNNING)


def audits(workspace: Workspace) -> QuerySet[Audit]:
    """The audits of a workspace, newest first."""
    return Audit.objects.filter(workspace=workspace).select_related("workspace", "asked_by", "release")


@transaction.atomic
def ask_for(workspace: Workspace, fields: Mapping[str, Any], *, by: User | None, now: datetime) -> Audit:
    """An audit with these fields of the model (name, wanted, corpus, fields, form, target), to be carried out by the worker."""
    row = Audit.objects.create(workspace=workspace, **fields, asked_by=by, created_at=now, held_until=now - LONG_AGO)
    push([row])
    return row


def push(rows: Sequence[Audit]) -> None:
    """A job for each; one waits at a time."""
    enqueue_each(connection, JOB, "audit", [row.pk for row in rows])


def ask_again(now: datetime) -> None:
    """A job for the one whose turn it is, or whose worker is gone: one at a time in the whole installation, the oldest first."""
    if not Audit.objects.filter(state=State.RUNNING, held_until__gt=now).exists():
        push(list(Audit.objects.filter(state__in=OPEN, held_until__lte=now).order_by("created_at", "pk")[:1]))


def stop(row: Audit, *, now: datetime) -> bool:
    """Stop an audit; its process ends within seconds, and it can go on. False where there was nothing to stop."""
    return bool(Audit.objects.filter(pk=row.pk, state__in=OPEN).update(state=State.STOPPED, held_until=now))


@transaction.atomic
def go_on(row: Audit, *, now: datetime) -> bool:
    """Go on where it was stopped; one that failed begins anew. False where there is nothing to go on with."""
    mine = Audit.objects.filter(pk=row.pk, state__in=(State.STOPPED, State.FAILED))
    fresh = row.fresh or row.state == State.FAILED
    moved = mine.update(state=State.WAITING, why="", tries=0, fresh=fresh, held_until=now - LONG_AGO)
    if moved:
        push([row])
    return bool(moved)


def remove(row: Audit) -> None:
    """The audit with its report. A process that carries it out notices and ends."""
    for name in row.files:
        default_storage.delete(kept_at(row, name))
    row.delete()


def kept_at(row: Audit, name: str) -> str:
    """Where a file of the report lies in storage: under the workspace, so that it goes with it."""
    return f"{row.workspace_id}/audits/{row.key.hex}/{name}"


def home() -> Path:
    """Where runs lie on this machine while they are carried out."""
    return Path(settings.HOME) / "audits"


def folder_of(row: Audit) -> Path:
    """The run's folder on this machine."""
    return home() / row.key.hex


def forget_folders(now: datetime) -> int:
    """Delete what runs left on this machine that nobody goes on with; returns how many."""
    left = {path.name: path for path in home().glob("*") if path.is_dir()}
    given_up = Q(state__in=(State.STOPPED, State.FAILED), created_at__lt=now - UNTIL_GIVEN_UP)
    wanted = Audit.objects.exclude(state=State.FINISHED).exclude(given_up)
    wanted = wanted.filter(key__in=[uuid.UUID(name) for name in left if len(name) == 32])
    gone = set(left) - {one.hex for one in wanted.values_list("key", flat=True)}
    for name in gone:
        shutil.rmtree(left[name], ignore_errors=True)
    return len(gone)
