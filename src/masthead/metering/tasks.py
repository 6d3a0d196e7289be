"""Ways in for time: what the worker cleans by itself. Safe to run twice."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every
from masthead.metering.forget import forget


@every("metering.clean", "29 4 * * *")
async def clean() -> None:
    """Once a day: counts older than 400 days, and pauses that are over."""
    await sync_to_async(forget)(now())
