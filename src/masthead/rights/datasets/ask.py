"""Asking for a dataset, and what becomes of old ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from masthead.kit.jobs import LONG_AGO, enqueue_each
from masthead.media import bundle
from masthead.rights.models import Dataset
from masthead.workspaces.models import User, Workspace

JOB = "rights.dataset"
KEPT = timedelta(days=180)


@transaction.atomic
def ask_for(workspace: Workspace, fields: Mapping[str, Any], *, by: User | None, now: datetime) -> Dataset:
    """A dataset with these fields of the model (name, use, purpose, license, form, wanted, ...), to be made by the worker."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    row = Dataset.objects.create(workspace=workspace, **fields, asked_by=by, created_at=now, held_until=now - LONG_AGO)
    enqueue_each(connection, JOB, "dataset", [row.pk])
    return row


def ask_again(now: datetime) -> None:
    """A job for datasets whose worker is gone."""
    enqueue_each(connection, JOB, "dataset", bundle.left_alone(Dataset, now))


def forget_files(now: datetime) -> int:
    """Delete the files of old datasets; the rows stay, since they say what left. Returns how many."""
    old = list(Dataset.objects.filter(created_at__lt=now - KEPT).exclude(storage_path="")[:100])
    for row in old:
        delete_file(row)
    return len(old)


def delete_file(row: Dataset) -> None:
    """The file goes, the record of what left stays."""
    if row.storage_path:
        default_storage.delete(row.storage_path)
    Dataset.objects.filter(pk=row.pk).update(storage_path="", size=0)
