"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.tests.kit import Remembering, http_of
from masthead.connectors.tiktok.tests.double import TikTokDouble
from masthead.connectors.tiktok.tests.harness import TikTokHarness
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[TikTokHarness]:
    running = TikTokHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: TikTokHarness) -> TikTokDouble:
    return harness.double


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: TikTokHarness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: TikTokHarness) -> Account:
    return await harness.account()
