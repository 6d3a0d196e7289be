"""Old counts go, young ones stay, and the worker does it by itself every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from masthead.kit import jobs
from masthead.metering import tasks
from masthead.metering.forget import forget
from masthead.metering.models import CallCount, CallDay, Flush, Pause, Seen

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def count(hour: datetime) -> CallCount:
    return CallCount.objects.create(
        hour=hour.replace(minute=0), workspace_id=1, channel_id=2, platform="north", server="s", operation="create"
    )


@pytest.mark.django_db
def test_counts_are_kept_for_400_days() -> None:
    old, young = count(NOW - 401 * DAY), count(NOW - 399 * DAY)
    assert forget(NOW) == 1 and forget(NOW) == 0
    assert list(CallCount.objects.all()) == [young] and old not in CallCount.objects.all()


@pytest.mark.django_db
def test_days_are_kept_for_ten_years() -> None:
    for age in (3654, 3652):
        CallDay.objects.create(day=(NOW - age * DAY).date(), workspace_id=1, channel_id=2, platform="p", operation="o")
    assert forget(NOW) == 1
    assert CallDay.objects.get().day == (NOW - 3652 * DAY).date()


@pytest.mark.django_db
def test_what_only_today_needs_is_forgotten_soon() -> None:
    for age in (4, 1, 0):
        Seen.objects.create(day=(NOW - age * DAY).date(), platform="p", app="a", price_key="r", resource=age)
        Flush.objects.create(id=UUID(int=age), at=NOW - age * DAY)
    forget(NOW)
    assert sorted(Seen.objects.values_list("resource", flat=True)) == [0, 1]
    assert sorted(one.int for one in Flush.objects.values_list("id", flat=True)) == [0, 1]


@pytest.mark.django_db
def test_a_pause_goes_when_it_is_over() -> None:
    for key, until in (("app:north", NOW - DAY), ("app:south", NOW + DAY)):
        Pause.objects.create(key=key, until=until)
    forget(NOW)
    assert Pause.objects.get().key == "app:south"


@pytest.mark.django_db(transaction=True)
async def test_the_worker_does_it_daily() -> None:
    assert jobs.TICKS["metering.clean"] == ("29 4 * * *", tasks.clean)
    await CallCount.objects.acreate(
        hour=datetime.now(UTC) - 500 * DAY, workspace_id=1, channel_id=2, platform="p", server="s", operation="o"
    )
    await tasks.clean()
    assert not await CallCount.objects.aexists()
