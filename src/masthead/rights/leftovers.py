"""Files that must go from storage: noted in the transaction that lets them go, deleted afterwards, and again until storage did it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import structlog
from django.db import connection

from masthead.contract.errors import ConnectorError
from masthead.kit.clock import now
from masthead.media.keep import forget
from masthead.rights.models import Import, Leftover

log = structlog.get_logger()
AT_ONCE = 5_000
USED = """
select distinct one->>'file' from rights_record, jsonb_array_elements(media) one
where workspace_id = %s and media <> '[]' and one->>'file' = any(%s)
"""


def let_go(workspace_id: int, paths: Iterable[str]) -> None:
    """Note files that nothing refers to once the transaction has ended; `sweep` afterwards."""
    Leftover.objects.bulk_create(
        [Leftover(workspace_id=workspace_id, path=one) for one in sorted(set(paths))], batch_size=AT_ONCE
    )


def sweep(workspace_id: int | None = None) -> int:
    """Delete what was noted, of one workspace or of all, but for what a record refers to; returns how many files.

    What storage does not delete stays noted. While an archive is read in a workspace its files stay: the reader may be about
    to refer to one of them.
    """
    waiting = Leftover.objects.all() if workspace_id is None else Leftover.objects.filter(workspace=workspace_id)
    spaces = waiting.order_by().values_list("workspace", flat=True).distinct()
    return sum(_of(one) for one in spaces if not _reading(one))


def _reading(workspace_id: int) -> bool:
    return Import.objects.filter(workspace=workspace_id, state=Import.State.READING, held_until__gt=now()).exists()


def _of(workspace_id: int) -> int:
    done, after = 0, 0
    while rows := list(Leftover.objects.filter(workspace=workspace_id, pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        used = _used(workspace_id, [one.path for one in rows])
        gone = [one.pk for one in rows if one.path not in used and _deleted(one.path)]
        Leftover.objects.filter(pk__in=[*gone, *(one.pk for one in rows if one.path in used)]).delete()
        done += len(gone)
    return done


def _used(workspace_id: int, paths: Sequence[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(USED, [workspace_id, list(paths)])
        return {path for (path,) in cursor.fetchall()}


def _deleted(path: str) -> bool:
    try:
        forget(path)
    except ConnectorError as error:
        log.warning("a file stays in storage for now", path=path, why=str(error))
        return False
    return True
