"""Remove an import with its records and their files, a thousand at a time; safe to run again after a stop."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from masthead.rights.archive.imports import files, pieces
from masthead.rights.keep import held
from masthead.rights.leftovers import let_go, sweep
from masthead.rights.models import Import, Record

AT_ONCE = 1_000


class Removed(NamedTuple):
    """How many records went, and how many stay because they are on hold; the import stays with these."""

    number: int
    on_hold: int


def remove(row: Import) -> Removed:
    """Delete what it brought in, but for what is on hold. It must not be read at the moment: stop it first."""
    number, on_hold, after = 0, 0, 0
    mine = Record.objects.filter(source=row).order_by("pk").only("pk", "media")
    while found := list(mine.filter(pk__gt=after)[:AT_ONCE]):
        stay = held("imported", [one.pk for one in found])
        _delete(row.workspace_id, [one for one in found if one.pk not in stay])
        number, on_hold, after = number + len(found) - len(stay), on_hold + len(stay), found[-1].pk
    sweep(row.workspace_id)
    pieces.forget(row)
    if on_hold:
        Import.objects.filter(pk=row.pk).update(storage_path="")
    else:
        row.delete()
    return Removed(number, on_hold)


@transaction.atomic
def _delete(workspace_id: int, found: list[Record]) -> None:
    let_go(workspace_id, files.paths(found))
    Record.objects.filter(pk__in=[one.pk for one in found]).delete()
