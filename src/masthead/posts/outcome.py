"""Pure: what an error or a full set of receipts means for a publication and its channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from masthead.contract.errors import (
    ConnectorError,
    Ended,
    GoneForGood,
    NeedsReconnect,
    OutcomeUnknown,
    OverBudget,
    TokenExpired,
    TryAgain,
)
from masthead.contract.values import Receipt
from masthead.posts.ledger import Outcome
from masthead.posts.parcel import receipts_json
from masthead.posts.states import State

TOKEN_WAIT = 3.0
RECONNECT_WAIT = 60.0
BUDGET_WAIT = 900.0
GONE_WAIT = 900.0
"""What a platform says when it is gone is believed only after a while; what has ended is put aside by posts/sunset/hold.py."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome to write down, and the seconds the channel (or the whole app) must be silent."""

    outcome: Outcome
    pause: float = 0.0
    pause_app: bool = False
    stop_lane: bool = False


def succeeded(row_id: int, number: int, receipts: Sequence[Receipt], check_in: float) -> Outcome:
    """All segments are acknowledged; processing if the platform still works on one."""
    busy = any(one.processing for one in receipts)
    return Outcome(
        row_id,
        number,
        State.PROCESSING if busy else State.PUBLISHED,
        "accepted" if busy else "published",
        receipts=receipts_json(receipts),
        url=receipts[0].url,
        check_in=check_in if busy else -1.0,
        why="The platform accepted it and still works on it." if busy else "",
        sources=(State.PUBLISHING, State.UNCONFIRMED),
    )


def failed(row_id: int, number: int, receipts: Sequence[Receipt], error: ConnectorError, check_in: float) -> Verdict:
    """What to do after an error, by who must act."""
    saved = receipts_json(receipts)
    said: dict[str, Any] = {
        "reason": error.code,
        "why": error.message,
        "remedy": error.remedy,
        "field": error.field,
        "receipts": saved,
    }
    if isinstance(error, OutcomeUnknown):
        said["remedy"] = error.remedy or "Nothing to do: the platform is being asked whether it is there."
        return Verdict(Outcome(row_id, number, State.UNCONFIRMED, error.code, check_in=check_in, **said))
    wait = waiting(error)
    if wait is None:
        return Verdict(Outcome(row_id, number, State.FAILED, error.code, **said))
    pause_app = isinstance(error, TryAgain) and error.whole_channel and error.scope == "app"
    return Verdict(Outcome(row_id, number, State.SCHEDULED, error.code, **said), wait, pause_app, stop_lane=True)


def waiting(error: ConnectorError) -> float | None:
    """Seconds to wait before another try; None where trying again would not help."""
    if isinstance(error, TryAgain):
        return max(1.0, error.after)
    if isinstance(error, TokenExpired):
        return TOKEN_WAIT
    if isinstance(error, NeedsReconnect):
        return RECONNECT_WAIT
    if isinstance(error, GoneForGood | Ended):
        return GONE_WAIT
    return min(BUDGET_WAIT, max(1.0, error.after)) if isinstance(error, OverBudget) else None


def released(row_id: int, number: int, why: str) -> Outcome:
    """Claimed but certainly not sent: back to scheduled."""
    return Outcome(row_id, number, State.SCHEDULED, "released", why=why)
