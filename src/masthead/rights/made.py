"""What was made of the archive before a person's rights changed: copies and datasets. They can be made again at any time."""

from __future__ import annotations

from masthead.media import bundle
from masthead.rights.leftovers import let_go
from masthead.rights.models import ArchiveExport, Dataset, Hold
from masthead.workspaces.models import Workspace


def take_back(workspace: Workspace) -> dict[str, int]:
    """Take copies and datasets away that were made, and have those that are being made begin anew; how many there were of each.

    In a transaction that holds the workspace's lock. The files go with `leftovers.sweep` afterwards.
    """
    made = begin_anew(workspace)
    copies = ArchiveExport.objects.select_for_update().filter(workspace=workspace)
    ready = list(copies.exclude(state=ArchiveExport.State.WAITING))
    datasets = list(Dataset.objects.select_for_update().filter(workspace=workspace).exclude(storage_path=""))
    let_go(workspace.pk, [where for row in ready for where in bundle.files_of(row)])
    let_go(workspace.pk, [row.storage_path for row in datasets])
    copies.filter(pk__in=[row.pk for row in ready]).delete()
    Dataset.objects.filter(pk__in=[row.pk for row in datasets]).update(storage_path="", size=0)
    return {"copies": made["copies"] + len(ready), "datasets": made["datasets"] + len(datasets)}


def begin_anew(workspace: Workspace) -> dict[str, int]:
    """Have everything that is being made begin anew, by whatever holds from now on; how many there were of each.

    In a transaction that holds the workspace's lock.
    """
    copies = ArchiveExport.objects.select_for_update().filter(workspace=workspace, state=ArchiveExport.State.WAITING)
    datasets = Dataset.objects.select_for_update().filter(workspace=workspace, state=Dataset.State.WAITING)
    waiting = {"copies": list(copies), "datasets": list(datasets)}
    for row in (*waiting["copies"], *waiting["datasets"]):
        let_go(workspace.pk, bundle.begin_anew(row))
    return {name: len(rows) for name, rows in waiting.items()}


def is_held(row: ArchiveExport | Dataset) -> bool:
    """True where somebody was put on hold since it was made: their words may be in it, so that it is not handed over."""
    holds = Hold.objects.filter(workspace=row.workspace_id, lifted_at=None)
    return row.ready_at is not None and holds.filter(placed_at__gte=row.ready_at).exists()
