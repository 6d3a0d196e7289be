"""What the servers' error words mean, by who must act. Words that are not here are judged by their status."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain
from masthead.contract.http import Answer

RECONNECT = "Reconnect the channel."
EDIT = "Change the post and schedule it again."
ANOTHER_FILE = "Use a smaller file or another format."

Make = Callable[[str, int], ConnectorError]


class Taken(Refused):
    """The record key is in use already: an earlier try got through, or a record of somebody else's hand lies there."""

    code = "taken"


class Missing(Refused):
    """There is no such record."""

    code = "missing"


def _reconnect(message: str) -> Make:
    return lambda said, status: NeedsReconnect(message, remedy=RECONNECT, status=status)


def _refuse(field: str, remedy: str) -> Make:
    return lambda said, status: Refused(_quoted(said), field=field, remedy=remedy, status=status)


def _token(said: str, status: int) -> ConnectorError:
    if "scope" in said.lower():
        return NeedsReconnect("The sign-in does not allow this.", remedy=RECONNECT, status=status)
    return TokenExpired("The access token ran out.", remedy=RECONNECT, status=status)


TABLE: Mapping[str, Make] = {
    "ExpiredToken": _token,
    "invalid_token": _token,
    "InvalidToken": _reconnect("The server no longer accepts the stored sign-in."),
    "AuthenticationRequired": _reconnect("The server no longer accepts the stored sign-in."),
    "AuthMissing": _reconnect("The server no longer accepts the stored sign-in."),
    "AccountTakedown": _reconnect("The account was taken down by its server."),
    "AccountDeactivated": _reconnect("The account is deactivated."),
    "AccountSuspended": _reconnect("The account is suspended."),
    "RepoTakendown": _reconnect("The account was taken down by its server."),
    "RepoDeactivated": _reconnect("The account is deactivated."),
    "RepoSuspended": _reconnect("The account is suspended."),
    "RepoNotFound": _reconnect("The account is no longer on this server."),
    "InvalidSwap": lambda said, status: Taken("There is a post with this key already.", status=status),
    "RecordNotFound": lambda said, status: Missing("There is no such record.", status=status),
    "BlobTooLarge": _refuse("attachments", ANOTHER_FILE),
    "PayloadTooLarge": _refuse("attachments", ANOTHER_FILE),
    "InvalidMimeType": _refuse("attachments", ANOTHER_FILE),
    "BlobNotFound": lambda said, status: TryAgain("The server lost an uploaded file.", after=10, status=status),
    "InvalidRequest": _refuse("text", EDIT),
    "InvalidRecord": _refuse("text", EDIT),
    "UnconfirmedEmail": _refuse("attachments", "Confirm the account's e-mail address on Bluesky first."),
}


def explain(answer: Answer) -> ConnectorError | None:
    """The error an XRPC answer stands for; None where its status says it better (429, 5xx, unknown words)."""
    word, said = words(answer)
    if answer.status >= 500 or answer.status == 429:
        return None
    if answer.status == 413:
        return Refused("The file is too large for the server.", field="attachments", remedy=ANOTHER_FILE, status=413)
    if word == "InvalidRequest" and "could not locate record" in said.lower():
        word = "RecordNotFound"
    make = TABLE.get(word)
    return make(said, answer.status) if make else None


def words(answer: Answer) -> tuple[str, str]:
    """The error word and what the server says about it, in XRPC or OAuth form."""
    body = answer.body if isinstance(answer.body, dict) else {}
    return str(body.get("error") or ""), str(body.get("message") or body.get("error_description") or "")


def _quoted(said: str) -> str:
    return f"Bluesky refused this: {said[:300]}" if said else "Bluesky refused this."
