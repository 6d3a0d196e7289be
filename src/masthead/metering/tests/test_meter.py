"""Noting calls and writing them down: each once, in the table of calls, in the sums of hours and of days."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from django.db import OperationalError, transaction
from django.db import connection as django_connection
from prometheus_client.core import GaugeMetricFamily

from masthead.contract.calls import OWN, Call
from masthead.contract.headers import QuotaTold
from masthead.kit.money import Money
from masthead.metering import book, prometheus
from masthead.metering import meter as meters
from masthead.metering.meter import BatchedMeter
from masthead.metering.models import Call as Row
from masthead.metering.models import CallCount, CallDay
from masthead.metering.prices import Billing, Catalogue, Dedup, Evidence, Plan, Price, Tariff, Unit
from masthead.metering.tests.conftest import Connect

AT = datetime(2026, 5, 3, 23, 40, tzinfo=UTC)
CALL = Call("north", "https://north.example", 3, 7, "create", 2, 201, 0.25, "", "post.create", "app1", at=AT)
READ = replace(CALL, operation="list", price_key="post.read", purpose="read", units=3, resources=("a", "b", "c"))
SAID: dict[str, Any] = {
    "platform": "north",
    "source": "https://north.example/prices",
    "evidence": Evidence.PRIMARY,
    "checked_on": date(2026, 1, 1),
}
DAY = timedelta(days=1)


def price(operation: str, amount: str, unit: Unit = Unit.RESOURCE, **more: Any) -> Price:
    return Price(plan="ppu", operation=operation, unit=unit, amount=Money.of(amount, "USD"), **SAID, **more)


PRICES = Catalogue(
    [
        Tariff(
            "north",
            "North",
            "USD",
            "ppu",
            (Plan(key="ppu", name="Pay", billing=Billing.CALENDAR_MONTH, currency="USD", fee=Money(0, "USD"), **SAID),),
            (
                price("post.create", "0.015", Unit.REQUEST, since=date(2026, 4, 20)),
                price("post.create", "0.010", Unit.REQUEST, until=date(2026, 4, 20)),
                price("post.read", "0.005", dedup=Dedup.UTC_DAY),
                price("post.read.owned", "0.001", dedup=Dedup.UTC_DAY, when=frozenset({"own_app"})),
                price("event", "0.002"),
            ),
            (),
            (),
            falls_to={"post.read.owned": "post.read"},
        )
    ]
)


def meter() -> BatchedMeter:
    return BatchedMeter(lambda: PRICES)


def noted(*calls: Call) -> BatchedMeter:
    made = meter()
    for call in calls:
        made.note(call)
    return made


async def sums(database: asyncpg.Connection, table: str = "callday") -> dict[str, tuple[int, int, int, int]]:
    rows = await database.fetch(
        f"select operation, sum(calls), sum(units), sum(charged), sum(micros) from metering_{table} group by 1 order by 1"  # noqa: S608
    )
    return {row[0]: tuple(int(one) for one in list(row)[1:]) for row in rows}  # type: ignore[misc]


async def test_counts_add_up_over_flushes_and_workers(database: asyncpg.Connection) -> None:
    one, two = meter(), meter()
    for made, times in ((one, 3), (two, 4)):
        for _ in range(times):
            made.note(CALL)
        made.note(replace(CALL, error="try_again", units=0))
        assert await made.flush(database) == times + 1
        assert await made.flush(database) == 0
    rows = await database.fetch(
        "select error, hour, calls, weight, seconds, charged, micros, currency from metering_callcount order by error"
    )
    hour = AT.replace(minute=0)
    assert [tuple(row) for row in rows] == [
        ("", hour, 7, 14, 1.75, 7, 105_000, "USD"),
        ("try_again", hour, 2, 4, 0.5, 0, 0, "USD"),
    ]
    days = await database.fetch("select day, calls, failed, weight, micros from metering_callday")
    assert [tuple(row) for row in days] == [(AT.date(), 9, 2, 18, 105_000)]
    assert await database.fetchval("select count(*) from metering_call") == 9


async def test_a_call_is_kept_as_it_was(database: asyncpg.Connection) -> None:
    told = QuotaTold(12, 60.0, 100)
    call = replace(CALL, plan="ppu", purpose="publish", conditions=OWN, told=told)
    await noted(call, replace(CALL, told=None)).flush(database)
    row = await Row.objects.order_by("id").afirst()
    assert row is not None
    assert (row.at, row.app, row.plan, row.purpose, row.conditions) == (AT, "app1", "ppu", "publish", "own_app")
    assert (row.units, row.charged, row.micros, row.currency) == (1, 1, 15_000, "USD")
    assert (row.quota_limit, row.quota_remaining, row.quota_resets_at) == (100, 12, AT + timedelta(minutes=1))
    last = await Row.objects.alatest("id")
    assert (last.quota_limit, last.quota_remaining, last.quota_resets_at) == (None, None, None)


async def test_the_same_thing_is_charged_once_a_day(database: asyncpg.Connection) -> None:
    again = replace(READ, resources=("b", "c", "d"))
    await noted(READ, again).flush(database)
    await noted(again).flush(database)
    assert await sums(database) == {"list": (3, 9, 4, 20_000)}
    await noted(replace(READ, at=AT + DAY)).flush(database)
    await noted(replace(READ, app="app2")).flush(database)
    assert await sums(database) == {"list": (5, 15, 10, 50_000)}


async def test_a_thing_twice_in_one_answer_counts_once_and_one_without_an_id_each_time(
    database: asyncpg.Connection,
) -> None:
    await noted(replace(READ, units=4, resources=("a", "a", "b"))).flush(database)
    await noted(replace(READ, units=4, resources=("a", "a", "b"))).flush(database)
    assert await sums(database) == {"list": (2, 8, 4, 20_000)}


async def test_what_failed_is_not_charged_and_does_not_count_as_seen(database: asyncpg.Connection) -> None:
    await noted(replace(READ, error="try_again", units=0, resources=())).flush(database)
    await noted(READ).flush(database)
    assert await sums(database) == {"list": (2, 3, 3, 15_000)}


async def test_price_by_day_plan_and_condition(database: asyncpg.Connection) -> None:
    owned = replace(READ, operation="own", price_key="post.read.owned")
    await noted(
        replace(CALL, at=datetime(2026, 4, 19, 23, 59, 59, tzinfo=UTC)),
        replace(CALL, at=datetime(2026, 4, 20, 0, 0, tzinfo=UTC)),
        replace(owned, conditions=OWN, channel_id=1),
        replace(owned, app="app2", channel_id=2),
        replace(CALL, operation="free", price_key="post.delete"),
        replace(CALL, operation="event", price_key="event", units=5),
    ).flush(database)
    assert await sums(database) == {
        "create": (2, 2, 2, 25_000),
        "own": (2, 6, 6, 3_000 + 15_000),
        "free": (1, 1, 0, 0),
        "event": (1, 5, 5, 10_000),
    }
    raw = "select operation, count(*), sum(units), sum(charged), sum(micros) from metering_call group by 1"
    assert await sums(database, "callcount") == await sums(database)
    assert {row[0]: tuple(int(one) for one in list(row)[1:]) for row in await database.fetch(raw)} == await sums(
        database
    )


async def test_two_workers_that_read_the_same_thing_pay_once(connect: Connect) -> None:
    one, two = await connect(), await connect()
    many = [replace(READ, resources=tuple(str(n) for n in range(start, start + 50)), units=50) for start in (0, 25)]
    first, second = noted(*many), noted(*reversed(many))
    for _ in range(3):
        await first.flush(one)
        await second.flush(two)
    assert (await sums(one))["list"] == (4, 200, 75, 375_000)


async def test_long_values_are_cut_to_their_columns(database: asyncpg.Connection) -> None:
    call = replace(CALL, server="https://" + "x" * 400, operation="o" * 100, error="e" * 50, plan="p" * 99)
    assert await noted(call).flush(database) == 1


async def test_a_failed_flush_keeps_the_calls(connect: Connect) -> None:
    broken, made = await connect(), noted(CALL)
    await broken.close()
    with pytest.raises(asyncpg.InterfaceError):
        await made.flush(broken)
    made.note(CALL)
    working = await connect()
    assert await made.flush(working) == 2
    assert await working.fetchval("select calls from metering_callcount") == 2


async def test_a_batch_whose_end_was_not_heard_is_written_once(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, database, real = noted(CALL, READ), await connect(), meters.write

    async def and_then_lost(*given: Any) -> None:
        await real(*given)
        raise ConnectionResetError

    monkeypatch.setattr(meters, "write", and_then_lost)
    with pytest.raises(ConnectionResetError):
        await made.flush(database)
    monkeypatch.setattr(meters, "write", real)
    await made.flush(database)
    assert await sums(database) == {"create": (1, 1, 1, 15_000), "list": (1, 3, 3, 15_000)}
    assert await database.fetchval("select count(*) from metering_call") == 2


async def test_a_flush_that_is_stopped_in_the_middle_writes_nothing(
    database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = noted(CALL, READ)
    monkeypatch.setattr(book, "DAYS", book.DAYS.replace("metering_callday", "metering_nowhere"))
    with pytest.raises(asyncpg.PostgresError):
        await made.flush(database)
    for table in ("call", "callcount", "callday", "seen", "flush"):
        assert await database.fetchval(f"select count(*) from metering_{table}") == 0, table  # noqa: S608
    monkeypatch.undo()
    assert await made.flush(database) == 2
    assert await sums(database) == {"create": (1, 1, 1, 15_000), "list": (1, 3, 3, 15_000)}


async def test_a_value_the_database_cannot_hold_does_not_stop_the_rest(database: asyncpg.Connection) -> None:
    made = noted(CALL, CALL, replace(CALL, workspace_id=2**70), CALL)
    assert (await made.flush(database), made.dropped) == (3, 1)
    made.note(CALL)
    assert (await made.flush(database), made.dropped) == (1, 1)
    assert await sums(database) == {"create": (4, 4, 4, 60_000)}


async def test_prices_that_cannot_be_read_are_those_known_before(database: asyncpg.Connection) -> None:
    answers: list[Any] = [PRICES, OperationalError("gone")]

    def prices() -> Catalogue:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    made = BatchedMeter(prices)
    for _ in range(2):
        made.note(CALL)
        assert await made.flush(database) == 1
    assert await sums(database) == {"create": (2, 2, 2, 30_000)}
    lost = BatchedMeter(lambda: prices())
    answers.append(OperationalError("gone"))
    lost.note(CALL)
    assert await lost.flush(database) == 1, "Masthead's own catalogue, in which this platform is free"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "MOST_WAITING", 3)
    assert noted(*[CALL] * 5).dropped == 2


@pytest.mark.django_db
def test_calls_of_a_page_are_counted_too() -> None:
    made = noted(CALL, READ)
    assert made.flush_sync() == 2
    made.note(READ)
    assert made.flush_sync() == 1
    assert made.flush_sync() == 0
    assert CallCount.objects.get(operation="create").micros == 15_000
    assert CallDay.objects.get(operation="list").charged == 3
    assert Row.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_keeps_its_calls_and_its_own_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    made = noted(replace(CALL, workspace_id=2**70))
    with transaction.atomic():
        assert made.flush_sync() == 0
        made.note(CALL)
        assert made.flush_sync() == 1
    assert CallDay.objects.get().calls == 1
    monkeypatch.setattr(book, "DAYS", book.DAYS.replace("metering_callday", "metering_nowhere"))
    made.note(CALL)
    with pytest.raises(Exception, match="metering_nowhere"):
        made.flush_sync()
    monkeypatch.undo()
    assert made.flush_sync() == 1
    assert CallDay.objects.get().calls == 2


@pytest.mark.django_db
def test_metrics_show_calls_spend_pauses_and_what_others_add(monkeypatch: pytest.MonkeyPatch) -> None:
    noted(CALL, replace(CALL, error="refused"), replace(CALL, purpose="publish")).flush_sync()
    with django_connection.cursor() as cursor:
        cursor.execute(
            "insert into metering_pause (key, until, why) values ('channel:1', now() + interval '1 hour', '')"
        )
    monkeypatch.setattr(prometheus, "SOURCES", list(prometheus.SOURCES))
    late = prometheus.also(lambda: [GaugeMetricFamily("masthead_publications_late", "Late.", value=5)])
    prometheus.also(late)
    text = prometheus.text().decode()
    assert 'masthead_platform_calls_total{error="",operation="create",platform="north"} 2.0' in text
    assert 'masthead_platform_calls_total{error="refused",operation="create",platform="north"} 1.0' in text
    assert 'masthead_platform_call_weight_total{error="",operation="create",platform="north"} 4.0' in text
    assert 'masthead_platform_spend_total{currency="USD",platform="north",purpose="publish"} 0.015' in text
    assert 'masthead_pauses{kind="channel"} 1.0' in text
    assert text.count("masthead_publications_late 5.0") == 1


@pytest.mark.django_db
def test_metrics_of_an_empty_installation() -> None:
    assert b"masthead_platform_calls" in prometheus.text()


async def test_what_may_cost_money_is_written_at_once_and_the_rest_in_larger_heaps(
    database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = replace(CALL, operation="free", price_key="")
    made = noted(free, CALL, free)
    assert await made.flush_due(database) == 1
    assert await made.flush_due(database) == 0
    monkeypatch.setattr(meters, "REST", 0.0)
    assert await made.flush_due(database) == 2
    monkeypatch.setattr(meters, "REST", 1e9)
    monkeypatch.setattr(meters, "MOST_AT_ONCE", 3)
    for _ in range(3):
        made.note(free)
    assert await made.flush_due(database) == 3, "a full heap does not wait"
    assert (await sums(database))["free"] == (5, 5, 0, 0)


async def test_two_flushes_at_once_write_each_call_once(connect: Connect) -> None:
    made, one, two = noted(*[CALL] * 50), await connect(), await connect()
    assert sorted(await asyncio.gather(made.flush(one), made.flush(two))) == [0, 50]
    assert await sums(one) == {"create": (50, 50, 50, 750_000)}
