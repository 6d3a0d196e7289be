"""The months of the table of calls: made ahead, filled, dropped when they are old; calls of no month are not lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from masthead.config.migrate import migrate
from masthead.kit.clock import now
from masthead.metering import partitions
from masthead.metering.forget import forget
from masthead.metering.models import Call
from masthead.metering.partitions import REST, drop_before, make_ahead, name_of, names

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
COMING = ["metering_call_2026_11", "metering_call_2026_12", "metering_call_2027_01"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_months() -> Any:
    drop_months()
    yield
    drop_months()


def drop_months() -> None:
    """Also those that another test left, since tables outlive a test's rows."""
    with connection.cursor() as cursor:
        for one in names():
            if one != REST:
                cursor.execute(f"drop table {one}")


def call(at: datetime) -> None:
    Call.objects.create(
        at=at, workspace_id=1, channel_id=2, platform="north", server="s", operation="o", status=200, weight=1, seconds=0.1,
        units=1, charged=0, micros=0,
    )  # fmt: skip


def rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")  # noqa: S608
        return int(cursor.fetchone()[0])


def test_months_are_made_ahead_once() -> None:
    assert make_ahead(NOW) == COMING
    assert make_ahead(NOW) == []
    assert make_ahead(NOW + timedelta(days=30)) == ["metering_call_2027_02"]
    call(NOW)
    call(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))
    call(datetime(2027, 1, 1, tzinfo=UTC))
    assert [rows_of(one) for one in [*COMING, REST]] == [1, 1, 1, 0]


def test_calls_that_came_before_their_month_move_into_it() -> None:
    call(NOW)
    call(NOW + timedelta(days=400))
    assert rows_of(REST) == 2
    make_ahead(NOW)
    assert (rows_of(COMING[0]), rows_of(REST), Call.objects.count()) == (1, 1, 2)


def test_a_month_goes_when_all_of_it_is_old(settings: LazySettings) -> None:
    settings.CALLS_KEPT_DAYS = 100
    make_ahead(NOW)
    call(NOW)
    call(NOW - timedelta(days=200))
    call(NOW - timedelta(days=20))
    forget(NOW + timedelta(days=106))
    assert COMING[0] in names() and Call.objects.count() == 2, "30 November is not 100 days old"
    forget(NOW + timedelta(days=107))
    assert COMING[0] not in names() and COMING[1] in names() and Call.objects.count() == 0


def test_nothing_is_dropped_that_does_not_exist() -> None:
    assert drop_before(date(2020, 1, 1)) == []


def test_the_present_month_is_there_after_a_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.config.migrate.call_command", lambda *given, **more: None)
    migrate()
    assert name_of(now().date()) in names()
    assert partitions.AHEAD >= 2
