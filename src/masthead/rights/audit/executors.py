"""Who does the tasks: processes of this machine, or a cluster of Dask or Ray. All do the same function and give the same results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from typing import Final

from masthead.kit.orphans import end_with_parent
from masthead.rights.audit.corpus import Task
from masthead.rights.audit.work import Setup, TaskResult, work

AHEAD: Final = 2
"""Tasks that wait for each worker; results that nobody has taken yet are few whatever the number of tasks."""
CLUSTERS: Final = {"dask": "masthead.rights.audit.on_dask", "ray": "masthead.rights.audit.on_ray"}


class Stopped(Exception):
    """The tasks cannot go on; what is done is kept. The text says what happened and what to do."""


def spread(tasks: Iterable[Task], setup: Setup, *, workers: int, on: str = "") -> Iterator[TaskResult]:
    """The results of all tasks, as they come. `on` is the address of a cluster, such as `dask://127.0.0.1:8786`. Raises Stopped."""
    if on:
        scheme = on.partition("://")[0]
        if scheme not in CLUSTERS:
            raise Stopped(f"{on} is not the address of a cluster. Write dask://host:port or ray://host:port.")
        adapter: Callable[[str, Iterable[Task], Setup], Iterator[TaskResult]] = import_module(CLUSTERS[scheme]).spread
        return adapter(on, tasks, setup)
    return _here(tasks, setup) if workers == 1 else _pool(tasks, setup, workers)


def failed(task: Task, error: BaseException) -> Stopped:
    """What is said when a task ends with an error that no file explains."""
    where = f"{task.source}, from {task.offset} on"
    return Stopped(
        f"The task for {where} failed: {error!r}. What is done is kept; resume the run once the cause is mended."
    )


def _here(tasks: Iterable[Task], setup: Setup) -> Iterator[TaskResult]:
    for task in tasks:
        try:
            yield work(task, setup)
        except Exception as error:
            raise failed(task, error) from error


def _pool(tasks: Iterable[Task], setup: Setup, workers: int) -> Iterator[TaskResult]:
    # Processes that are forked from one with threads can hang, and macOS has no safe fork at all.
    executor = ProcessPoolExecutor(workers, get_context("spawn"), end_with_parent, (os.getpid(),))
    try:
        yield from _taken(executor, tasks, setup, workers * AHEAD)
    except BrokenProcessPool as error:
        remedy = "Resume the run with fewer --workers."
        raise Stopped(f"A worker was ended from outside, most likely because memory ran out. {remedy}") from error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _taken(executor: ProcessPoolExecutor, tasks: Iterable[Task], setup: Setup, ahead: int) -> Iterator[TaskResult]:
    waiting: dict[Future[TaskResult], Task] = {}
    rest = iter(tasks)
    while True:
        for task in islice(rest, ahead - len(waiting)):
            waiting[executor.submit(work, task, setup)] = task
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            task = waiting.pop(future)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                raise error
            if error is not None:
                raise failed(task, error) from error
            yield future.result()
