"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.reddit.tests.double import RedditDouble
from masthead.connectors.reddit.tests.harness import RedditHarness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[RedditHarness]:
    running = RedditHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: RedditHarness) -> RedditDouble:
    return harness.double


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: RedditHarness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: RedditHarness) -> Account:
    return await harness.account()
