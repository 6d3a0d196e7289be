"""Spending split every way, one workspace at a time; names that the channels give."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from masthead.channels.models import Channel
from masthead.kit.money import Money
from masthead.metering import naming
from masthead.metering.commitments import SOURCES
from masthead.metering.models import CallDay
from masthead.metering.naming import channel_names
from masthead.metering.spending import BY, breakdown, first_day, spent
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def day(number: int, **changes: Any) -> CallDay:
    given = {
        "workspace_id": 1,
        "channel_id": 7,
        "platform": "north",
        "operation": "create",
        "purpose": "publish",
        "app": "app1",
        "plan": "ppu",
        "price_key": "post.create",
        "currency": "USD",
        "calls": 2,
        "units": 2,
        "charged": 2,
        "micros": 30_000,
    }
    return CallDay.objects.create(day=date(2026, 5, number), **(given | changes))


@pytest.fixture
def month() -> None:
    day(1)
    day(
        2,
        operation="list",
        purpose="read",
        price_key="post.read",
        calls=3,
        failed=1,
        units=200,
        charged=150,
        micros=750_000,
    )
    day(
        2,
        platform="south",
        channel_id=8,
        app="",
        plan="",
        price_key="",
        currency="",
        calls=40,
        units=40,
        charged=0,
        micros=0,
    )
    day(31, channel_id=9, calls=1, units=1, charged=1, micros=15_000)
    day(31, channel_id=9, currency="EUR", calls=1, units=1, charged=1, micros=9_000)
    day(3, workspace_id=2, micros=99_000_000)


def test_every_split_adds_up_to_the_same(month: None) -> None:
    found = breakdown(1, MAY, JUNE, list(BY))
    for name, rows in found.items():
        assert sum(one.calls for one in rows) == 47, name
        assert sum(one.micros for one in rows) == 804_000, name
        assert sum(one.failed for one in rows) == 1, name
    (total,) = found["total"]
    assert total.money == (Money(9_000, "EUR"), Money(795_000, "USD"))
    assert (total.key, total.units, total.charged) == ((), 244, 154)


def test_the_dearest_comes_first_and_days_in_order(month: None) -> None:
    assert [one.key for one in spent(1, MAY, JUNE, "platform")] == [("north",), ("south",)]
    assert [one.key for one in spent(1, MAY, JUNE, "channel")] == [("north", 7), ("north", 9), ("south", 8)]
    assert [one.key[0].day for one in spent(1, MAY, JUNE, "day")] == [1, 2, 31]
    assert [one.key for one in spent(1, MAY, JUNE, "purpose")] == [("read",), ("publish",)]
    assert [one.key[0] for one in spent(1, MAY, JUNE, "app")] == ["north", "south"]
    priced = spent(1, MAY, JUNE, "price")
    assert [(one.key[3], one.charged) for one in priced] == [("post.read", 150), ("post.create", 4), ("", 0)]


def test_only_the_days_that_are_asked_for(month: None) -> None:
    assert spent(1, date(2026, 5, 2), date(2026, 5, 3), "total")[0].calls == 43
    assert spent(1, JUNE, date(2026, 7, 1), "platform") == []
    assert spent(1, JUNE, date(2026, 7, 1), "total") == []
    assert first_day(1) == MAY and first_day(3) is None


def test_a_workspace_sees_its_own(month: None) -> None:
    assert [one.micros for one in spent(2, MAY, JUNE, "platform")] == [99_000_000]
    assert spent(3, MAY, JUNE, "platform") == []


def test_any_number_of_splits_costs_one_scan(month: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        breakdown(1, MAY, JUNE, list(BY))
    assert len(asked) == 1


def test_channels_are_named_by_their_domain() -> None:
    here, there = (Workspace.objects.create(name=name, slug=name) for name in ("here", "there"))
    for workspace, handle, name in ((here, "@a", "A"), (here, "@b", ""), (there, "@c", "C")):
        Channel.objects.create(
            workspace=workspace, platform="north", server="s", remote_id=handle, handle=handle, name=name
        )
    assert sorted(channel_names(here.pk).values()) == ["@b", "A"]
    assert len(naming.NAMERS) == len(set(naming.NAMERS))
    assert SOURCES, "posts say what is committed without being asked to"
