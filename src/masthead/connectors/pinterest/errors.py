"""Table: status and words of Pinterest's refusal -> one of our errors. What is not listed is judged by its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, Refused, TokenExpired, TryAgain, Unsupported
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer, Explain
from masthead.contract.refusals import RECONNECT, Row, first_fit, quoted

STANDARD = "Ask Pinterest for Standard access for the developer app: apps with Trial access cannot do this."
OTHER_FILE = "Use another file."


TABLE = (
    Row(401, "", NeedsReconnect, remedy=RECONNECT),
    Row(403, "trial access", Unsupported, remedy=STANDARD),
    Row(403, "beta", Unsupported, remedy="Pinterest does not offer this to every developer app."),
    Row(403, "scope", NeedsReconnect, remedy=RECONNECT),
    Row(403, "board", Refused, "options.board", "Choose a board the account may pin to."),
    Row(403, "spam", Refused, "text", "Pinterest takes this for spam. Change the text or the link."),
    Row(403, "link", Refused, "options.link", "Pinterest does not take this link. Use another one."),
    Row(
        403,
        "",
        Refused,
        "",
        "The account or the developer app may not do this. Choose another board, or change the post.",
    ),
    Row(404, "pin", Gone, "", "The Pin is gone."),
    Row(404, "board", Gone, "options.board", "The board is gone. Reconnect the channel and choose another."),
    Row(404, "", Gone),
    Row(400, "board", Refused, "options.board", "Choose another board."),
    Row(400, "link", Refused, "options.link", "Use another link."),
    Row(400, "url", Refused, "options.link", "Use another link."),
    Row(400, "title", Refused, "options.title"),
    Row(400, "image", Refused, "attachments", OTHER_FILE),
    Row(400, "media", Refused, "attachments", OTHER_FILE),
    Row(400, "video", Refused, "attachments", OTHER_FILE),
    Row(400, "", Refused, "text"),
    Row(413, "", Refused, "attachments", "Use a smaller file."),
)


def said(body: Any) -> str:
    """Pinterest's own words, at most 300 characters."""
    return str(body.get("message") or "")[:300] if isinstance(body, Mapping) else ""


def explaining(*, renewable: bool = False) -> Explain:
    """An `explain` for calls with a token. `renewable`: a refresh token is there."""

    def explain(answer: Answer) -> ConnectorError | None:
        if answer.status == 429:
            wait = retry_after(answer.headers) or 60.0
            return TryAgain("Pinterest's rate limit is reached.", after=wait, whole_channel=True, status=429)
        row = first_fit(TABLE, answer.status, said(answer.body))
        return _made(row, answer, renewable) if row else None

    return explain


def _made(row: Row, answer: Answer, renewable: bool) -> ConnectorError:
    words = said(answer.body)
    if row.error is NeedsReconnect:
        kind = TokenExpired if renewable and answer.status == 401 else NeedsReconnect
        return kind(f"Pinterest no longer accepts the sign-in{quoted(words)}.", remedy=row.remedy, status=answer.status)
    return row.error(f"Pinterest refused it{quoted(words)}.", remedy=row.remedy, field=row.field, status=answer.status)
