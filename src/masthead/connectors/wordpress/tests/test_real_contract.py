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


# WordPress has no sign-in page for this, no threads, no prices, and passwords that do not run out. It keeps whole seconds and orders
# posts of one second as it likes: test_real.py asks for the order of posts that are apart.
for name in (
    "test_a_redirect_signs_in",
    "test_a_denied_redirect_is_refused",
    "test_a_thread_hangs_together",
    "test_a_lost_answer_amid_a_thread_is_found",
    "test_an_expired_token_asks_for_a_refresh",
    "test_past_posts_come_newest_first_and_end",
    "test_what_was_foreseen_is_what_is_called",
):
    del globals()[name]
