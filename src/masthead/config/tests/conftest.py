"""Fixtures of the commands' tests."""

import pytest

from masthead.config.tests.surroundings import Place


@pytest.fixture
def place():
    """A home of its own for a real installation."""
    made = Place()
    yield made
    made.clear()
