"""Publish on Discord: one message for each segment, with a nonce that Discord checks for some minutes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from masthead.connectors.discord import lookup, wire
from masthead.connectors.discord.capabilities import EVERYONE, NOBODY, PEOPLE, QUESTION_LIMIT
from masthead.connectors.discord.connect import headers_for
from masthead.connectors.discord.errors import explain
from masthead.connectors.discord.operations import CREATE_MESSAGE, DELETE_MESSAGE, EDIT_MESSAGE
from masthead.contract.errors import Gone, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment, Delivery, Found, Poll, Receipt

SUPPRESS_EMBEDS, SILENT = 1 << 2, 1 << 12
PARSED = {NOBODY: [], PEOPLE: ["users", "roles"], EVERYONE: ["users", "roles", "everyone"]}
NONCE_LENGTH = 25


@dataclass(frozen=True)
class DiscordPublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Send the segment with its files as one message, as an answer to the one before."""
        body, files = content(delivery, index, before), delivery.segments[index].attachments
        sent: dict[str, Any] = {"data": await form(body, files)} if files else {"json": body}
        path, headers = {"channel": account.remote_id}, headers_for(account.secrets)
        answer = await http.call(CREATE_MESSAGE, account.server, path=path, headers=headers, explain=explain, **sent)
        return lookup.receipt_of(account, _made(answer))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the bot's messages in the channel since the first try."""
        return await lookup.find(http, account, delivery, index, before)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A message is there at once, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the message; one that is gone already is no error."""
        path = {"channel": account.remote_id, "message": receipt.remote_id}
        try:
            await http.call(
                DELETE_MESSAGE, account.server, path=path, headers=headers_for(account.secrets), explain=explain
            )
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the message's text; its files stay. Raises Refused for a poll, which Discord does not change."""
        segment = delivery.segments[index]
        if segment.poll:
            raise Refused("Discord does not change polls.", field="poll", remedy="Delete it and publish a new one.")
        body: dict[str, Any] = {"content": segment.text, "allowed_mentions": _mentions(delivery)}
        body |= {"flags": SUPPRESS_EMBEDS} if delivery.options.get("suppress_embeds") else {}
        path = {"channel": account.remote_id, "message": receipts[index].remote_id}
        await http.call(
            EDIT_MESSAGE, account.server, path=path, json=body, headers=headers_for(account.secrets), explain=explain
        )
        return receipts[index]


def content(delivery: Delivery, index: int, before: Sequence[Receipt]) -> dict[str, Any]:
    """The body of a message. A poll's question is the text. Raises Refused(field="text") where that is too long for one."""
    segment, options = delivery.segments[index], delivery.options
    flags = (SUPPRESS_EMBEDS if options.get("suppress_embeds") else 0) | (SILENT if options.get("silent") else 0)
    body: dict[str, Any] = {"nonce": nonce(delivery, index), "enforce_nonce": True}
    body |= {"allowed_mentions": _mentions(delivery)} | ({"flags": flags} if flags else {})
    body |= {"poll": _poll(segment.text, segment.poll)} if segment.poll else {"content": segment.text}
    if before:
        body["message_reference"] = {"message_id": before[-1].remote_id, "fail_if_not_exists": True}
    if segment.attachments:
        body["attachments"] = [
            {"id": str(place), "filename": named(one, place)} | ({"description": one.alt} if one.alt else {})
            for place, one in enumerate(segment.attachments)
        ]
    return body


def nonce(delivery: Delivery, index: int) -> str:
    """The segment's key in the length Discord takes."""
    return hashlib.sha256(delivery.segment_key(index).encode()).hexdigest()[:NONCE_LENGTH]


def named(one: Attachment, place: int) -> str:
    """A name for a file that says nothing about it but its type."""
    return f"file{place + 1}.{one.mime.rpartition('/')[2].removeprefix('x-')}"


async def form(body: dict[str, Any], files: Sequence[Attachment]) -> aiohttp.FormData:
    """A message with files: its body as JSON, then each file under its place."""
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps(body), content_type="application/json")
    for place, one in enumerate(files):
        data.add_field(f"files[{place}]", await one.load(), filename=named(one, place), content_type=one.mime)
    return data


def _mentions(delivery: Delivery) -> dict[str, Any]:
    chosen = str(delivery.options.get("mentions") or NOBODY)
    return {"parse": PARSED.get(chosen, []), "replied_user": False}


def _poll(question: str, poll: Poll) -> dict[str, Any]:
    if not 0 < len(question) <= QUESTION_LIMIT:
        raise Refused(
            f"A poll's question has 1 to {QUESTION_LIMIT} characters.", field="text", remedy="Write a shorter question."
        )
    return {
        "question": {"text": question},
        "answers": [{"poll_media": {"text": one}} for one in poll.options],
        "allow_multiselect": poll.multiple,
        "duration": max(1, -(-poll.seconds // 3600)),
    }


def _made(answer: Answer) -> str:
    """The id of a new message. An answer without one proves nothing: it is looked up."""
    try:
        return wire.read(wire.Message, answer.body).id
    except TryAgain:
        raise OutcomeUnknown(
            "Discord accepted the message but did not say which one it is.", status=answer.status
        ) from None
