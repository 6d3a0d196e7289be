"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.google.business_profile.tests.double import BusinessProfileDouble
from masthead.connectors.google.business_profile.tests.harness import BusinessProfileHarness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[BusinessProfileHarness]:
    running = BusinessProfileHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: BusinessProfileHarness) -> BusinessProfileDouble:
    return harness.double


@pytest.fixture
async def http(harness: BusinessProfileHarness) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, Remembering())


@pytest.fixture
async def account(harness: BusinessProfileHarness) -> Account:
    return await harness.account()
