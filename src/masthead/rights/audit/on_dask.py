"""Tasks on a Dask cluster. Needs the package `distributed`, which is imported only here.

Every worker needs Masthead in the same version, and sees the corpus and the run's folder under the same paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, Final

from masthead.rights.audit.corpus import Task
from masthead.rights.audit.executors import AHEAD, Stopped, failed
from masthead.rights.audit.work import Setup, TaskResult, work

PATIENCE: Final = "15s"


def spread(address: str, tasks: Iterable[Task], setup: Setup) -> Iterator[TaskResult]:
    """The results of all tasks, as they come. Raises Stopped."""
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        raise Stopped("Dask is not installed: pip install distributed.") from error
    try:
        client = distributed.Client(address.replace("dask://", "tcp://"), timeout=PATIENCE)
    except (OSError, TimeoutError) as error:
        raise Stopped(
            f"{address} does not answer ({error}). Start it: dask scheduler, and dask worker on each machine."
        ) from error
    with client:
        yield from _taken(client, distributed.as_completed, tasks, setup)


def _taken(client: Any, as_completed: Any, tasks: Iterable[Task], setup: Setup) -> Iterator[TaskResult]:
    rest = iter(tasks)
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    waiting: dict[str, Task] = {}

    def submitted(count: int) -> list[Any]:
        futures = []
        for task in islice(rest, count):
            # Two runs with the same words would otherwise share a result.
            futures.append(client.submit(work, task, setup, pure=False))
            waiting[futures[-1].key] = task
        return futures

    coming = as_completed(submitted(ahead))
    for future in coming:
        task = waiting.pop(future.key)
        if future.status != "finished":
            raise failed(task, future.exception() or RuntimeError(future.status))
        yield future.result()
        for more in submitted(1):
            coming.add(more)
