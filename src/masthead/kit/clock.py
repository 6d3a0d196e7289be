"""The one place that asks what time it is. Logic takes the time as an argument; edges call now()."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_away = [timedelta(0)]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _away[0]


def away() -> timedelta:
    """How far the given clock is from the real one; the worker shifts the database's clock by it."""
    return _away[0]


@contextmanager
def given(at: datetime) -> Iterator[None]:
    """Let the clock of this process show `at` now, and go on from there: for tests that live in another year."""
    before, _away[0] = _away[0], at - datetime.now(UTC)
    try:
        yield
    finally:
        _away[0] = before
