"""The double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.mastodon.operations import OPERATIONS
from masthead.connectors.mastodon.publish import MastodonPublisher
from masthead.connectors.mastodon.tests.double import MastodonDouble
from masthead.contract.http import Http, Transport, Unmetered
from masthead.contract.values import Account


@pytest.fixture
def double() -> Iterator[MastodonDouble]:
    with MastodonDouble() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield Http(transport, platform="mastodon", operations=OPERATIONS, meter=Unmetered())


@pytest.fixture
def account(double: MastodonDouble) -> Account:
    return Account(1, 1, double.url, double.first.account_id, "@alice@double.example", {"access_token": double.token})


@pytest.fixture
def publisher() -> MastodonPublisher:
    """A publisher that does not wait long for files."""
    return MastodonPublisher(media_seconds=2, first_pause=0.01)
