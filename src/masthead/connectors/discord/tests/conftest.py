"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.connectors.discord.tests.harness import DiscordHarness
from masthead.connectors.tests.fixtures import account, double, http, meter, running

__all__ = ["account", "double", "http", "meter"]


@pytest.fixture
def harness() -> Iterator[DiscordHarness]:
    yield from running(DiscordHarness)
