"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.google.youtube.tests.double import YouTubeDouble
from masthead.connectors.google.youtube.tests.harness import YouTubeHarness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[YouTubeHarness]:
    running = YouTubeHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: YouTubeHarness) -> YouTubeDouble:
    return harness.double


@pytest.fixture
async def http(harness: YouTubeHarness) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, Remembering())


@pytest.fixture
async def account(harness: YouTubeHarness) -> Account:
    return await harness.account()
