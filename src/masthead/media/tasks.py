"""Ways in for time: what the worker cleans by itself. Safe to run twice."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every
from masthead.media.discard import purge, purge_renditions


@every("media.clean", "41 3 * * *")
async def clean() -> None:
    """Once a day: the bytes of discarded files, and renditions nobody asked for in two months."""
    await sync_to_async(purge)(now())
    await sync_to_async(purge_renditions)(now())
