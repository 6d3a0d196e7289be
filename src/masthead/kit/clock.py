"""The one place that asks what time it is. Logic takes the time as an argument; edges call now()."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
