"""An archive that lies on this machine: read where it is, without being copied into storage."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from django.db.models import Q

from masthead.kit.clock import now
from masthead.kit.text import plain
from masthead.rights.archive.imports.ask import LONG_AGO, State, imports
from masthead.rights.archive.imports.bring import bring
from masthead.rights.models import Import
from masthead.workspaces.audit import record
from masthead.workspaces.models import Workspace


class Unknown(Exception):
    """There is no such workspace, or the archive is being read already."""


def bring_file(path: Path, slug: str) -> Import:
    """Read a file into a workspace to its end; the import that was begun for the same file goes on."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        raise Unknown(f"There is no workspace {slug}.")
    row = _row(workspace, plain(path.name)[-250:], path.stat().st_size)
    with path.open("rb") as file:
        if not bring(row.pk, cast(BinaryIO, file)):
            row.refresh_from_db()
            if row.state == State.READING:
                raise Unknown("This archive is being read already.")
    row.refresh_from_db()
    return row


def _row(workspace: Workspace, name: str, size: int) -> Import:
    at = now()
    same = imports(workspace).filter(name=name, size=size, storage_path="", cursor__whole=True)
    known = same.filter(Q(state__in=(State.WAITING, State.STOPPED, State.FAILED)) | Q(state=State.READING)).first()
    if known:
        Import.objects.filter(pk=known.pk).exclude(state=State.READING).update(
            state=State.WAITING, why="", held_until=at - LONG_AGO
        )
        return known
    made = Import.objects.create(
        workspace=workspace, name=name, size=size, cursor={"whole": True}, created_at=at, held_until=at - LONG_AGO
    )
    record(None, workspace, "import.begun", name, **{"import": made.pk})
    return made
