"""How a job is tried: failures are logged and tried again with growing pauses."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule

log = structlog.get_logger()
Handler = Callable[[dict[str, Any]], Awaitable[None]]
Tick = Callable[[], Awaitable[None]]
MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=5)


def guarded(name: str, handler: Handler) -> Callable[[Job], Awaitable[None]]:
    """Log a failure and try again with growing pauses; after the last try the job is kept for people to see."""

    async def handle(entry: Job) -> None:
        try:
            await handler(json.loads(entry.payload or b"{}"))
        except Exception as error:
            log.exception("job failed", job=name, tries=entry.attempts + 1)
            if entry.attempts + 1 >= MOST_TRIES:
                raise
            raise RetryRequested(delay=FIRST_PAUSE * 2**entry.attempts) from error

    return handle


def ticking(name: str, tick: Tick) -> Callable[[Schedule], Awaitable[None]]:
    """Log a failure of periodic work; its next tick comes anyway."""

    async def run_once(schedule: Schedule) -> None:
        try:
            await tick()
        except Exception:
            log.exception("periodic work failed", job=name)

    return run_once
