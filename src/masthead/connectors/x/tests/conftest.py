"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.tests.kit import Remembering, http_of
from masthead.connectors.x.tests.double import XDouble
from masthead.connectors.x.tests.harness import XHarness
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[XHarness]:
    running = XHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: XHarness) -> XDouble:
    return harness.double


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: XHarness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: XHarness) -> Account:
    return await harness.account()
