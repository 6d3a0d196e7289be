"""Tasks on a Ray cluster. Needs the package `ray`, which is imported only here.

Every node needs Masthead in the same version, and sees the corpus and the run's folder under the same paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from masthead.rights.audit.corpus import Task
from masthead.rights.audit.executors import AHEAD, Stopped, failed
from masthead.rights.audit.work import Setup, TaskResult, work


def spread(address: str, tasks: Iterable[Task], setup: Setup) -> Iterator[TaskResult]:
    """The results of all tasks, as they come. Raises Stopped."""
    try:
        ray: Any = import_module("ray")
    except ModuleNotFoundError as error:
        raise Stopped("Ray is not installed: pip install ray.") from error
    try:
        ray.init(address.removeprefix("ray://"), logging_level="ERROR", log_to_driver=False)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise Stopped(
            f"{address} does not answer ({error}). Start it: ray start --head, and ray start on each machine."
        ) from error
    try:
        yield from _taken(ray, tasks, setup)
    finally:
        ray.shutdown()


def _taken(ray: Any, tasks: Iterable[Task], setup: Setup) -> Iterator[TaskResult]:
    remote, rest = ray.remote(work), iter(tasks)
    ahead = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    waiting: dict[Any, Task] = {}
    while True:
        for task in islice(rest, ahead - len(waiting)):
            waiting[remote.remote(task, setup)] = task
        if not waiting:
            return
        (done,), _ = ray.wait(list(waiting), num_returns=1)
        task = waiting.pop(done)
        try:
            result: TaskResult = ray.get(done)
        except ray.exceptions.RayError as error:
            raise failed(task, error) from error
        yield result
