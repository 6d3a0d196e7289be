"""Before anything of Django loads: a home of our own, a key file and an embedded PostgreSQL for the whole run.

With DATABASE_URL set, that server is used instead. Everything is removed at the end. The settings module is
named here and not in pyproject.toml, because pytest-django would load it from there before the database runs.

"bin/test" spreads the tests over several processes, a file at a time (pytest-xdist). The first process starts the
server and hands its address on; each worker has a home and, on that server, a database of its own.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import django
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from masthead.kit import job_tables
from masthead.kit.database import EmbeddedPostgres
from masthead.kit.secrets import make_key_file
from masthead.tests.emptying import empty_quickly
from masthead.tests.machine import machine
from masthead.tests.tally import counted, tally

HEAVY = ("servers", "browser", "faults", "slow")
_closing = ExitStack()
_counted = []


def prepare() -> None:
    """Make the home, the key file and, unless DATABASE_URL is set, the database."""
    home = Path(tempfile.mkdtemp(prefix="masthead-test-"))
    _closing.callback(shutil.rmtree, home, ignore_errors=True)
    make_key_file(home / "secret.keys")
    os.environ.update(
        MASTHEAD_HOME=str(home),
        MASTHEAD_SANDBOX="1",
        MASTHEAD_ALLOW_PRIVATE="1",
        DJANGO_SETTINGS_MODULE="masthead.config.settings",
    )
    os.environ.setdefault("TEST_RUN_HOME", str(home))  # the first process's, which workers are told by this
    for name in ("MASTHEAD_KEYS", "MASTHEAD_KEYS_FILE", "MASTHEAD_PUBLIC_URL", "S3_BUCKET", "EMAIL_URL", "OIDC_ISSUER"):
        os.environ.pop(name, None)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _closing.enter_context(EmbeddedPostgres(home, durable=False)).dsn


prepare()
settings.INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")  # as where single sign-on is set up
django.setup()
# The real hash is slow on purpose, and tests sign people up by the hundred; test_settings.py looks at the real one.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_unconfigure() -> None:
    """Stop the database and remove the home."""
    _closing.close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    """Before workers start: they must not load the settings until they have a home of their own, as it was here."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_collection_modifyitems(config, items):
    """For workers: files with slow tests first, so that at the end none waits long for another."""
    if hasattr(config, "workerinput"):
        heavy = {item.path for item in items if any(item.get_closest_marker(name) for name in HEAVY)}
        items.sort(key=lambda item: item.path not in heavy)


def pytest_sessionfinish(session):
    """A worker hands on what it counted."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counted"] = counted()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """The first process takes what a worker counted; one that crashed has handed on nothing."""
    _counted.extend(getattr(node, "workeroutput", {}).get("counted", []))


def pytest_terminal_summary(terminalreporter):
    """Say how much was checked against the platforms' own descriptions, where a double did so."""
    for line in tally([*_counted, *counted()]):
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """A test marked `alone` waits until no other worker runs one, and the others wait for it."""
    with machine(Path(os.environ["TEST_RUN_HOME"]), alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With "bin/test --all" a test of a real server or browser that is skipped has failed."""
    report = yield
    wanted = os.environ.get("MASTHEAD_ALL") == "1" and not hasattr(report, "wasxfail")
    if wanted and report.skipped and any(item.get_closest_marker(name) for name in ("servers", "browser")):
        report.outcome, report.longrepr = "failed", f"With --all nothing is skipped, but: {call.excinfo.value}"
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After Django made the test database: the job engine's tables as well, and a quick way to empty its own."""
    with django_db_blocker.unblock():
        asyncio.run(job_tables.install(_dsn()))
        empty_quickly()


@pytest.fixture
def dsn(transactional_db) -> str:
    """The address of the test database, for code that opens its own connections; its job queue is empty."""
    address = _dsn()
    with psycopg.connect(address, autocommit=True) as direct:
        direct.execute("TRUNCATE pgqueuer, pgqueuer_log, pgqueuer_schedules")
    return address


def _dsn() -> str:
    known = connection.settings_dict
    options = known.get("OPTIONS", {})
    host, port = known["HOST"] or options.get("host", ""), known["PORT"] or options.get("port", 5432)
    password = f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else ""
    user = quote(known["USER"], safe="")
    return f"postgresql://{user}{password}@/{known['NAME']}?host={quote(host, safe='')}&port={port}"
