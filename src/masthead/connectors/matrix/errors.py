"""What a homeserver's error codes mean, by who must act. Other answers are judged by their status."""

from __future__ import annotations

from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer

RECONNECT = "Reconnect the channel."
LIMITED_SECONDS = 60.0
REFUSALS = {
    "M_FORBIDDEN": ("room", "Join the room again, ask for the right to write there, or choose another room."),
    "M_NOT_FOUND": ("room", "Choose another room."),
    "M_TOO_LARGE": ("", "Shorten the text, or use a smaller file."),
    "M_BAD_JSON": ("", "Change the post and schedule it again."),
    "M_INVALID_PARAM": ("", "Change the post and schedule it again."),
}
ENDED = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED")


class Missing(Refused):
    """It is not there."""

    code = "missing"


def explain(answer: Answer) -> ConnectorError | None:
    """The error of an answer with one of the codes we know."""
    body = answer.body if isinstance(answer.body, dict) else {}
    code, said = str(body.get("errcode") or ""), str(body.get("error") or "")[:300]
    status = answer.status
    if code == "M_LIMIT_EXCEEDED" or status == 429:
        wait = retry_after(answer.headers) or float(body.get("retry_after_ms") or 0) / 1000
        return TryAgain(
            "The homeserver's rate limit is reached.", after=wait or LIMITED_SECONDS, whole_channel=True, status=status
        )
    if code == "M_UNKNOWN_TOKEN" and body.get("soft_logout"):
        return TokenExpired("The access token ran out.", remedy=RECONNECT, status=status)
    if code in ENDED:
        return NeedsReconnect("The homeserver no longer accepts the sign-in.", remedy=RECONNECT, status=status)
    if code in REFUSALS and status < 500:
        field, remedy = REFUSALS[code]
        kind = Missing if code == "M_NOT_FOUND" else Refused
        return kind(f"The homeserver refused it: {said or code}", field=field, remedy=remedy, status=status)
    return None


def explain_refresh(answer: Answer) -> ConnectorError | None:
    """As `explain`, but a refresh token that is not taken means that the owner must act."""
    error = explain(answer)
    if isinstance(error, TokenExpired | Refused) or (error is None and answer.status in (401, 403)):
        return NeedsReconnect("The homeserver no longer accepts the sign-in.", remedy=RECONNECT, status=answer.status)
    return error


def explain_login(answer: Answer) -> ConnectorError | None:
    """The refusal of name and password."""
    if answer.status in (400, 401, 403):
        return Refused(
            "The homeserver does not take this name and password.",
            field="password",
            status=answer.status,
            remedy="Check both. Where the server signs in with a browser only, give an access token.",
        )
    return explain(answer)


def explain_upload(answer: Answer) -> ConnectorError | None:
    """The refusal of a file."""
    error = explain(answer)
    if isinstance(error, Refused) or (error is None and answer.status == 413):
        return Refused(
            error.message if error else "The homeserver says the file is too large.",
            field="attachments",
            status=answer.status,
            remedy="Use a smaller file, or one of another type.",
        )
    return error
