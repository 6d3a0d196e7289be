"""Ways in for time: what the worker does by itself. Safe to run twice."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every
from masthead.metering.forget import forget
from masthead.metering.partitions import make_ahead


@every("metering.clean", "29 4 * * *")
async def clean() -> None:
    """Once a day: make the coming months' tables; forget what is too old (see forget.py)."""
    await sync_to_async(make_ahead)(now())
    await sync_to_async(forget)(now())
