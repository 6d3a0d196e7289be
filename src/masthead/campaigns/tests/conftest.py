"""A workspace for each test of campaigns."""

from __future__ import annotations

import pytest

from masthead.workspaces.tests.people import Company


@pytest.fixture
def company(db: None) -> Company:
    return Company()
