"""Table: status and code of Discord's refusal -> one of our errors. What is not listed is judged by its status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, Refused, TryAgain
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer
from masthead.contract.refusals import CHANGE, quoted

RECONNECT = "Make a new token in Discord's developer portal (Bot, Reset Token) and reconnect the channel."
PERMIT = "Give the bot View Channel, Send Messages, Attach Files and Read Message History there, then reconnect."
INVITE = "Check that the channel is still there and that the bot is on the server, then reconnect."


@dataclass(frozen=True, slots=True)
class Row:
    """A refusal: its status, its code (0 for any), a word of what it says ("" for any), the error, the field, what to do."""

    status: int
    code: int
    word: str
    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE


TABLE = (
    Row(401, 0, "", NeedsReconnect, "bot_token", RECONNECT),
    Row(403, 50001, "", NeedsReconnect, "channel", PERMIT),
    Row(403, 50013, "", NeedsReconnect, "channel", PERMIT),
    Row(400, 160002, "", NeedsReconnect, "channel", PERMIT),
    Row(404, 10003, "", NeedsReconnect, "channel", INVITE),
    Row(404, 10008, "", Gone, "thread", "The message it refers to is gone. Schedule the rest as a new post."),
    Row(400, 200000, "", Refused, "text", "The server's AutoMod blocks the text. Change it, or ask its moderators."),
    Row(400, 240000, "", Refused, "text", "Discord takes a link for harmful. Leave it out."),
    Row(413, 0, "", Refused, "attachments", "Use smaller files: all of a message together take 25 MiB."),
    Row(400, 40005, "", Refused, "attachments", "Use smaller files: all of a message together take 25 MiB."),
    Row(400, 50006, "", Refused, "text", "Write a text or attach a file."),
    Row(400, 50035, "message_reference", Refused, "thread", "The message it answers is gone. Schedule the rest anew."),
    Row(400, 50035, "poll", Refused, "poll", CHANGE),
    Row(400, 50035, "attachments", Refused, "attachments", CHANGE),
    Row(400, 50035, "content", Refused, "text", CHANGE),
    Row(400, 0, "", Refused, "text", CHANGE),
    Row(403, 0, "", Refused, "", "Discord does not allow it there. " + PERMIT),
    Row(404, 0, "", NeedsReconnect, "channel", INVITE),
)


def said(body: Any) -> str:
    """Discord's own words, at most 200 characters."""
    return str(body.get("message") or "")[:200] if isinstance(body, Mapping) else ""


def row_for(answer: Answer) -> Row | None:
    """The first row that fits an answer; None where the status decides."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    words = json.dumps(body.get("errors", {})).lower()
    fits = (row for row in TABLE if row.status == answer.status and row.code in (0, body.get("code")))
    return next((row for row in fits if row.word in words), None)


def explain(answer: Answer) -> ConnectorError | None:
    """One of our errors for a refusal; None where the status decides."""
    if answer.status == 429:
        return limited(answer)
    row = row_for(answer)
    if not row:
        return None
    words = said(answer.body)
    what = "no longer lets the bot in" if row.error is NeedsReconnect else "refused it"
    return row.error(f"Discord {what}{quoted(words)}.", remedy=row.remedy, field=row.field, status=answer.status)


def limited(answer: Answer) -> TryAgain:
    """A 429: how long to wait; a global one is the whole bot's."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    told = body.get("retry_after")
    wait = max(retry_after(answer.headers) or 0.0, float(told) if isinstance(told, int | float) else 0.0)
    scope = "app" if body.get("global") or answer.headers.get("X-RateLimit-Global") else "account"
    return TryAgain("Discord's rate limit is reached.", after=wait or 300, whole_channel=True, scope=scope, status=429)
