"""Ways in for time: what the worker does by itself. Safe to run twice."""

from __future__ import annotations

from asgiref.sync import sync_to_async

from masthead.kit.clock import now
from masthead.kit.jobs import every
from masthead.metering.caps.earmark import earmark_all
from masthead.metering.caps.till import Till, here
from masthead.metering.caps.warn import warn
from masthead.metering.forget import forget
from masthead.metering.partitions import make_ahead


@every("metering.clean", "29 4 * * *")
async def clean() -> None:
    """Once a day: make the coming months' tables; forget what is too old (see forget.py)."""
    await sync_to_async(make_ahead)(now())
    await sync_to_async(forget)(now())


@every("metering.caps", "* * * * *")
async def caps() -> None:
    """Every minute: give back what dead workers held, keep money for what is scheduled, tell of caps that are reached."""
    await Till(here).sweep()
    await sync_to_async(earmark_all)(now())
    await sync_to_async(warn)(now())
