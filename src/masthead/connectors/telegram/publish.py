"""Publish on Telegram. A bot cannot read what it sent, so an unclear outcome can only be settled by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from masthead.connectors.telegram import wire
from masthead.connectors.telegram.connect import call
from masthead.connectors.telegram.errors import Unchanged
from masthead.connectors.telegram.operations import DELETE, EDIT_CAPTION, EDIT_TEXT
from masthead.connectors.telegram.sending import calling, form, preview
from masthead.contract.errors import Gone, OutcomeUnknown, Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt


@dataclass(frozen=True)
class TelegramPublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Send the segment in one call, as an answer to the one before. An album is several messages, the first has the text."""
        operation, told, files = calling(account.remote_id, delivery, index, before)
        sent: dict[str, Any] = {"data": await form(told, files)} if files else {"json": told}
        answer = await call(http, operation, account.server, account.secrets, **sent)
        messages = wire.sent(answer.body)
        if not messages:
            raise OutcomeUnknown("Telegram accepted the message but did not say which one it is.", status=answer.status)
        ids = [str(one.message_id) for one in messages]
        return Receipt(ids[0], url=address(account, ids[0]), raw={"ids": ids} if len(ids) > 1 else {})

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Telegram shows a bot nothing of what it sent."""
        words = " ".join(delivery.segments[index].text.split())[:60]
        what = f"“{words}”" if words else "the post"
        evidence = f"Telegram lets a bot read nothing that it sent. Look into {account.handle} whether {what} is there."
        return Found(Presence.CANNOT_TELL, evidence)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A message is there at once, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the message, or each of an album; what is gone already is no error. Refused after 48 hours."""
        for number in receipt.raw.get("ids") or [receipt.remote_id]:
            told = {"chat_id": int(account.remote_id), "message_id": int(number)}
            try:
                await call(http, DELETE, account.server, account.secrets, json=told)
            except Gone:
                continue

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the text or the caption; files stay. Raises Refused for a poll, which Telegram does not change."""
        segment, receipt = delivery.segments[index], receipts[index]
        if segment.poll:
            raise Refused("Telegram does not change polls.", field="poll", remedy="Delete it and publish a new one.")
        told: dict[str, Any] = {"chat_id": int(account.remote_id), "message_id": int(receipt.remote_id)}
        operation = EDIT_CAPTION if segment.attachments else EDIT_TEXT
        told |= {"caption": segment.text} if segment.attachments else {"text": segment.text} | preview(delivery)
        try:
            await call(http, operation, account.server, account.secrets, json=told)
        except Unchanged:
            return receipt
        return receipt


def address(account: Account, message_id: str) -> str:
    """Where people see a message; "" in small groups, whose messages have no address."""
    if name := account.limits.get("username"):
        return f"https://t.me/{name}/{message_id}"
    number = account.remote_id.removeprefix("-100")
    return f"https://t.me/c/{number}/{message_id}" if number != account.remote_id else ""
