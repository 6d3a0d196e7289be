"""Table: the code of a Misskey refusal -> one of our errors. What is not listed is judged by its status.

The same code comes with different statuses, depending on the server's version (a wrong token is 403 on old servers, 401 on new ones, a
missing permission even 500), so the code decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, Refused
from masthead.contract.http import Answer
from masthead.contract.refusals import CHANGE, quoted

RECONNECT = "Make a new access token in the server's settings and reconnect the channel."
AT_HOME = "Sign in on the server's own website to see what it says about the account."
ROOM = "Delete files from the account's drive on the server, or use a smaller file."


@dataclass(frozen=True, slots=True)
class Row:
    """A refusal: its code, the error, the field at fault and what to do."""

    code: str
    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE


TABLE = {
    row.code: row
    for row in (
        Row("AUTHENTICATION_FAILED", NeedsReconnect, "access_token", RECONNECT),
        Row("CREDENTIAL_REQUIRED", NeedsReconnect, "access_token", RECONNECT),
        Row("PERMISSION_DENIED", NeedsReconnect, "access_token", RECONNECT),
        Row("YOUR_ACCOUNT_SUSPENDED", NeedsReconnect, "access_token", AT_HOME),
        Row("YOUR_ACCOUNT_MOVED", NeedsReconnect, "access_token", AT_HOME),
        Row(
            "ROLE_PERMISSION_DENIED", Refused, "", "The account's role does not allow it. Ask the server's moderators."
        ),
        Row("ACCESS_DENIED", Refused, "", "The account may not do this there."),
        Row("NO_SUCH_NOTE", Gone, "", "The note is gone from the server."),
        Row("NO_SUCH_REPLY_TARGET", Refused, "thread", "The note it answers is gone. Schedule the rest as a new post."),
        Row("YOU_HAVE_BEEN_BLOCKED", Refused, "thread", CHANGE),
        Row("CONTENT_REQUIRED", Refused, "text", "Write a text or attach a file."),
        Row("MAX_LENGTH", Refused, "text", "Write a shorter text."),
        Row("CONTAINS_PROHIBITED_WORDS", Refused, "text", "The server forbids a word of the text. Leave it out."),
        Row("CONTAINS_TOO_MANY_MENTIONS", Refused, "text", "Mention fewer people."),
        Row("CANNOT_CREATE_ALREADY_EXPIRED_POLL", Refused, "poll", CHANGE),
        Row("NO_SUCH_FILE", Refused, "attachments", CHANGE),
        Row("NO_FREE_SPACE", Refused, "attachments", ROOM),
        Row("MAX_FILE_SIZE_EXCEEDED", Refused, "attachments", "Use a smaller file."),
        Row("UNALLOWED_FILE_TYPE", Refused, "attachments", "Use a file type that the server takes."),
        Row("INAPPROPRIATE", Refused, "attachments", "The server takes the file for indecent. Use another one."),
        Row("INVALID_FILE_NAME", Refused, "attachments", "Give the file another name."),
    )
}
FIELDS = {
    "text": "text",
    "cw": "options.cw",
    "visibility": "options.visibility",
    "poll": "poll",
    "comment": "attachments",
}
"""Where an INVALID_PARAM that names one of Misskey's parameters is to be mended."""


def fault(body: Any) -> Mapping[str, Any]:
    """The error object of an answer; empty where there is none."""
    told = body.get("error") if isinstance(body, Mapping) else None
    return told if isinstance(told, Mapping) else {}


def explain(answer: Answer) -> ConnectorError | None:
    """One of our errors for a refusal; None where the status decides (a rate limit, a broken server)."""
    told = fault(answer.body)
    row = TABLE.get(str(told.get("code"))) or _invalid(told)
    if row is None:
        return None
    words = str(told.get("message") or "")[:200]
    what = "no longer accepts the sign-in" if issubclass(row.error, NeedsReconnect) else "refused it"
    return row.error(f"The server {what}{quoted(words)}.", remedy=row.remedy, field=row.field, status=answer.status)


def _invalid(told: Mapping[str, Any]) -> Row | None:
    """A parameter the server does not take; `param` is its name or a path such as "#/properties/text/maxLength"."""
    if told.get("code") != "INVALID_PARAM":
        return None
    info = told.get("info")
    words = str(info.get("param", "")) if isinstance(info, Mapping) else ""
    named = next((field for name, field in FIELDS.items() if name in words.split("/")), "text")
    return Row("INVALID_PARAM", Refused, named)


def explain_server(answer: Answer) -> ConnectorError | None:
    """For sign-in: an answer that Misskey would not give means that the server is another kind."""
    known = explain(answer)
    if known or answer.status == 429 or answer.status >= 500:
        return known
    return Refused(
        "This server does not speak Misskey's API.",
        field="server",
        remedy="Check the address: it is the part after the last @ of your full name there.",
        status=answer.status,
    )
