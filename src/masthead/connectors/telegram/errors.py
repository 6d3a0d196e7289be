"""Table: status and words of Telegram's refusal -> one of our errors. What is not listed is judged by its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, Refused, TryAgain
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer
from masthead.contract.refusals import CHANGE, Row, first_fit, quoted

TOKEN = "Copy the token from @BotFather and reconnect the channel."  # noqa: S105 - words for people
ADMIT = "Make the bot an administrator of the channel or group with the right to post, then reconnect."
CHAT = "Check the name of the channel or group and that the bot is in it, then reconnect."
OTHER_FILE = "Use another file."


class Unchanged(Refused):
    """The message is already as it should be."""


TABLE = (
    Row(401, "", NeedsReconnect, "bot_token", TOKEN),
    Row(404, "", NeedsReconnect, "bot_token", TOKEN),
    Row(403, "", NeedsReconnect, "chat", ADMIT),
    Row(400, "chat not found", NeedsReconnect, "chat", CHAT),
    Row(400, "upgraded to a supergroup", NeedsReconnect, "chat", "Reconnect with the new supergroup."),
    Row(400, "member list is inaccessible", NeedsReconnect, "chat", ADMIT),
    Row(400, "not enough rights", NeedsReconnect, "chat", ADMIT),
    Row(400, "have no rights", NeedsReconnect, "chat", ADMIT),
    Row(400, "need administrator rights", NeedsReconnect, "chat", ADMIT),
    Row(400, "chat_write_forbidden", NeedsReconnect, "chat", ADMIT),
    Row(400, "message is not modified", Unchanged),
    Row(400, "message to delete not found", Gone),
    Row(400, "message to edit not found", Gone, "", "The message is gone. Publish a new one."),
    Row(400, "can't be deleted", Refused, "", "Delete it in Telegram: bots can delete a message for 48 hours."),
    Row(400, "can't be edited", Refused, "", "Telegram no longer lets the bot change it. Publish a new message."),
    Row(400, "to be replied not found", Refused, "thread", "The message it answers is gone. Schedule the rest anew."),
    Row(400, "replied message not found", Refused, "thread", "The message it answers is gone. Schedule the rest anew."),
    Row(400, "message is too long", Refused, "text", "Shorten the text."),
    Row(400, "caption is too long", Refused, "text", "Shorten the text: beside files it has 1,024 characters."),
    Row(400, "message text is empty", Refused, "text", "Write a text."),
    Row(400, "poll", Refused, "poll", CHANGE),
    Row(400, "photo", Refused, "attachments", OTHER_FILE),
    Row(400, "file", Refused, "attachments", OTHER_FILE),
    Row(400, "media", Refused, "attachments", OTHER_FILE),
    Row(413, "", Refused, "attachments", "Use a smaller file: bots send at most 50 MB."),
    Row(400, "", Refused, "text", CHANGE),
)


def said(body: Any) -> str:
    """Telegram's own words, at most 200 characters."""
    return str(body.get("description") or "")[:200] if isinstance(body, Mapping) else ""


def explain(answer: Answer) -> ConnectorError | None:
    """One of our errors for a refusal; None where the status decides."""
    if answer.status == 429:
        return limited(answer)
    words = said(answer.body)
    row = first_fit(TABLE, answer.status, words)
    if not row:
        return None
    what = "no longer lets the bot in" if row.error is NeedsReconnect else "refused it"
    return row.error(f"Telegram {what}{quoted(words)}.", remedy=row.remedy, field=row.field, status=answer.status)


def limited(answer: Answer) -> TryAgain:
    """A 429 says in its body how long to wait."""
    more = answer.body.get("parameters") if isinstance(answer.body, Mapping) else None
    told = more.get("retry_after") if isinstance(more, Mapping) else None
    wait = float(told) if isinstance(told, int | float) else retry_after(answer.headers)
    return TryAgain("Telegram's rate limit is reached.", after=wait or 60.0, whole_channel=True, status=429)
