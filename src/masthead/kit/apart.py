"""Heavy work in a process of its own, which ends with the one that started it, however that ended."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress

from masthead.kit import logs
from masthead.kit.orphans import end_with_parent

NICENESS = 10


async def apart(module: str, *arguments: object) -> None:
    """Run `python -m module arguments` and wait for it. RuntimeError where it failed, so that a job is tried again."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | {"MASTHEAD_PARENT": str(os.getpid())})
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.terminate()
        raise
    if code:
        raise RuntimeError(f"{module} {' '.join(command[3:])} ended with {code}")


def begun_apart() -> None:
    """What such a process does first: tie itself to its parent, step behind what publishes on time, and log as the others do."""
    end_with_parent(int(os.environ.pop("MASTHEAD_PARENT", "") or os.getppid()))
    os.nice(NICENESS)
    logs.configure()
