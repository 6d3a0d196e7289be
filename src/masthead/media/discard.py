"""Step 5, the end: delete a file nobody needs any more; its bytes go later, in the clean-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused, TryAgain
from masthead.media import keep
from masthead.media.locks import lock_content
from masthead.media.models import Asset, Rendition
from masthead.media.uses import is_used as used_anywhere
from masthead.workspaces.models import Workspace

log = structlog.get_logger()
GRACE = timedelta(days=1)
UNUSED = timedelta(days=60)


def discard(asset: Asset, *, now: datetime, is_used: Callable[[Asset], bool] = used_anywhere) -> None:
    """Take a file out of the library. Raises Refused while an unpublished post uses it."""
    if is_used(asset):
        raise Refused(
            _("A post that is not out yet uses this file."),
            field="asset",
            remedy=_("Remove the file from the post, or wait until it is published."),
        )
    asset.deleted_at = now
    asset.save(update_fields=["deleted_at"])


def purge(now: datetime) -> int:
    """Delete the bytes of files that were discarded a day ago or earlier; returns how many files.

    A file whose bytes cannot be deleted today stays for tomorrow, and keeps none of the others from going.
    """
    due = Asset.objects.filter(deleted_at__lt=now - GRACE)
    return sum(_tried(_purge, asset) for asset in due.iterator(chunk_size=500))


def _tried(act: Callable[[Any], bool], file: Asset | Rendition) -> bool:
    try:
        return act(file)
    except TryAgain as error:
        log.warning("an old file stays for now", kind=type(file).__name__, id=file.pk, why=error.message)
        return False


@transaction.atomic
def _purge(asset: Asset) -> bool:
    """Row first, bytes second, under the content's lock: somebody who brings the file again waits, and keeps it anew."""
    lock_content(asset.workspace_id, asset.sha256)
    renditions = list(asset.renditions.all())
    if not Asset.objects.filter(pk=asset.pk, deleted_at=asset.deleted_at).delete()[0]:
        return False
    _forget_unshared(asset.workspace_id, [asset, *renditions])
    return True


def purge_renditions(now: datetime) -> int:
    """Delete renditions that nobody asked for lately: they are made again when they are needed. Returns how many."""
    old = Rendition.objects.filter(used_at__lt=now - UNUSED).select_related("asset")
    return sum(_tried(_purge_rendition, one) for one in old.iterator(chunk_size=500))


@transaction.atomic
def _purge_rendition(one: Rendition) -> bool:
    lock_content(one.asset.workspace_id, one.sha256)
    if not Rendition.objects.filter(pk=one.pk, used_at=one.used_at).delete()[0]:
        return False
    _forget_unshared(one.asset.workspace_id, [one])
    return True


def forget_workspace(workspace_id: int) -> None:
    """Delete all bytes of a workspace that is no more; nothing while it is there."""
    if not Workspace.objects.filter(pk=workspace_id).exists():
        keep.forget_all(workspace_id)


def _forget_unshared(workspace_id: int, files: list[Asset | Rendition]) -> None:
    """Delete bytes that no other row of the workspace names."""
    for path in {one.storage_path for one in files}:
        named = Asset.objects.filter(workspace_id=workspace_id, storage_path=path).exists()
        if not named and not Rendition.objects.filter(asset__workspace_id=workspace_id, storage_path=path).exists():
            keep.forget(path)
