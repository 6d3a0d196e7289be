"""Work that may take long, or must not wait for other work: in a thread and with a database connection of its own.

The worker's other work with the ORM shares one thread; what stays there for minutes keeps all of it waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")


async def apart(threads: ThreadPoolExecutor, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The result of `work` in one of these threads; it leaves no connection behind. Raises what `work` raises."""

    def alone() -> R:
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    return await sync_to_async(alone, thread_sensitive=False, executor=threads)()
