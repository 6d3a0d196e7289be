"""What response headers say about quotas and waiting."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class QuotaTold:
    """Calls left in the window, seconds until it starts anew, and how many the window holds (0 where that is not said)."""

    remaining: int
    resets_in: float
    limit: int = 0


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Seconds to wait from Retry-After (seconds or date), else from a reset header; None where nothing is said. At most a day."""
    text = headers.get("Retry-After", "")
    if text.strip().isdigit():
        return min(DAY, float(text))
    if text:
        try:
            return _until(parsedate_to_datetime(text).timestamp(), now)
        except ValueError:
            return None
    told = quota_told(headers, now)
    return told.resets_in if told and told.remaining <= 0 else None


def quota_told(headers: Mapping[str, str], now: float | None = None) -> QuotaTold | None:
    """The quota in `RateLimit-*`, `X-RateLimit-*` or `X-Rate-Limit-*` headers; reset may be seconds, an epoch or an ISO time.

    Some write what is left as "0.0".
    """
    for prefix in ("RateLimit-", "X-RateLimit-", "X-Rate-Limit-"):
        remaining = headers.get(prefix + "Remaining", "").strip()
        if remaining.replace(".", "", 1).isdigit():
            limit = headers.get(prefix + "Limit", "").strip()
            whole = int(limit) if limit.isdecimal() and len(limit) < 10 else 0
            return QuotaTold(int(float(remaining)), _reset(headers.get(prefix + "Reset", ""), now), whole)
    return None


def _reset(text: str, now: float | None) -> float:
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        try:
            return _until(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp(), now)
        except ValueError:
            return 60.0
    return _until(number, now) if number > 10 * DAY else min(DAY, max(0.0, number))


def _until(epoch: float, now: float | None) -> float:
    return min(DAY, max(0.0, epoch - (time.time() if now is None else now)))
