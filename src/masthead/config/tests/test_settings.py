"""The settings as an installation gets them, before the tests change any."""

from __future__ import annotations

from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher

from masthead.config import settings


def test_passwords_are_hashed_slowly_outside_of_tests() -> None:
    hashers = getattr(settings, "PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
    assert hashers[0] == f"{PBKDF2PasswordHasher.__module__}.{PBKDF2PasswordHasher.__name__}"
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert get_hasher("pbkdf2_sha256"), "a person from an installation can still sign in here"
