"""A running double, a client and an account for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from masthead.connectors.linkedin.plans import SELF_SERVE
from masthead.connectors.linkedin.tests.harness import LinkedInHarness
from masthead.connectors.tests.fixtures import double, http, meter, running
from masthead.contract.values import Account

__all__ = ["double", "http", "meter"]


@pytest.fixture(scope="module")
def harness() -> Iterator[LinkedInHarness]:
    yield from running(LinkedInHarness)


@pytest.fixture
async def page(harness: LinkedInHarness) -> Account:
    return await harness.account()


@pytest.fixture
async def member(harness: LinkedInHarness) -> Account:
    return await harness.account(SELF_SERVE, member=True)
