"""Counting calls and showing them."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest
from django.db import connection as django_connection
from prometheus_client.core import GaugeMetricFamily

from masthead.contract.http import Call
from masthead.metering import meter as meters
from masthead.metering import prometheus
from masthead.metering.meter import BatchedMeter
from masthead.metering.models import CallCount
from masthead.metering.tests.conftest import Connect

CALL = Call("north", "https://north.example", 3, 7, "create", 2, 201, 0.25, "", "")


async def test_counts_add_up_over_flushes_and_workers(database: asyncpg.Connection) -> None:
    one, two = BatchedMeter(), BatchedMeter()
    for meter, times in ((one, 3), (two, 4)):
        for _ in range(times):
            meter.note(CALL)
        meter.note(replace(CALL, error="try_again"))
        assert await meter.flush(database) == 2
        assert await meter.flush(database) == 0
    rows = await database.fetch("select error, calls, weight, seconds from metering_callcount order by error")
    assert [tuple(row) for row in rows] == [("", 7, 14, 1.75), ("try_again", 2, 4, 0.5)]


async def test_long_values_are_cut_to_their_columns(database: asyncpg.Connection) -> None:
    meter = BatchedMeter()
    meter.note(replace(CALL, server="https://" + "x" * 400, operation="o" * 100, error="e" * 50))
    assert await meter.flush(database) == 1


async def test_a_failed_flush_keeps_the_counts(connect: Connect) -> None:
    broken, meter = await connect(), BatchedMeter()
    meter.note(CALL)
    await broken.close()
    with pytest.raises(asyncpg.InterfaceError):
        await meter.flush(broken)
    meter.note(CALL)
    working = await connect()
    await meter.flush(working)
    assert await working.fetchval("select calls from metering_callcount") == 2


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "MOST_KINDS", 3)
    meter = BatchedMeter()
    for number in range(5):
        meter.note(replace(CALL, channel_id=number))
    meter.note(replace(CALL, channel_id=0))
    assert meter.dropped == 2


@pytest.mark.django_db
def test_calls_of_a_page_are_counted_too() -> None:
    meter = BatchedMeter()
    meter.note(CALL)
    assert meter.flush_sync() == 1
    meter.note(CALL)
    assert meter.flush_sync() == 1
    assert meter.flush_sync() == 0
    assert CallCount.objects.get().calls == 2


@pytest.mark.django_db(transaction=True)
def test_a_failed_flush_of_a_page_keeps_the_counts() -> None:
    meter = BatchedMeter()
    meter.note(replace(CALL, workspace_id=2**70))
    with pytest.raises(Exception, match="out of range"):
        meter.flush_sync()
    meter.note(CALL)
    assert len(meter._sums) == 2


@pytest.mark.django_db
def test_metrics_show_calls_pauses_and_what_others_add(monkeypatch: pytest.MonkeyPatch) -> None:
    meter = BatchedMeter()
    meter.note(CALL)
    meter.note(replace(CALL, error="refused"))
    meter.flush_sync()
    with django_connection.cursor() as cursor:
        cursor.execute(
            "insert into metering_pause (key, until, why) values ('channel:1', now() + interval '1 hour', '')"
        )
    monkeypatch.setattr(prometheus, "SOURCES", list(prometheus.SOURCES))
    late = prometheus.also(lambda: [GaugeMetricFamily("masthead_publications_late", "Late.", value=5)])
    prometheus.also(late)
    text = prometheus.text().decode()
    assert 'masthead_platform_calls_total{error="",operation="create",platform="north"} 1.0' in text
    assert 'masthead_platform_calls_total{error="refused",operation="create",platform="north"} 1.0' in text
    assert 'masthead_platform_call_weight_total{error="",operation="create",platform="north"} 2.0' in text
    assert 'masthead_pauses{kind="channel"} 1.0' in text
    assert text.count("masthead_publications_late 5.0") == 1


@pytest.mark.django_db
def test_metrics_of_an_empty_installation() -> None:
    assert b"masthead_platform_calls" in prometheus.text()
