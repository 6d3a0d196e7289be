"""The running PDS, started once for each module that needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.bluesky.tests.harness import HARNESS
from masthead.connectors.bluesky.tests.realpds import RunningPds, running_pds
from masthead.contract.http import Transport


@pytest.fixture(scope="module")
def harness() -> Iterator[HARNESS]:
    """The harness with its servers running."""
    one = HARNESS()
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def network() -> Iterator[RunningPds]:
    """The whole network with the AppView."""
    with running_pds(appview=True) as pds:
        yield pds


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    """A transport that may reach this machine."""
    async with Transport(allow_private=True) as one:
        yield one
