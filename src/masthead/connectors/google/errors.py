"""Table: status and reason of a Google error -> one of our errors. What is not listed is judged by its status.

Sources: https://developers.google.com/youtube/v3/docs/errors, https://cloud.google.com/apis/design/errors,
https://developers.google.com/my-business/reference/rest/Shared.Types/ErrorCode, read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, TokenExpired, TryAgain, Unsupported
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer, Explain
from masthead.contract.refusals import CHANGE, RECONNECT, quoted
from masthead.kit.clock import now

GRANT = "Reconnect the channel and allow everything that is asked for."
ENABLE = "Enable the API in the developer app's project in the Google Cloud console, then try again."
NO_QUOTA = "QUOTA_OF_ZERO"
"""Our name for a quota of nothing: Google has not let the project use the API yet."""
PHOTO = "photo"
"""Our name for the codes 1000 to 1099 of a refused field, all about a photo."""
PACIFIC = ZoneInfo("America/Los_Angeles")
DAY = 86_400.0


class Forbidden(NeedsReconnect):
    """The sign-in works, but may not do this."""


@dataclass(frozen=True, slots=True)
class Row:
    """A refusal: its reason (or status word), the error, the field at fault and what to do.

    `after`: seconds to wait; 0 means until Google's day ends. `whole_app`: the limit is the developer app's.
    """

    reason: str
    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE
    after: float = 300.0
    whole_app: bool = False


TABLE = (
    Row("authError", TokenExpired, remedy=RECONNECT),
    Row("UNAUTHENTICATED", TokenExpired, remedy=RECONNECT),
    Row("quotaExceeded", TryAgain, after=0, whole_app=True),
    Row("dailyLimitExceeded", TryAgain, after=0, whole_app=True),
    Row("rateLimitExceeded", TryAgain, whole_app=True),
    Row("userRateLimitExceeded", TryAgain),
    Row("RESOURCE_EXHAUSTED", TryAgain),
    Row("accessNotConfigured", Unsupported, remedy=ENABLE),
    Row("SERVICE_DISABLED", Unsupported, remedy=ENABLE),
    Row("insufficientPermissions", Forbidden, remedy=GRANT),
    Row("forbidden", Forbidden, remedy=GRANT),
    Row("PERMISSION_DENIED", Forbidden, remedy=GRANT),
    Row("notFound", Gone, remedy="What it refers to is gone. Look at the profile on the platform."),
    Row("NOT_FOUND", Gone, remedy="What it refers to is gone. Look at the profile on the platform."),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an error's body says: its names, most telling first (refused fields, reasons, the status word); and Google's own words,
    at most 300 characters.
    """

    names: tuple[str, ...]
    words: str


def told_in(body: Any) -> Told:
    """The error in an answer's body; without names where there is none."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return Told((), "")
    details = [one for one in error.get("details") or () if isinstance(one, Mapping)]
    fields = [field for one in details for field in one.get("errorDetails") or () if isinstance(field, Mapping)]
    listed = [*details, *(one for one in error.get("errors") or () if isinstance(one, Mapping))]
    names = [name for field in fields for name in _field_names(field)]
    names += [NO_QUOTA for one in details if _no_quota(one)]
    names += [str(one["reason"]) for one in listed if one.get("reason")]
    words = " ".join(str(one["message"]) for one in fields if one.get("message")) or str(error.get("message") or "")
    return Told((*names, str(error.get("status") or "")), words[:300])


def _field_names(field: Mapping[str, Any]) -> Iterator[str]:
    """A refused field's path in snake_case, then the paths above it: event.schedule.end_date, event.schedule, event."""
    if str(field.get("code", "")).isdigit() and 1000 <= int(field["code"]) < 1100:
        yield PHOTO
    path = re.sub(r"\[\d+\]", "", re.sub("(?<=[a-z])([A-Z])", r"_\1", str(field.get("field") or ""))).lower()
    parts = path.removeprefix("local_post.").split(".")
    yield from (".".join(parts[:count]) for count in range(len(parts), 0, -1))


def _no_quota(detail: Mapping[str, Any]) -> bool:
    metadata = detail.get("metadata")
    return isinstance(metadata, Mapping) and str(metadata.get("quota_limit_value")) == "0"


def explaining(name: str, rows: Sequence[Row] = (), *, renewable: bool = False) -> Explain:
    """An `explain` for a platform called `name`, whose own `rows` come first. `renewable`: a refresh token is there."""

    def explain(answer: Answer) -> ConnectorError | None:
        told = told_in(answer.body)
        known = {row.reason: row for row in (*TABLE, *rows)}
        row = next((known[one] for one in told.names if one in known), None)
        if answer.status == 401 and row is None:
            row = known["authError"]
        if row is None or (answer.status >= 500 and row.error is not TryAgain):
            return None
        return _made(name, row, told, answer, renewable)

    return explain


def _made(name: str, row: Row, told: Told, answer: Answer, renewable: bool) -> ConnectorError:
    status = answer.status
    if row.error is TryAgain:
        wait = retry_after(answer.headers) or row.after or until_midnight()
        scope = "app" if row.whole_app else "account"
        return TryAgain(
            f"{name}'s limit is reached{quoted(told.words)}.",
            after=wait,
            whole_channel=True,
            scope=scope,
            status=status,
        )
    if issubclass(row.error, NeedsReconnect):
        kind = NeedsReconnect if row.error is TokenExpired and not renewable else row.error
        return kind(f"{name} does not accept the sign-in{quoted(told.words)}.", remedy=row.remedy, status=status)
    return row.error(f"{name} refused it{quoted(told.words)}.", remedy=row.remedy, field=row.field, status=status)


def until_midnight(at: datetime | None = None) -> float:
    """Seconds until Google's day ends, midnight Pacific time, and a minute more."""
    moment = (at or now()).astimezone(PACIFIC)
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
    return midnight.timestamp() - moment.timestamp()
