"""The ad platform under test with its server, an empty ad account and an order: once for every ad connector."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from masthead.connectors import AD_PLATFORMS
from masthead.connectors.tests import ads_kit as kit
from masthead.connectors.tests.ads_harness import AdsHarness
from masthead.connectors.tests.kit import Remembering
from masthead.contract.ads import AdsPart, Order
from masthead.contract.http import Http, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account


@pytest.fixture(scope="module", params=sorted(AD_PLATFORMS))
def lent(request: pytest.FixtureRequest) -> Iterator[AdsHarness]:
    if request.param not in kit.joined():
        pytest.skip(f"{request.param} lends no server to this test yet; it has tests of its own")
    harness: AdsHarness = importlib.import_module(kit.module_of(request.param)).HARNESS()
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
def harness(lent: AdsHarness) -> Iterator[AdsHarness]:
    lent.reset()
    yield lent
    lent.reset()


@pytest.fixture
def platform(harness: AdsHarness) -> Platform:
    return harness.platform


@pytest.fixture
def ads(platform: Platform) -> AdsPart:
    return kit.ads_of(platform)


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: AdsHarness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield kit.http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: AdsHarness) -> Account:
    return await harness.account()


@pytest.fixture
def order(harness: AdsHarness, account: Account) -> Order:
    return kit.order_for(harness, account)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a platform that hangs is waited for as long as in earnest."""
    real = aiohttp.ClientTimeout
    monkeypatch.setattr(aiohttp, "ClientTimeout", lambda **told: real(**told | {"total": 1.5}))
