"""Caps in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.kit.money import Money


def cap_in_words(row: Mapping[str, Any]) -> str:
    """One line for logs and reasons, such as "USD 20.00 a month for x, publish"."""
    amount = Money(row["micros"], row["currency"])
    channel = f"channel {row['channel_id']}" if row["channel_id"] else ""
    app = f"app {row['app']}" if row["app"] else ""
    named = [one for one in (row["platform"], app, channel, row["purpose"]) if one]
    return f"{amount} a {row['period']}" + (f" for {', '.join(named)}" if named else "")
