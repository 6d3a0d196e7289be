"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.pinterest.tests.double import PinterestDouble
from masthead.connectors.pinterest.tests.harness import PinterestHarness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[PinterestHarness]:
    running = PinterestHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: PinterestHarness) -> PinterestDouble:
    return harness.double


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: PinterestHarness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: PinterestHarness) -> Account:
    return await harness.account()
