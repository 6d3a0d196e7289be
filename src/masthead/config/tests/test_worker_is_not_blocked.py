"""Making a large file keeps none of the worker's other jobs waiting, and publishing waits for no job to learn what a call costs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from masthead.metering.caps.till import Till, here
from masthead.metering.meter import BatchedMeter
from masthead.metering.price_rows import catalogue
from masthead.metering.tests.test_meter import CALL, PRICES
from masthead.posts import tasks as of_posts
from masthead.rights import tasks as of_rights

LONG = 20.0


async def while_busy(busy: Callable[[Callable[[], None]], Awaitable[Any]], other: Callable[[], Awaitable[Any]]) -> Any:
    """What `other` gives while `busy` is at its work, which it is handed as a function and which ends only afterwards."""
    begun, done = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        done.wait(LONG)

    running = asyncio.ensure_future(busy(work))
    try:
        assert await asyncio.to_thread(begun.wait, LONG)
        return await asyncio.wait_for(other(), LONG / 4)
    finally:
        done.set()
        await running


@pytest.mark.parametrize(
    ("tasks", "makes", "job", "payload"),
    [
        (of_rights, "make", "dataset", "dataset"),
        (of_rights, "write", "export_archive", "export"),
        (of_posts, "write", "export", "export"),
    ],
)
async def test_a_large_file_keeps_no_other_job_waiting(
    tasks: Any, makes: str, job: str, payload: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(work: Callable[[], None]) -> Awaitable[Any]:
        monkeypatch.setattr(tasks, makes, lambda _row: bool(work()))
        return getattr(tasks, job)({payload: 1})  # type: ignore[no-any-return]

    assert await while_busy(busy, sync_to_async(lambda: "done")) == "done"


async def test_publishing_learns_prices_while_a_job_has_the_thread_that_jobs_share() -> None:
    till = Till(here, lambda: PRICES)
    assert await while_busy(lambda work: sync_to_async(work)(), till.catalogue) is PRICES


async def test_calls_are_priced_while_a_job_has_the_thread_that_jobs_share(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []

    async def write(_connection: Any, _batch: Any, prices: Any) -> None:
        written.append(prices)

    monkeypatch.setattr("masthead.metering.meter.write", write)
    meter = BatchedMeter(catalogue)
    meter.note(CALL)
    assert await while_busy(lambda work: sync_to_async(work)(), lambda: meter.flush(None)) == 1  # type: ignore[arg-type]
    assert written == [catalogue()]
