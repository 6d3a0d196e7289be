"""When to read a post's numbers next: often while they move, rarely when they have settled. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = ((DAY, HOUR), (7 * DAY, 6 * HOUR), (30 * DAY, DAY), (365 * DAY, 7 * DAY))
"""Up to this age, read after that long."""
RARELY = 90 * DAY
SETTLED = 30 * DAY
PATIENCE = 4
"""A post whose numbers stood still for so many steps is read half as often."""


def next_read(
    posted_at: datetime, changed_at: datetime, now: datetime, *, charged: bool = False, planned: bool = False
) -> datetime | None:
    """When to read again a post that was read just now; None for never.

    `changed_at` is when a number last moved (the time of posting where none has been seen to). An old post that moves again
    is read daily. Where the platform charges for reading (`charged`), posts older than a month are not read again.
    Where a budget is `planned` with (see spend.py), the plan says when.
    """
    if planned:
        return None
    age, still = now - posted_at, now - changed_at
    step = next((step for limit, step in STEPS if age < limit), RARELY)
    if age >= SETTLED and charged:
        return None
    if age >= SETTLED and changed_at > posted_at and still < step:
        return now + DAY
    if still > PATIENCE * step and age >= DAY:
        return now + min(2 * step, RARELY)
    return now + step
