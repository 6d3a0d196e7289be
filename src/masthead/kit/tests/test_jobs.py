"""The seam to the job engine, on a real database."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection, transaction

from masthead.kit import job_tables, job_tries, jobs
from masthead.kit.pool import connect


@pytest.fixture
def registers(monkeypatch):
    monkeypatch.setattr(jobs, "HANDLERS", {})
    monkeypatch.setattr(jobs, "TICKS", {})


async def running(dsn, until, seconds=15):
    """Run the engine until the event is set."""
    stop = asyncio.Event()
    engine = asyncio.create_task(jobs.run(dsn, stop))
    waiting = asyncio.create_task(until.wait())
    await asyncio.wait([engine, waiting], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.wait_for(engine, 10)
    assert until.is_set()


def add(name, payload, **options):
    connection.ensure_connection()
    jobs.enqueue(connection.connection, name, payload, **options)


def add_in_transaction(name, payload, fail):
    try:
        with transaction.atomic():
            add(name, payload)
            if fail:
                raise LookupError
    except LookupError:
        return


def waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE status = 'queued'")
        return cursor.fetchone()[0]


def test_a_job_appears_with_the_commit_and_never_with_a_rollback(dsn):
    add_in_transaction("x", {}, fail=True)
    assert waiting() == 0
    add_in_transaction("x", {}, fail=False)
    assert waiting() == 1


def test_the_same_key_waits_once(dsn):
    for _ in range(3):
        add("x", {}, key="same")
    assert waiting() == 1


def test_installing_twice_is_harmless(dsn):
    asyncio.run(job_tables.install(dsn))
    add("x", {})
    asyncio.run(job_tables.install(dsn))
    assert waiting() == 1


def test_a_job_runs_with_its_payload_and_not_before_its_time(dsn, registers):
    seen, done = [], asyncio.Event()

    @jobs.job("greet")
    async def greet(payload):
        seen.append(payload)
        if len(seen) == 2:
            done.set()

    add("greet", {"late": True}, after=timedelta(seconds=1))
    add("greet", {"name": "Zoë"})
    asyncio.run(running(dsn, done))
    assert seen == [{"name": "Zoë"}, {"late": True}]
    assert waiting() == 0


def test_a_failed_job_is_tried_again_and_at_last_kept(dsn, registers, monkeypatch):
    monkeypatch.setattr(job_tries, "FIRST_PAUSE", timedelta(0))
    monkeypatch.setattr(job_tries, "MOST_TRIES", 3)
    tries, done = [], asyncio.Event()

    @jobs.job("broken")
    async def broken(payload):
        tries.append(1)
        if len(tries) == 3:
            asyncio.get_running_loop().call_later(1, done.set)
        raise RuntimeError("no")

    add("broken", {})
    asyncio.run(running(dsn, done))
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM pgqueuer")
        assert cursor.fetchall() == [("failed",)]
    assert len(tries) == 3


@pytest.mark.slow
def test_periodic_work_runs_by_its_expression_and_survives_a_failure(dsn, registers):
    ticks, done = [], asyncio.Event()

    @jobs.every("tick", "* * * * * */1")
    async def tick():
        ticks.append(1)
        if len(ticks) == 2:
            done.set()
        raise RuntimeError("once")

    asyncio.run(running(dsn, done))
    assert len(ticks) >= 2


def test_a_job_can_be_added_from_the_worker(dsn, registers):
    """With the worker's own pool, whose JSON columns are Python values; what an older version wrote is mended."""
    done, got = asyncio.Event(), []

    @jobs.job("inner")
    async def inner(payload):
        got.append(payload)
        if len(got) == 2:
            done.set()

    async def both():
        pool = await connect(dsn, size=2)
        await jobs.enqueue_async(pool, "inner", {"n": 1})
        await jobs.enqueue_async(pool, "inner", {"n": 2})
        assert await pool.fetchval("select count(*) from pgqueuer where headers is not null") == 0
        await pool.execute("update pgqueuer set headers = $1", "null")
        await pool.close()
        await running(dsn, done)

    asyncio.run(both())
    assert sorted(one["n"] for one in got) == [1, 2]
