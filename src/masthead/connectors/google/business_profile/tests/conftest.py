"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.connectors.google.business_profile.tests.harness import BusinessProfileHarness
from masthead.connectors.tests.fixtures import account, double, http, meter, running

__all__ = ["account", "double", "http", "meter"]


@pytest.fixture
def harness() -> Iterator[BusinessProfileHarness]:
    yield from running(BusinessProfileHarness)
