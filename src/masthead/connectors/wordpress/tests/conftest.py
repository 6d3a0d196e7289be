"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.tests.kit import Remembering, http_of
from masthead.connectors.wordpress.tests.double import WordPressDouble
from masthead.connectors.wordpress.tests.harness import WordPressHarness
from masthead.contract.http import Http, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[WordPressHarness]:
    running = WordPressHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: WordPressHarness) -> WordPressDouble:
    return harness.double


@pytest.fixture
def platform(harness: WordPressHarness) -> Platform:
    return harness.platform


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: WordPressHarness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: WordPressHarness) -> Account:
    return await harness.account()
