"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.misskey.tests.double import MisskeyDouble
from masthead.connectors.misskey.tests.harness import MisskeyHarness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account


@pytest.fixture
def harness() -> Iterator[MisskeyHarness]:
    running = MisskeyHarness()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def double(harness: MisskeyHarness) -> MisskeyDouble:
    return harness.double


@pytest.fixture
async def http(harness: MisskeyHarness) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, Remembering())


@pytest.fixture
async def account(harness: MisskeyHarness) -> Account:
    return await harness.account()
