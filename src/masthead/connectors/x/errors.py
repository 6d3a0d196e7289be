"""Table: status, type of problem and words of X's refusal -> one of our errors. What is not listed is judged by its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.contract.errors import (
    ConnectorError,
    GoneForGood,
    NeedsReconnect,
    OutcomeUnknown,
    OverBudget,
    Refused,
    TokenExpired,
    TryAgain,
    Unsupported,
)
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer, Explain
from masthead.contract.refusals import CHANGE, RECONNECT, Row, first_fit, quoted
from masthead.kit.clock import now

AT_HOME = "Sign in on x.com to see what it asks for, then reconnect the channel."
ENROL = "Look at the app's plan in X's developer console."
DAY = 86_400.0


class Duplicate(OutcomeUnknown):
    """X says that it has this text already. It may be our own earlier try."""


TABLE = (
    Row(401, "", NeedsReconnect, remedy=RECONNECT),
    Row(402, "", OverBudget, remedy="Add credits in X's developer console."),
    Row(403, "duplicate content", Duplicate),
    Row(403, "client-forbidden", Unsupported, remedy=ENROL),
    Row(403, "unsupported-authentication", NeedsReconnect, remedy=RECONNECT),
    Row(403, "suspended application", GoneForGood, remedy=ENROL),
    Row(403, "suspended", NeedsReconnect, remedy=AT_HOME),
    Row(403, "locked", NeedsReconnect, remedy=AT_HOME),
    Row(403, "longer than", Refused, "attachments", "Use a shorter video."),
    Row(403, "video", Refused, "attachments", "Use another video."),
    Row(403, "cashtag", Refused, "text", "Leave one cashtag in each part."),
    Row(403, "quot", Refused, "options.quote", "Leave out the post to quote: most plans do not allow it."),
    Row(
        403,
        "reply",
        Refused,
        "thread",
        "Replies need to be asked for on most plans. Send the parts as posts of their own.",
    ),
    Row(403, "not permitted", Refused, "", "The account or the app's plan may not do this. " + ENROL),
    Row(
        403,
        "",
        Refused,
        "",
        "X does not allow it. Change the post, or look at the app's plan in X's developer console.",
    ),
    Row(404, "", Refused, "thread", "The post it refers to is gone. Schedule the rest as a new post."),
    Row(413, "", Refused, "attachments", "Use a smaller file."),
    Row(422, "", Refused, "text", CHANGE),
    Row(400, "reply", Refused, "thread", "The post it answers is gone. Schedule the rest as a new post."),
    Row(400, "deleted", Refused, "thread", "The post it refers to is gone. Schedule the rest as a new post."),
    Row(400, "poll", Refused, "poll", CHANGE),
    Row(400, "media", Refused, "attachments", "Use other files."),
    Row(400, "quote", Refused, "options.quote", CHANGE),
    Row(400, "", Refused, "text", CHANGE),
)


def said(body: Any) -> str:
    """X's own words, at most 300 characters: the detail, the messages of an invalid request, or the title."""
    if not isinstance(body, Mapping):
        return ""
    inner = body.get("errors")
    errors = [one for one in inner if isinstance(one, Mapping)] if isinstance(inner, list) else []
    words = [one.get("message") or one.get("detail") for one in errors]
    told = body.get("detail") or body.get("error_description") or body.get("message") or body.get("title") or ""
    return " ".join(dict.fromkeys(str(one) for one in (*words, told) if one))[:300]


def row_for(answer: Answer) -> Row | None:
    """The first row that fits an answer; None where the status decides."""
    kind = str(answer.body.get("type", "")) if isinstance(answer.body, Mapping) else ""
    words = f"{kind} {said(answer.body)}"
    return first_fit(TABLE, answer.status, words)


def explaining(*, renewable: bool = False, field: str = "") -> Explain:
    """An `explain` for calls with a token. `renewable`: a refresh token is there; `field` is at fault where the words name none."""

    def explain(answer: Answer) -> ConnectorError | None:
        if answer.status == 429:
            return limited(answer)
        row = row_for(answer)
        return _made(row, answer, renewable, field) if row else None

    return explain


def _made(row: Row, answer: Answer, renewable: bool, field: str) -> ConnectorError:
    words, status = said(answer.body), answer.status
    if row.error is NeedsReconnect:
        kind = TokenExpired if renewable and status == 401 else NeedsReconnect
        return kind(f"X no longer accepts the sign-in{quoted(words)}.", remedy=row.remedy, status=status)
    if row.error is OverBudget:
        return OverBudget(f"The developer app's credits are used up{quoted(words)}.", remedy=row.remedy, status=status)
    if row.error is Refused:
        place = row.field if row.word else field or row.field
        return Refused(f"X refused it{quoted(words)}.", remedy=row.remedy, field=place, status=status)
    return row.error(f"X refused it{quoted(words)}.", remedy=row.remedy, status=status)


def limited(answer: Answer) -> TryAgain:
    """A 429: how long to wait, and whether the account or the whole app must. Caps of 24 hours have headers of their own."""
    kind = str(answer.body.get("type", "")) if isinstance(answer.body, Mapping) else ""
    if "usage-capped" in kind:
        daily = str(answer.body.get("period", "")) == "Daily"
        why = f"The developer app's {'daily' if daily else 'monthly'} limit at X is used up."
        return TryAgain(why, after=DAY, whole_channel=True, scope="app", remedy=ENROL, status=429)
    for who, scope in (("App", "app"), ("User", "account")):
        if wait := _until_reset(answer.headers, f"X-{who}-Limit-24Hour-"):
            why = f"X's limit of 24 hours for this {scope} is reached."
            return TryAgain(why, after=wait, whole_channel=True, scope=scope, status=429)
    wait = retry_after(answer.headers) or 300.0
    return TryAgain("X's rate limit is reached.", after=wait, whole_channel=True, status=429)


def _until_reset(headers: Mapping[str, str], prefix: str) -> float:
    """Seconds until a window of 24 hours starts anew, where nothing of it is left; 0 where something is."""
    remaining, reset = headers.get(prefix + "Remaining", ""), headers.get(prefix + "Reset", "")
    if remaining != "0" or not reset.isdigit():
        return 0.0
    return min(DAY, max(1.0, float(reset) - now().timestamp()))
