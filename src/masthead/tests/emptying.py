"""Emptying the test database after a test that commits, in place of Django's "flush".

Flush cuts every table, the empty ones too, and then makes content types and permissions again: half a second, for a third
of all tests. Here what a test filled is deleted, and what the migrations left stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.test import TransactionTestCase


def empty_quickly() -> None:
    """From now on a test that commits ends with this; called when the database was just made."""
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = set(_filled(known))
    names = sorted(set(known) - kept)
    TransactionTestCase._fixture_teardown = lambda self: _empty(names)  # type: ignore[method-assign]


def _empty(names: Sequence[str]) -> None:
    """Delete what stands in these tables. Keys between tables are checked at the end, so that any order will do."""
    with transaction.atomic(), connection.cursor() as cursor:
        # As flush would, wait for what others have begun, such as a request that is still answered in a thread.
        cursor.execute(f"LOCK TABLE {', '.join(map(_quoted, names))} IN ACCESS EXCLUSIVE MODE")
        for name in _filled(names):
            cursor.execute(f"DELETE FROM {_quoted(name)}")


def _filled(names: Sequence[str]) -> list[str]:
    """Those that hold a row."""
    looks = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {_quoted(name)})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(looks)
        return [name for (name,) in cursor.fetchall()]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
