"""An archive that lies on this machine: read where it is, without being copied into storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from django.db import Error, connection

from masthead.kit.clock import now
from masthead.kit.jobs import LONG_AGO
from masthead.kit.text import plain
from masthead.rights.archive.imports.ask import State, imports
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
    with _alone(row), path.open("rb") as file:
        _free(row)
        bring(row.pk, cast(BinaryIO, file))
    row.refresh_from_db()
    return row


def _row(workspace: Workspace, name: str, size: int) -> Import:
    at = now()
    same = imports(workspace).filter(name=name, size=size, storage_path="", cursor__whole=True)
    known = same.exclude(state=State.FINISHED).first()
    if known:
        return known
    made = Import.objects.create(
        workspace=workspace, name=name, size=size, cursor={"whole": True}, created_at=at, held_until=at - LONG_AGO
    )
    record(None, workspace, "import.begun", name, **{"import": made.pk})
    return made


@contextmanager
def _alone(row: Import) -> Iterator[None]:
    """One command reads it. The lock ends with the command's connection, however the command ends. Raises Unknown."""
    name = [f"import:{row.pk}"]
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        if not cursor.fetchone()[0]:
            raise Unknown("This archive is being read already.")
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", name)


def _free(row: Import) -> None:
    """Whoever holds the lease is gone: such an archive is read by commands alone, and only one of them gets here."""
    cursor = {name: value for name, value in row.cursor.items() if name != "tries"}
    Import.objects.filter(pk=row.pk).update(state=State.WAITING, why="", held_until=now() - LONG_AGO, cursor=cursor)
