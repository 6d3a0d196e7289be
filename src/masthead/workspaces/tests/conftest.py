"""Fixtures of this domain's tests."""

from __future__ import annotations

import pytest

from masthead.workspaces.tests.people import Company


@pytest.fixture
def company(db) -> Company:
    """A workspace with one member of every role."""
    return Company()


@pytest.fixture(autouse=True)
def _fast_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
