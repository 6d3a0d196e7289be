"""Table: status and words of a Mastodon refusal -> one of our errors. What is not listed is judged by its status."""

from __future__ import annotations

from typing import Any

from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain
from masthead.contract.http import Answer, Explain
from masthead.contract.refusals import CHANGE, RECONNECT, Row, first_fit, quoted

AT_HOME = "Sign in on the server's own website to see what it asks for, then reconnect the channel."
MEDIA_SOON = 15.0


TABLE = (
    Row(401, "", NeedsReconnect, remedy=RECONNECT),
    Row(403, "scope", NeedsReconnect, remedy=RECONNECT),
    Row(403, "disabled", NeedsReconnect, remedy=AT_HOME),
    Row(403, "suspended", NeedsReconnect, remedy=AT_HOME),
    Row(403, "confirmed", NeedsReconnect, remedy=AT_HOME),
    Row(403, "approval", NeedsReconnect, remedy=AT_HOME),
    Row(403, "", Refused, remedy="The account may not do this there. Ask the moderators, or change the post."),
    Row(404, "reply", Refused, "thread", "The post it answers is gone. Schedule the rest as a new post."),
    Row(404, "", Refused, remedy="What it refers to is gone from the server. Look at the profile there."),
    Row(410, "", Refused, remedy="What it refers to is gone from the server. Look at the profile there."),
    Row(413, "", Refused, "attachments", "Use a smaller file."),
    Row(422, "authenticated user", NeedsReconnect, remedy=RECONNECT),
    Row(422, "finished processing", TryAgain),
    Row(422, "content type", Refused, "attachments", "Use a file type that the server takes."),
    Row(422, "file", Refused, "attachments", "Use another file."),
    Row(422, "media", Refused, "attachments", "Use other attachments."),
    Row(422, "attach", Refused, "attachments", "Use other attachments."),
    Row(422, "poll", Refused, "poll", CHANGE),
    Row(422, "expires", Refused, "poll", CHANGE),
    Row(422, "options", Refused, "poll", CHANGE),
    Row(422, "language", Refused, "language", CHANGE),
    Row(422, "visibility", Refused, "options.visibility", CHANGE),
    Row(422, "", Refused, "text", CHANGE),
    Row(400, "", Refused, "text", CHANGE),
)


def said(body: Any) -> str:
    """The server's own words, at most 300 characters; a 422 may hold them one level deeper."""
    if not isinstance(body, dict):
        return ""
    words = body.get("error_description") or body.get("error") or ""
    return said(words) if isinstance(words, dict) else str(words)[:300]


def row_for(answer: Answer) -> Row | None:
    """The first row that fits an answer; None where the status decides."""
    return first_fit(TABLE, answer.status, said(answer.body))


def explaining(*, renewable: bool = False, field: str = "") -> Explain:
    """An `explain` for calls with a token.

    `renewable`: a refresh token is there, so a 401 is an expiry; `field` is at fault where the words name none.
    """

    def explain(answer: Answer) -> ConnectorError | None:
        row = row_for(answer)
        return _made(row, answer, renewable, field) if row else None

    return explain


def _made(row: Row, answer: Answer, renewable: bool, field: str) -> ConnectorError:
    words = said(answer.body)
    if row.error is TryAgain:
        return TryAgain(f"The server said: {words}", after=MEDIA_SOON, status=answer.status)
    if row.error is NeedsReconnect:
        kind = TokenExpired if renewable and answer.status == 401 else NeedsReconnect
        return kind(
            f"The server no longer accepts the sign-in{quoted(words)}.", remedy=row.remedy, status=answer.status
        )
    place = (field or row.field) if not row.word else row.field
    return Refused(f"The server refused it{quoted(words)}.", remedy=row.remedy, field=place, status=answer.status)


def explain_upload(inner: Explain) -> Explain:
    """As `inner`, but a file the server cannot process (a 500 that says so) is the file's fault, not a passing one."""

    def explain(answer: Answer) -> ConnectorError | None:
        words = said(answer.body)
        if answer.status == 500 and "processing" in words.lower():
            return Refused(
                f"The server could not process the file and said: {words}.",
                field="attachments",
                remedy="Use another file.",
                status=500,
            )
        return inner(answer)

    return explain


def explain_verify(answer: Answer) -> ConnectorError | None:
    """For verify_credentials: servers answer a dead token with 400, 401, 403 or 422 alike."""
    if answer.status in (400, 401, 403, 422):
        return NeedsReconnect(
            f"The server does not accept the access token{quoted(said(answer.body))}.",
            remedy=RECONNECT,
            status=answer.status,
        )
    return explain_server(answer)


def explain_server(answer: Answer) -> ConnectorError | None:
    """For calls that show whether a server speaks Mastodon's API at all."""
    if 300 <= answer.status < 400:
        there = answer.headers.get("Location", "")[:200]
        return Refused(
            "The server sends us to another address.",
            field="server",
            status=answer.status,
            remedy=f"Type the address it sends to: {there}" if there else "Type the server's own address.",
        )
    if 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
        return Refused(
            "This server does not speak Mastodon's API.",
            field="server",
            status=answer.status,
            remedy="Check the address: it is the part after the last @ of your full name there.",
        )
    return None
