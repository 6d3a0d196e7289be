"""A running double, a client and accounts for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.linkedin.plans import SELF_SERVE
from masthead.connectors.linkedin.tests.double import LinkedInDouble
from masthead.connectors.linkedin.tests.harness import LinkedInHarness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture(scope="module")
def harness() -> Iterator[LinkedInHarness]:
    running = LinkedInHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: LinkedInHarness) -> LinkedInDouble:
    return harness.double


@pytest.fixture
async def http(harness: LinkedInHarness) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, Remembering())


@pytest.fixture
async def page(harness: LinkedInHarness) -> Account:
    return await harness.account()


@pytest.fixture
async def member(harness: LinkedInHarness) -> Account:
    return await harness.account(SELF_SERVE, member=True)
