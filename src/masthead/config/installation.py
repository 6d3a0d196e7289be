"""What every command needs before its work: the home, the keys and an address of the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from masthead.config.home import home
from masthead.kit.database import AlreadyRunning, DatabaseFault, EmbeddedPostgres
from masthead.kit.secrets import key_file, make_key_file


def prepare(folder: Path | None = None) -> Path:
    """Settle MASTHEAD_HOME (the given folder, else the environment's, else the default) and make the folder."""
    if folder is not None:
        os.environ["MASTHEAD_HOME"] = str(folder.expanduser().resolve())
    place = home()
    os.environ["MASTHEAD_HOME"] = str(place)
    return place


def make_keys(place: Path) -> None:
    """Make the key file unless keys are given; warns when data is already there, as its secrets stay closed."""
    if os.environ.get("MASTHEAD_KEYS") or key_file().exists():
        return
    if (place / "postgres" / "data").exists():
        print(
            f"Warning: the key file {key_file()} is missing, a new one is made. Stored sign-ins of channels cannot be "
            "opened with it. Put the old key file back, or connect the channels again.",
            file=sys.stderr,
        )
    make_key_file(key_file())


@contextmanager
def database(place: Path) -> Iterator[EmbeddedPostgres | None]:
    """DATABASE_URL set for as long as this lasts: as given, else the running embedded server, else one of our own."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    try:
        with own_database(place) as server:
            yield server
    except AlreadyRunning:
        server = EmbeddedPostgres(place)
        if not server.running():
            raise
        os.environ["DATABASE_URL"] = server.dsn
        yield None


@contextmanager
def own_database(place: Path) -> Iterator[EmbeddedPostgres | None]:
    """As `database`, but a server that somebody else owns is an error (AlreadyRunning)."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    with EmbeddedPostgres(place) as server:
        os.environ["DATABASE_URL"] = server.dsn
        try:
            yield server
        finally:
            os.environ.pop("DATABASE_URL", None)


def address() -> str:
    """The database's address for drivers that take only the scheme postgresql://; DatabaseFault when none is set."""
    given = os.environ.get("DATABASE_URL", "")
    if not given:
        raise DatabaseFault("DATABASE_URL is not set.")
    return "postgresql://" + given.partition("://")[2]
