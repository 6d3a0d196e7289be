"""Table: status and words of LinkedIn's refusal -> one of our errors. What is not listed is judged by its status.

Source: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

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
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer, Explain
from masthead.contract.refusals import RECONNECT, Row, first_fit, quoted
from masthead.kit.clock import now

GRANT = "Check the app's products on LinkedIn and your role on the Page, then reconnect the channel."
SAY_IT_DIFFERENTLY = "Change the text: LinkedIn does not take the same text twice within some time."


class Duplicate(OutcomeUnknown):
    """LinkedIn says that it has this content already. It may be our own earlier try."""


class Forbidden(NeedsReconnect):
    """The sign-in works, but may not do this."""


TABLE = (
    Row(401, "revoked", NeedsReconnect, remedy=RECONNECT),
    Row(401, "expired", TokenExpired, remedy=RECONNECT),
    Row(401, "", TokenExpired, remedy=RECONNECT),
    Row(403, "", Forbidden, remedy=GRANT),
    Row(404, "", Gone, remedy="What it refers to is gone. Look at the profile on LinkedIn."),
    Row(409, "duplicate", Duplicate),
    Row(422, "duplicate", Duplicate),
    Row(400, "duplicate", Duplicate),
    Row(426, "", Unsupported, remedy="LinkedIn ended this version of its API. Update Masthead."),
    Row(413, "", Refused, "attachments", "Use a smaller file."),
    Row(400, "commentary", Refused, "text"),
    Row(422, "commentary", Refused, "text"),
    Row(400, "poll", Refused, "poll"),
    Row(422, "poll", Refused, "poll"),
    Row(400, "/content/article", Refused, "options.link", "Correct the link, or leave it out."),
    Row(422, "/content/article", Refused, "options.link", "Correct the link, or leave it out."),
    Row(400, "media", Refused, "attachments", "Use another file."),
    Row(422, "media", Refused, "attachments", "Use another file."),
    Row(400, "", Refused),
    Row(422, "", Refused),
)


def said(body: Any) -> str:
    """LinkedIn's own words, at most 300 characters."""
    return str(body.get("message") or "")[:300] if isinstance(body, Mapping) else ""


def row_for(answer: Answer) -> Row | None:
    """The first row that fits an answer; None where the status decides."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    words = f"{body.get('code', '')} {body.get('message', '')}"
    return first_fit(TABLE, answer.status, words)


def explaining(*, renewable: bool) -> Explain:
    """An `explain` for calls with a token. `renewable`: a refresh token is there."""

    def explain(answer: Answer) -> ConnectorError | None:
        if answer.status == 429:
            return limited(answer)
        row = row_for(answer)
        return _made(row, answer, renewable) if row else None

    return explain


def _made(row: Row, answer: Answer, renewable: bool) -> ConnectorError:
    words, status = said(answer.body), answer.status
    if issubclass(row.error, NeedsReconnect):
        kind = NeedsReconnect if row.error is TokenExpired and not renewable else row.error
        return kind(f"LinkedIn does not accept the sign-in{quoted(words)}.", remedy=row.remedy, status=status)
    return row.error(f"LinkedIn refused it{quoted(words)}.", remedy=row.remedy, field=row.field, status=status)


def limited(answer: Answer) -> TryAgain:
    """A 429. Quotas count by the day and start anew at midnight UTC; the words tell whose quota it is.

    Source: https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/rate-limits.
    """
    words = said(answer.body).upper()
    scope = "app" if "APPLICATION" in words else "account"
    wait = retry_after(answer.headers) or (until_midnight() if "DAY" in words else 300.0)
    return TryAgain(
        "LinkedIn's limit for the day is reached." if "DAY" in words else "LinkedIn's rate limit is reached.",
        after=wait,
        whole_channel=True,
        scope=scope,
        status=429,
    )


def until_midnight(at: datetime | None = None) -> float:
    """Seconds until the next midnight UTC, and a minute more."""
    moment = (at or now()).astimezone(UTC)
    midnight = (moment + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
    return (midnight - moment).total_seconds()
