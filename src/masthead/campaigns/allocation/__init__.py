"""Who gets which part of the day's budget, and why. Pure: history in, budgets out; no clock, no Django, nothing random.

    allocator = Allocator()
    allocator.start(platforms=6, days=60, daily_budget=600.0)
    budgets = allocator.act(view)

The view is described in `docs/reference/allocation.md`.
"""

from __future__ import annotations

from masthead.campaigns.allocation.forecast import Forecast
from masthead.campaigns.allocation.limits import Limits
from masthead.campaigns.allocation.policy import Allocator, Decision
from masthead.campaigns.allocation.reasons import Move, Why

__all__ = ["Allocator", "Decision", "Forecast", "Limits", "Move", "Why"]
