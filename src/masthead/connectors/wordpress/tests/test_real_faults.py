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
