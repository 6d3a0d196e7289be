"""Make a dataset: everything wanted passes the gate, what leaves is written, described, signed, and put into storage.

Killed at any moment, the next worker begins anew; the release that broke off stays in the books as such.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from masthead.kit.clock import now as clock
from masthead.media import bundle
from masthead.media.keep import workbench
from masthead.rights import permit
from masthead.rights.archive.asked import restored
from masthead.rights.archive.shelves import everything
from masthead.rights.datasets.check import CLAIM, KEY, MANIFEST, SIGNATURE, claim
from masthead.rights.datasets.croissant import Refused, manifest
from masthead.rights.datasets.describe import counted, described, refusals
from masthead.rights.datasets.dsse import attest, digest
from masthead.rights.datasets.parts import Parts, TooMany, check_room, is_bare
from masthead.rights.datasets.writing import Written
from masthead.rights.desk.grant import as_permit, stands
from masthead.rights.items import Item
from masthead.rights.models import Dataset, Grant, HandedOn, Release
from masthead.rights.release import begin, stream
from masthead.rights.signing import key_of, private_half
from masthead.workspaces.models import Workspace

RENEW = 2_000


class Lost(Exception):
    """Another worker took the dataset over, or it was begun anew."""


class Over(Exception):
    """The grant ended while the dataset was made."""


def make(dataset_id: int) -> bool:
    """Make one that waits; True where it is ready now. Safe to run twice and at the same time."""
    row = bundle.take(Dataset, dataset_id, clock())
    if row is None:
        return False
    try:
        with workbench() as folder:
            _write(row, folder)
    except (TooMany, Over) as error:
        if bundle.mine(row).update(state=Dataset.State.FAILED, why=str(error)):
            default_storage.delete(bundle.place(row, bundle.WHOLE))
        return False
    except Lost:
        bundle.drop(row, bundle.place(row, bundle.WHOLE))
        return False
    return True


def _go_on(row: Dataset) -> None:
    if not bundle.go_on(row):
        raise Lost


def _write(row: Dataset, folder: Path) -> None:
    grant = _grant(row)
    release = begin(row.workspace, row.use, purpose=row.purpose, actor=_actor(row), grant=grant, at=clock())
    parts = Parts(row, folder)
    for number, item in enumerate(stream(release, _items(row), grant, bare=is_bare), start=1):
        parts.add(item)
        if number % RENEW == 0:
            _go_on(row)
    files = parts.close()
    extra = [refusals(release, folder)]
    refused = counted(release)
    about = described(row, release, files, extra, parts.origins, refused, grant)
    (folder / MANIFEST).write_text(json.dumps(manifest(about), ensure_ascii=False, indent=1), encoding="utf-8")
    _sign(row, release, folder, [*files, *extra])
    _finish(row, release, folder, [*files, *extra], parts.handed_on, refused)


def _grant(row: Dataset) -> permit.Grant | None:
    """The grant it is made under. One that ended meanwhile opens nothing, so that nothing leaves."""
    return as_permit(Grant.objects.get(workspace=row.workspace, pk=int(row.grant))) if row.grant else None


def _items(row: Dataset) -> Iterator[Item]:
    for page in everything(row.workspace, restored(row.wanted)):
        yield from page.items


def _actor(row: Dataset) -> str:
    return row.asked_by.email if row.asked_by else "worker"


def _sign(row: Dataset, release: Release, folder: Path, files: Sequence[Written]) -> None:
    key = key_of(row.workspace, clock())
    subjects = {one.name: one.sha256 for one in files} | {MANIFEST: digest(folder / MANIFEST)}
    said = claim({one.name: one.rows for one in files}, release.refused, row.use, row.purpose, release.to)
    (folder / SIGNATURE).write_text(json.dumps(attest(subjects, CLAIM, said, [private_half(key)]), indent=1))
    (folder / KEY).write_text(key.public)


def _finish(
    row: Dataset,
    release: Release,
    folder: Path,
    files: Sequence[Written],
    handed_on: Counter[str],
    refused: Sequence[Refused],
) -> None:
    """Into one zip, into storage, then on the row, with what counts against the platforms' limits."""
    path = folder / bundle.WHOLE
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (*(one.name for one in files), MANIFEST, SIGNATURE, KEY):
            archive.write(folder / name, name)
    _go_on(row)
    about = {one.name: {"rows": one.rows, "size": one.size, "sha256": one.sha256} for one in files}
    kept_in = [{"rule": one.rule, "clause": one.clause, "records": one.records} for one in refused]
    _book(row, release, {"files": about, "refused": kept_in, **bundle.store(row, path)}, handed_on)


@transaction.atomic
def _book(row: Dataset, release: Release, done: dict[str, Any], handed_on: Counter[str]) -> None:
    """The grant and the limits once more under the workspace's lock: two datasets at once must not pass them together."""
    Workspace.objects.select_for_update().get(pk=row.workspace_id)
    if not stands(row.workspace, row.grant, clock()):
        raise Over("The grant it was made under has ended. Nothing was handed over.")
    for platform, number in handed_on.items():
        check_room(row.workspace, platform, number)
    if not bundle.ready(row, release=release, **done):
        raise Lost
    HandedOn.objects.bulk_create(
        HandedOn(workspace=row.workspace, dataset=row, platform=platform, records=number, at=clock())
        for platform, number in handed_on.items()
    )
