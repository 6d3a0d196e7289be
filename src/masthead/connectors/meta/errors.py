"""Table: code and subcode of a Graph API error -> one of our errors. What is not listed is judged by its status.

Source: https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from masthead.connectors.meta.usage import usage
from masthead.contract.errors import (
    ConnectorError,
    Gone,
    NeedsReconnect,
    OutcomeUnknown,
    Refused,
    TokenExpired,
    TryAgain,
    Unsupported,
)
from masthead.contract.http import Answer, Explain
from masthead.contract.operations import Operation

RECONNECT = "Reconnect the channel."
AT_HOME = "Sign in on the platform itself to see what it asks for, then reconnect the channel."
GRANT = "Reconnect the channel and allow everything that is asked for. The developer app needs these permissions too."
CHANGE = "Change the post and schedule it again."
LIMIT_WAIT = 300.0
_SECRET = re.compile(r"[A-Za-z0-9_|-]{32,}")


@dataclass(frozen=True, slots=True)
class Row:
    """An error: codes from `code` to `last`, a subcode (None for any), the error, the field at fault and what to do.

    `after`: seconds to wait where the platform does not say; `whole_app`: the limit is the developer app's.
    """

    code: int
    subcode: int | None
    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE
    last: int = 0
    after: float = LIMIT_WAIT
    whole_app: bool = False

    def fits(self, told: Told) -> bool:
        """True where the row speaks of this error."""
        return self.code <= told.code <= (self.last or self.code) and self.subcode in (None, told.subcode)


@dataclass(frozen=True, slots=True)
class Told:
    """What an error's body says. `trace` is for Meta's support and no secret; secrets are taken out of `words`."""

    code: int
    subcode: int
    words: str
    trace: str
    passing: bool


class Forbidden(NeedsReconnect):
    """The sign-in works, but lacks a permission for this."""


class Busy(TryAgain):
    """The platform failed or was not ready; nobody knows whether a repeat would double what was being made."""


TABLE = (
    Row(190, 463, TokenExpired, remedy=RECONNECT),
    Row(190, 459, NeedsReconnect, remedy=AT_HOME),
    Row(190, 464, NeedsReconnect, remedy=AT_HOME),
    Row(190, None, NeedsReconnect, remedy=RECONNECT),
    Row(102, None, NeedsReconnect, remedy=RECONNECT),
    Row(4, None, TryAgain, whole_app=True),
    Row(17, None, TryAgain),
    Row(32, None, TryAgain),
    Row(613, None, TryAgain),
    Row(341, None, TryAgain, whole_app=True),
    Row(80000, None, TryAgain, last=80014),
    Row(-2, None, Busy),
    Row(-1, None, Busy),
    Row(1, None, Busy),
    Row(2, None, Busy),
    Row(3, None, Unsupported, remedy=GRANT),
    Row(10, None, Forbidden, remedy=GRANT),
    Row(200, None, Forbidden, remedy=GRANT, last=299),
    Row(100, 33, Gone, remedy="What it refers to is gone. Look at the profile on the platform."),
    Row(100, None, Refused, "text"),
    Row(368, None, Refused, remedy="The platform blocks this for a while. Sign in there to see why, and wait."),
    Row(506, None, Refused, "text", "The same text was posted just before. Change it and schedule it again."),
    Row(1609005, None, Refused, "options.link", "The platform cannot read the link. Check it, or leave it out."),
)


def told_in(body: Any) -> Told | None:
    """The error in an answer's body; None where there is none."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return None
    words = str(error.get("error_user_msg") or error.get("message") or "")
    return Told(
        _number(error.get("code")),
        _number(error.get("error_subcode")),
        _SECRET.sub("…", words)[:300],
        _trace(error),
        bool(error.get("is_transient")),
    )


def explaining(operation: Operation, rows: Sequence[Row] = (), *, renewable: bool = False) -> Explain:
    """An `explain` for a call: `rows` of one platform come before the shared table. `renewable`: a refresh may help."""

    def explain(answer: Answer) -> ConnectorError | None:
        told = told_in(answer.body)
        if told is None:
            return None
        row = next((one for one in (*rows, *TABLE) if one.fits(told)), None)
        if answer.status >= 500 and (row is None or row.error is not TryAgain):
            return None
        return _made(row or _unlisted(told), told, answer, operation, renewable)

    return explain


def _unlisted(told: Told) -> Row:
    return Row(told.code, None, Busy if told.passing else Refused)


def _made(row: Row, told: Told, answer: Answer, operation: Operation, renewable: bool) -> ConnectorError:
    said, status = _said(told), answer.status
    if row.error is Busy:
        return _busy(said, status, operation)
    if row.error is TryAgain:
        wait = usage(answer.headers).wait or row.after
        scope = "app" if row.whole_app else "account"
        return TryAgain(
            f"The platform's limit is reached{said}.", after=wait, whole_channel=True, scope=scope, status=status
        )
    if issubclass(row.error, NeedsReconnect):
        kind = NeedsReconnect if row.error is TokenExpired and not renewable else row.error
        return kind(f"The platform does not accept the sign-in{said}.", remedy=row.remedy, status=status)
    return row.error(f"The platform refused it{said}.", remedy=row.remedy, field=row.field, status=status)


def _busy(said: str, status: int, operation: Operation) -> ConnectorError:
    if operation.creates:
        return OutcomeUnknown(f"The platform failed while publishing{said}.", status=status)
    return TryAgain(f"The platform cannot do it at the moment{said}.", after=60, status=status)


def _said(told: Told) -> str:
    words = f" and said: {told.words.rstrip('.')}" if told.words else ""
    number = f"{told.code}/{told.subcode}" if told.subcode else str(told.code)
    return f"{words} (error {number}{f', trace {told.trace}' if told.trace else ''})"


def _trace(error: Mapping[str, Any]) -> str:
    return re.sub(r"[^\w-]", "", str(error.get("fbtrace_id") or ""))[:40]


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
