"""The platform under test with its server, an account on it and a client: once for every connector."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors import PLATFORMS
from masthead.connectors.tests.harness import Harness
from masthead.connectors.tests.kit import Remembering, http_of, package_of
from masthead.contract.http import Http, Transport
from masthead.contract.platform import Platform
from masthead.contract.values import Account


@pytest.fixture(scope="module", params=sorted(PLATFORMS))
def running(request: pytest.FixtureRequest) -> Iterator[Harness]:
    module = importlib.import_module(f"{package_of(PLATFORMS[request.param])}.tests.harness")
    harness = module.HARNESS()
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
def harness(running: Harness) -> Iterator[Harness]:
    running.reset()
    yield running
    running.reset()


@pytest.fixture
def platform(harness: Harness) -> Platform:
    return harness.platform


@pytest.fixture
def meter() -> Remembering:
    return Remembering()


@pytest.fixture
async def http(harness: Harness, meter: Remembering) -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: Harness) -> Account:
    return await harness.account()
