"""X's own count: by day, only with the app's bearer token, in both of X's wordings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from masthead.connectors.x import x_platform
from masthead.connectors.x.tests.double import XDouble
from masthead.contract.errors import NeedsReconnect
from masthead.contract.http import Http, Transport, Unmetered


@pytest.mark.parametrize("new_words", [False, True])
async def test_the_days_are_told(new_words: bool) -> None:
    with XDouble(new_words=new_words) as double:
        platform = x_platform(double.url, double.url)
        double.memory.read = {0: 12, 2: 7, 40: 99}
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="x", operations=platform.operations, meter=Unmetered())
            assert platform.usage
            told = await platform.usage.days(http, {"bearer_token": double.memory.bearer}, 31)
            today = double.memory.clock.now().date()
            assert told and told.limit == 3_000_000 and len(told.days) == 31
            assert {on: units for on, units in told.days.items() if units} == {today: 12, today - timedelta(days=2): 7}
            assert await platform.usage.days(http, {"client_id": "a"}, 31) is None
        assert not double.described.wrong, double.described.wrong[:3]


async def test_only_the_app_s_own_token_will_do() -> None:
    with XDouble() as double:
        platform = x_platform(double.url, double.url)
        async with Transport(allow_private=True) as transport:
            http = Http(transport, platform="x", operations=platform.operations, meter=Unmetered())
            assert platform.usage
            with pytest.raises(NeedsReconnect):
                await platform.usage.days(http, {"bearer_token": "of a person"}, 31)
