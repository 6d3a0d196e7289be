"""The table of faults against a real WordPress behind a door that breaks answers: nothing lost, nothing twice, nothing stuck."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from masthead.connectors.wordpress.tests.realharness import RealHarness
from masthead.posts.tests.test_faults import *  # noqa: F403

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def harness() -> Iterator[Any]:
    """A site that runs; the shared fixture `scene` stands on it."""
    one = RealHarness()
    one.start()
    yield one
    one.stop()


# WordPress has passwords that do not run out, and no threads.
for name in (
    "test_a_token_that_runs_out_is_refreshed_and_the_post_goes_out_once",
    "test_a_thread_resumes_after_its_last_saved_segment",
):
    del globals()[name]
