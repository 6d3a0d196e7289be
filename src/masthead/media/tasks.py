"""Ways in for time: what the worker cleans by itself. Safe to run twice."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every, job
from masthead.media.discard import forget_workspace, purge, purge_renditions
from masthead.workspaces.close import DELETED_JOB


@job(DELETED_JOB)
async def forget(payload: dict[str, Any]) -> None:
    """After a workspace was deleted: its files."""
    await sync_to_async(forget_workspace)(int(payload["workspace"]))


@every("media.clean", "41 3 * * *")
async def clean() -> None:
    """Once a day: the bytes of discarded files, and renditions nobody asked for in two months."""
    await sync_to_async(purge)(now())
    await sync_to_async(purge_renditions)(now())
