"""Publish on Misskey: files into the drive, then one note at a time; look it up, delete it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from pydantic import ValidationError

from masthead.connectors.misskey import lookup, wire
from masthead.connectors.misskey.connect import signed
from masthead.connectors.misskey.errors import explain
from masthead.connectors.misskey.operations import CREATE_NOTE, DELETE_NOTE, UPLOAD
from masthead.contract.errors import Gone, OutcomeUnknown, Unsupported
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment, Delivery, Found, Receipt


@dataclass(frozen=True)
class MisskeyPublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the segment's files, then post it as an answer to the one before. Only the note can be in doubt."""
        hidden = bool(delivery.options.get("sensitive"))
        files = [await _upload(http, account, one, hidden) for one in delivery.segments[index].attachments]
        body = signed(account, **content(delivery, index, files))
        body |= {"replyId": before[-1].remote_id} if before else {}
        answer = await http.call(CREATE_NOTE, account.server, json=body, explain=explain)
        return lookup.receipt_of(account, _created(answer))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the account's own notes since the first try."""
        return await lookup.find(http, account, delivery, index, before)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A note is there at once, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the note; one that is gone already is no error."""
        try:
            await http.call(
                DELETE_NOTE, account.server, json=signed(account, noteId=receipt.remote_id), explain=explain
            )
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Misskey has no edits."""
        raise Unsupported("Notes cannot be edited.", remedy="Delete the note and publish a new one.")


def content(delivery: Delivery, index: int, files: Sequence[str]) -> dict[str, Any]:
    """The note, without the token and without what is empty, which Misskey refuses."""
    segment, options = delivery.segments[index], delivery.options
    body: dict[str, Any] = {"visibility": str(options.get("visibility") or "public")}
    body |= {"text": segment.text} if segment.text.strip() else {}
    body |= {"fileIds": list(files)} if files else {}
    body |= {"cw": str(options["cw"])} if options.get("cw") else {}
    body |= {"localOnly": True} if options.get("local_only") else {}
    if segment.poll:
        poll = segment.poll
        body["poll"] = {
            "choices": list(poll.options),
            "multiple": poll.multiple,
            "expiredAfter": poll.seconds * 1000,
        }
    return body


async def _upload(http: Http, account: Account, one: Attachment, hidden: bool) -> str:
    """The id of an uploaded file. A lost answer leaves at most a file that nobody sees."""
    form = aiohttp.FormData()
    for name, value in _told(account, one, hidden).items():
        form.add_field(name, value)
    form.add_field("file", await one.load(), filename=_named(one), content_type=one.mime)
    answer = await http.call(UPLOAD, account.server, data=form, explain=explain)
    return wire.read(wire.File, answer.body).id


def _told(account: Account, one: Attachment, hidden: bool) -> dict[str, str]:
    """The fields of an upload. They stand before the file: servers read only those. Without `force` a file that is in the drive
    already is given back with its old description."""
    told: dict[str, str] = signed(account, force="true")
    return told | ({"comment": one.alt} if one.alt else {}) | ({"isSensitive": "true"} if hidden else {})


def _named(one: Attachment) -> str:
    return one.file_name or f"file.{one.mime.rpartition('/')[2].removeprefix('x-')}"


def _created(answer: Answer) -> wire.Note:
    """The new note. An answer that names none proves nothing: it is looked up."""
    try:
        return wire.Created.model_validate(answer.body).createdNote
    except ValidationError:
        raise OutcomeUnknown(
            "The server accepted the note but did not say which one it is.", status=answer.status
        ) from None
