"""A month's costs as a file for spreadsheets: a row for each day, channel and kind of call."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from masthead.kit.money import Money
from masthead.metering.models import CallDay
from masthead.metering.naming import channel_names

HEAD = (
    *("day", "platform", "channel_id", "channel", "purpose", "operation", "price_key", "plan", "app", "conditions"),
    *("calls", "failed", "units", "charged", "amount", "currency"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets of East Asia read the wide signs as well."""


def lines(workspace_id: int, since: date, until: date) -> Iterator[str]:
    """The lines of the file, the head first. Amounts have a point and no grouping, whatever the reader's language."""
    names = channel_names(workspace_id)
    yield _line(HEAD)
    rows = CallDay.objects.filter(workspace_id=workspace_id, day__gte=since, day__lt=until)
    for row in rows.order_by("day", "platform", "channel_id", "purpose", "operation", "pk").iterator(chunk_size=2000):
        name = safe(names.get(row.channel_id, ""))
        kind = (row.purpose, row.operation, row.price_key, safe(row.plan), safe(row.app), row.conditions)
        amount = f"{Money(row.micros, row.currency).decimal:f}" if row.currency else "0"
        numbers = (row.calls, row.failed, row.units, row.charged, amount, row.currency)
        yield _line((row.day.isoformat(), row.platform, row.channel_id, name, *kind, *numbers))


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _line(values: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
