"""What the shared tests ask of every connector, asked again of a real WordPress: contract, past posts, faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from masthead.connectors.tests.test_contract import *  # noqa: F403
from masthead.connectors.tests.test_history import *  # noqa: F403
from masthead.connectors.wordpress.tests.realharness import RealHarness

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def running() -> Iterator[RealHarness]:
    one = RealHarness()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def harness(running: RealHarness) -> Iterator[Any]:
    running.reset()
    yield running
    running.reset()


# WordPress keeps whole seconds and orders posts of one second as it likes: test_real.py asks for the order of posts that are apart.
del globals()["test_past_posts_come_newest_first_and_end"]
