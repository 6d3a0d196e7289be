"""Before anything of Django loads: a home of our own, a key file and an embedded PostgreSQL for the whole run.

With DATABASE_URL set, that server is used instead. Everything is removed at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from masthead.kit.database import EmbeddedPostgres
from masthead.kit.secrets import make_key_file

_closing = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Prepare the surroundings as early as pytest allows."""
    prepare()


def prepare() -> None:
    """Make the home and start the database, once."""
    if os.environ.get("MASTHEAD_TEST_HOME"):
        return
    home = Path(tempfile.mkdtemp(prefix="masthead-test-"))
    _closing.callback(shutil.rmtree, home, ignore_errors=True)
    os.environ.update(
        MASTHEAD_HOME=str(home), MASTHEAD_TEST_HOME=str(home), MASTHEAD_SANDBOX="1", MASTHEAD_ALLOW_PRIVATE="1"
    )
    make_key_file(home / "secret.keys")
    if not os.environ.get("DATABASE_URL"):
        server = _closing.enter_context(EmbeddedPostgres(home, durable=False))
        os.environ["DATABASE_URL"] = server.dsn


def pytest_unconfigure() -> None:
    """Stop the database and remove the home."""
    _closing.close()
    os.environ.pop("MASTHEAD_TEST_HOME", None)


prepare()
