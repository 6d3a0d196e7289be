"""Publish, look up, remove and edit messages. Transaction ids and keys make a repeat the same message."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from masthead.connectors.matrix import messages, wire
from masthead.connectors.matrix.connect import PAGES, bearer
from masthead.connectors.matrix.errors import Missing, explain, explain_upload
from masthead.connectors.matrix.lookup import seen
from masthead.connectors.matrix.messages import Part
from masthead.connectors.matrix.operations import CHANGE, REDACT, SEND, UPLOAD
from masthead.contract.errors import Refused, Unsupported
from masthead.contract.http import Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Attachment, Delivery, Found, Presence, Receipt


class MatrixPublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Send the text and then each file. On a later try only what is not there yet, so that half a segment is completed."""
        room, wanted = _room(delivery), messages.parts(delivery, index)
        there = await self._there(http, account, delivery, room) if len(wanted) > 1 and delivery.tries != 1 else {}
        sent = [there.get(one.key) or await _send(http, account, room, one, before) for one in wanted]
        return _receipt(room, sent)

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look for the keys among our own messages. Where only some are there, a repeat sends just the others."""
        room, wanted = _room(delivery), messages.parts(delivery, index)
        told = await seen(http, account, room, delivery.sent_after or delivery.created_at)
        found = [told.events[one.key] for one in wanted if one.key in told.events]
        if len(found) == len(wanted):
            return Found(Presence.FOUND, "The room has the messages with these keys.", _receipt(room, found))
        if not told.whole:
            return Found(Presence.CANNOT_TELL, "There are too many messages of ours in the room to read them all.")
        some = f"{len(found)} of {len(wanted)} messages" if found else "no message"
        return Found(
            Presence.ABSENT, f"All messages of ours in the room since the first try were read; {some} had the key."
        )

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Nothing is ever in processing."""
        return receipt

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Take every message of the segment back; one that is gone already is no error."""
        room = str(receipt.raw.get("room", ""))
        for event in receipt.raw.get("events") or [receipt.remote_id]:
            path = {
                "room": quote(room, safe=""),
                "event": quote(event, safe=""),
                "txn": f"remove-{quote(event, safe='')}",
            }
            try:
                await http.call(REDACT, account.server, path=path, json={}, headers=bearer(account), explain=explain)
            except Missing:
                continue

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Replace the text. Unsupported where the message had none, or would have none."""
        receipt, segment = receipts[index], delivery.segments[index]
        events = receipt.raw.get("events") or [receipt.remote_id]
        if not segment.text or len(events) != len(messages.parts(delivery, index)):
            raise Unsupported(
                "Only the text of a message can be changed.", remedy="Delete the post and publish it again."
            )
        told = messages.changed(segment.text, receipt.remote_id)
        await _put(http, account, CHANGE, str(receipt.raw.get("room", "")), f"edit-{secrets.token_hex(8)}", told)
        return receipt

    async def _there(self, http: Http, account: Account, delivery: Delivery, room: str) -> Mapping[str, str]:
        return (await seen(http, account, room, delivery.sent_after or delivery.created_at)).events


def _room(delivery: Delivery) -> str:
    room = str(delivery.options.get("room") or "")
    if not room:
        raise Refused("No room is chosen.", field="room", remedy="Choose a room.")
    return room


async def _send(http: Http, account: Account, room: str, part: Part, before: Sequence[Receipt]) -> str:
    uri = await _upload(http, account, part.file) if part.file else ""
    return await _put(http, account, SEND, room, part.key, messages.content(part, uri, before))


async def _put(http: Http, account: Account, operation: Operation, room: str, txn: str, told: Mapping[str, Any]) -> str:
    answer = await http.call(
        operation,
        account.server,
        path={"room": quote(room, safe=""), "txn": txn},
        json=dict(told),
        headers=bearer(account),
        explain=explain,
    )
    return wire.read(wire.Sent, answer, operation).event_id


async def _upload(http: Http, account: Account, one: Attachment) -> str:
    """A lost answer leaves at most a file that no message shows."""
    answer = await http.call(
        UPLOAD,
        account.server,
        query={"filename": messages.name_of(one)},
        data=await one.load(),
        headers=bearer(account) | {"Content-Type": one.mime},
        explain=explain_upload,
    )
    return wire.read(wire.Uploaded, answer, UPLOAD).content_uri


def _receipt(room: str, events: Sequence[str]) -> Receipt:
    address = f"{PAGES}/{quote(room, safe='')}/{quote(events[0], safe='')}"
    return Receipt(events[0], address, raw={"room": room, "events": list(events)})
