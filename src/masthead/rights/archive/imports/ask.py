"""Asking for an import: begin, take piece by piece, stop, go on, remove. Every move is guarded by the row's state."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.kit.jobs import LONG_AGO, enqueue_each
from masthead.kit.text import plain
from masthead.rights.archive.imports import pieces
from masthead.rights.models import Import
from masthead.workspaces.models import User, Workspace

JOB = "rights.import"
UNTIL_GIVEN_UP = timedelta(days=30)
"""How long an archive is kept that was never read to its end."""
State = Import.State
OPEN = (State.WAITING, State.READING)


def imports(workspace: Workspace) -> QuerySet[Import]:
    """The imports of a workspace, newest first."""
    return Import.objects.filter(workspace=workspace)


def begin(workspace: Workspace, user: User | None, name: str, size: int, *, now: datetime) -> Import:
    """An import whose pieces are to come; the one that was begun for the same file and is not whole yet. Raises Refused."""
    name = plain(name).strip()[-250:] or "archive"
    if size <= 0:
        raise Refused(_("The file is empty."), field="size", remedy=_("Choose another file."))
    if size > settings.IMPORT_BYTES:
        raise Refused(
            _("The file is larger than %s.") % filesizeformat(settings.IMPORT_BYTES),
            field="size",
            remedy=_(
                "Let the operator raise MASTHEAD_IMPORT_BYTES, or import it with the command masthead archive import."
            ),
        )
    known = imports(workspace).filter(name=name, size=size, state=State.WAITING, done__lt=size, asked_by=user).first()
    return known or Import.objects.create(
        workspace=workspace,
        asked_by=user,
        name=name,
        size=size,
        storage_path=f"{workspace.pk}/imports/{uuid.uuid4().hex}",
        created_at=now,
        held_until=now - LONG_AGO,
    )


def arriving(row: Import) -> bool:
    """True while pieces are missing."""
    return bool(row.state == State.WAITING and row.storage_path and row.done < row.size and not row.cursor)


def next_piece(row: Import) -> int | None:
    """The number of the piece that is missing; None where all are there."""
    return row.done // pieces.PIECE if arriving(row) else None


@transaction.atomic
def take_piece(row: Import, number: int, data: bytes) -> Import:
    """Keep a piece. One that is there already is no error, one out of turn is. With the last the archive is read. Raises Refused.

    The row is locked, so that the same piece, sent twice at once, is looked at again before it is kept.
    """
    row.refresh_from_db(from_queryset=Import.objects.select_for_update())
    wanted = next_piece(row)
    if wanted is None or number < wanted:
        return row
    if number > wanted or len(data) != pieces.length(row, number):
        raise Refused(
            _("This is not the piece that comes next."), field="piece", remedy=_("Begin the upload again; it goes on.")
        )
    pieces.put(row, number, data)
    row.done += len(data)
    if row.done == row.size:
        row.cursor = {"whole": True}
        push([row])
    row.save(update_fields=["done", "cursor"])
    return row


def push(rows: list[Import]) -> None:
    """A job for each; one waits at a time."""
    enqueue_each(connection, JOB, "import", [row.pk for row in rows])


def stop(row: Import, *, now: datetime) -> bool:
    """Stop an import; what was read stays, and it can go on. False where there was nothing to stop."""
    mine = Import.objects.filter(pk=row.pk, state__in=OPEN)
    return bool(mine.update(state=State.STOPPED, held_until=now, finished_at=None))


@transaction.atomic
def go_on(row: Import, *, now: datetime) -> bool:
    """Go on where it stopped or failed. False where there is nothing to go on with."""
    mine = Import.objects.filter(pk=row.pk, state__in=(State.STOPPED, State.FAILED)).exclude(storage_path="")
    row.cursor = {name: value for name, value in row.cursor.items() if name != "tries"}
    moved = mine.update(state=State.WAITING, why="", held_until=now - LONG_AGO, cursor=row.cursor)
    if moved and row.cursor:
        push([row])
    return bool(moved)


def ask_again(now: datetime) -> None:
    """A job for imports whose worker is gone."""
    waiting = Import.objects.filter(state__in=OPEN, held_until__lte=now, cursor__whole=True).exclude(storage_path="")
    push(list(waiting[:100]))


def forget_old(now: datetime) -> int:
    """Let archives go that were not read to their end for a month; their rows and records stay. Returns how many."""
    unfinished = Q(state__in=(State.STOPPED, State.FAILED)) | Q(state=State.WAITING, done__lt=F("size"), cursor={})
    old = list(Import.objects.filter(unfinished, created_at__lt=now - UNTIL_GIVEN_UP).exclude(storage_path="")[:100])
    for row in old:
        pieces.forget(row)
        Import.objects.filter(pk=row.pk).update(storage_path="", state=State.FAILED, finished_at=now)
    return len(old)
