"""The harness, an account and a client for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.connectors.meta.tests.lending import Lending
from masthead.connectors.meta.tests.scene import account, http, running
from masthead.connectors.meta.threads.tests.harness import ThreadsHarness

__all__ = ["account", "http"]


@pytest.fixture(scope="module")
def harness() -> Iterator[Lending]:
    yield from running(ThreadsHarness)
