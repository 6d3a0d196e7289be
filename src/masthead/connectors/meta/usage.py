"""What Meta's headers say about the use of quotas: X-App-Usage and X-Business-Use-Case-Usage.

Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting, as in [M1] of the facts of 2026-11-24.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SHARES = ("call_count", "total_cputime", "total_time")
APP = "X-App-Usage"
BUSINESS = "X-Business-Use-Case-Usage"


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a quota is used, in percent (the highest told), and seconds until calls are answered again (0: unknown)."""

    percent: float
    wait: float


def usage(headers: Mapping[str, str]) -> Usage:
    """The usage an answer's headers tell; nothing where they are missing or senseless."""
    told = list(_told(headers))
    percents = [number for one in told for name in SHARES if (number := _number(one.get(name)))]
    minutes = [_number(one.get("estimated_time_to_regain_access")) for one in told]
    return Usage(max(percents, default=0.0), 60.0 * max(minutes, default=0.0))


def _told(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    app, business = _parsed(headers.get(APP, "")), _parsed(headers.get(BUSINESS, ""))
    if isinstance(app, Mapping):
        yield app
    for group in business.values() if isinstance(business, Mapping) else ():
        yield from (one for one in group if isinstance(one, Mapping)) if isinstance(group, list) else ()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else 0.0
