"""Remove an import with its records and their files, a thousand at a time; safe to run again after a stop."""

from __future__ import annotations

from django.db import transaction

from masthead.rights.archive.imports import files, pieces
from masthead.rights.models import Import, Record

AT_ONCE = 1_000


def remove(row: Import) -> int:
    """Delete what it brought in; returns how many records. It must not be read at the moment: stop it first."""
    number = 0
    while found := list(Record.objects.filter(source=row).order_by("pk").only("pk", "media")[:AT_ONCE]):
        with transaction.atomic():
            Record.objects.filter(pk__in=[one.pk for one in found]).delete()
        files.discard(row.workspace_id, files.paths(found))
        number += len(found)
    pieces.forget(row)
    row.delete()
    return number
