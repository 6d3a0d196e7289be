"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.connectors.reddit.tests.harness import RedditHarness
from masthead.connectors.tests.fixtures import account, double, http, meter, running

__all__ = ["account", "double", "http", "meter"]


@pytest.fixture
def harness() -> Iterator[RedditHarness]:
    yield from running(RedditHarness)
