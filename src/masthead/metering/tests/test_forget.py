"""Old counts go, young ones stay, and the worker does it by itself every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from masthead.kit import jobs
from masthead.metering import tasks
from masthead.metering.forget import forget
from masthead.metering.models import CallCount, Pause

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
