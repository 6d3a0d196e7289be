"""Fixtures of this domain's tests."""

from __future__ import annotations

import pytest

from masthead.workspaces.tests.people import Company


@pytest.fixture
def company(db) -> Company:
    """A workspace with one member of every role."""
    return Company()
