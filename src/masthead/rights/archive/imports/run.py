"""Reading an import in a process of its own: `python -m masthead.rights.archive.imports.run NUMBER`.

Apart from the worker, because reading a large archive would take the processor from what publishes on time, and because files that
strangers made belong into a process that may be lost. It ends with the worker that started it.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from contextlib import suppress
from importlib import import_module

import django

from masthead.kit import logs
from masthead.kit.orphans import end_with_parent

NICENESS = 10
MOST_MEMORY = 3 << 30
"""Bytes; a file that would need more ends its own process and nothing else."""


async def in_own_process(import_id: int) -> None:
    """Read an import and wait for it. RuntimeError where its process failed, so that the job is tried again."""
    command = [sys.executable, "-m", __spec__.name if __name__ == "__main__" else __name__, str(import_id)]
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | {"MASTHEAD_PARENT": str(os.getpid())})
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.terminate()
        raise
    if code:
        raise RuntimeError(f"reading import {import_id} ended with {code}")


def main(import_id: int) -> None:
    """Make Django ready and read."""
    end_with_parent(int(os.environ.pop("MASTHEAD_PARENT", "") or os.getppid()))
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    logs.configure()
    django.setup()
    import_module("masthead.rights.archive.imports.bring").bring(import_id)


if __name__ == "__main__":
    main(int(sys.argv[1]))
