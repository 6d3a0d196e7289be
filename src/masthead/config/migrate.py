"""Bring the database up to this version: Django's migrations and the job engine's tables, one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from masthead.config.installation import address
from masthead.kit import job_tables
from masthead.kit.clock import now
from masthead.metering.partitions import make_ahead

LOCK = 7_262_843_111


class NewerSchema(Exception):
    """The database was made by a newer Masthead."""


def migrate(verbosity: int = 0) -> None:
    """Migrate under an advisory lock, and make the coming months' tables.

    Raises NewerSchema rather than touch what a newer version made.
    """
    with _alone():
        refuse_newer()
        call_command("migrate", interactive=False, verbosity=verbosity)
        make_ahead(now())
        asyncio.run(job_tables.install(address()))


def refuse_newer() -> None:
    """Raise NewerSchema where a migration of ours is applied that this version does not have."""
    known = MigrationExecutor(connection).loader.disk_migrations
    ours = {app for app, _ in known}
    applied = MigrationRecorder(connection).applied_migrations()
    unknown = sorted(f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known)
    if unknown:
        raise NewerSchema(
            f"The database belongs to a newer Masthead (it has {', '.join(unknown[:3])}). "
            "Install that version again, or restore a backup made with this one."
        )


def pending() -> list[str]:
    """Migrations of this version that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
