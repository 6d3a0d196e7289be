"""What the tests of one connector share: its double, a client and an account. A conftest gives the `harness` and takes these in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

import pytest

from masthead.connectors.tests.harness import Harness
from masthead.connectors.tests.kit import Remembering, http_of
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account

H = TypeVar("H", bound=Harness)


def running(make: Callable[[], H]) -> Iterator[H]:
    """A harness with its servers running."""
    one = make()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def double(harness: Any) -> Any:
    """The make-believe server."""
    return harness.double


@pytest.fixture
def meter() -> Remembering:
    """What was called."""
    return Remembering()


@pytest.fixture
async def http(harness: Harness, meter: Remembering) -> AsyncIterator[Http]:
    """A client that may reach this machine."""
    async with Transport(allow_private=True) as transport:
        yield http_of(harness, transport, meter)


@pytest.fixture
async def account(harness: Harness) -> Account:
    """An account on it."""
    return await harness.account()
