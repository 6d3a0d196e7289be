"""How a segment is put into one call: a message, a poll, a file with a caption, or a group of files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from masthead.connectors.telegram.capabilities import QUESTION_LIMIT
from masthead.connectors.telegram.operations import (
    SEND_ANIMATION,
    SEND_AUDIO,
    SEND_DOCUMENT,
    SEND_GROUP,
    SEND_MESSAGE,
    SEND_PHOTO,
    SEND_POLL,
    SEND_VIDEO,
)
from masthead.contract.errors import Refused
from masthead.contract.operations import Operation
from masthead.contract.values import Attachment, Delivery, MediaKind, Poll, Receipt

Call = tuple[Operation, Mapping[str, Any], Mapping[str, Attachment]]
"""The operation, what it is told, and the files beside it by their names."""
KINDS = {
    MediaKind.IMAGE: ("photo", SEND_PHOTO),
    MediaKind.VIDEO: ("video", SEND_VIDEO),
    MediaKind.GIF: ("animation", SEND_ANIMATION),
    MediaKind.AUDIO: ("audio", SEND_AUDIO),
    MediaKind.DOCUMENT: ("document", SEND_DOCUMENT),
}


def calling(chat: str, delivery: Delivery, index: int, before: Sequence[Receipt]) -> Call:
    """The call that publishes a segment. Raises Refused for a poll with a long question."""
    segment, told = delivery.segments[index], shared(chat, delivery, before)
    if segment.poll:
        return SEND_POLL, told | poll(segment.text, segment.poll), {}
    if not segment.attachments:
        return SEND_MESSAGE, told | {"text": segment.text} | preview(delivery), {}
    if len(segment.attachments) > 1:
        files = {f"file{place}": one for place, one in enumerate(segment.attachments)}
        return SEND_GROUP, told | {"media": group(files, segment.text)}, files
    one = segment.attachments[0]
    name, operation = KINDS[one.kind]
    return operation, told | ({"caption": segment.text} if segment.text else {}) | measures(one), {name: one}


def shared(chat: str, delivery: Delivery, before: Sequence[Receipt]) -> dict[str, Any]:
    """What every call that sends is told."""
    told: dict[str, Any] = {"chat_id": int(chat)}
    told |= {"disable_notification": True} if delivery.options.get("silent") else {}
    told |= {"protect_content": True} if delivery.options.get("protect") else {}
    return told | ({"reply_parameters": {"message_id": int(before[-1].remote_id)}} if before else {})


def preview(delivery: Delivery) -> dict[str, Any]:
    """Whether links have previews; said again when a text is changed."""
    return {"link_preview_options": {"is_disabled": True}} if delivery.options.get("no_preview") else {}


def poll(question: str, one: Poll) -> dict[str, Any]:
    """A poll whose question is the segment's text."""
    if not 0 < len(question) <= QUESTION_LIMIT:
        raise Refused(
            f"A poll's question has 1 to {QUESTION_LIMIT} characters.", field="text", remedy="Write a shorter question."
        )
    options = [{"text": text} for text in one.options]
    more = {"allows_multiple_answers": True} if one.multiple else {}
    return {"question": question, "options": options, "open_period": one.seconds} | more


def group(files: Mapping[str, Attachment], caption: str) -> list[dict[str, Any]]:
    """An album; the first file carries the caption."""
    items = [{"type": KINDS[one.kind][0], "media": f"attach://{name}"} | measures(one) for name, one in files.items()]
    return [items[0] | ({"caption": caption} if caption else {}), *items[1:]]


def measures(one: Attachment) -> dict[str, Any]:
    """Size and length of a video, which Telegram does not read from the file at once."""
    if one.kind is not MediaKind.VIDEO:
        return {}
    told = {"width": one.width, "height": one.height, "duration": round(one.seconds)}
    return {name: value for name, value in told.items() if value} | {"supports_streaming": True}


async def form(told: Mapping[str, Any], files: Mapping[str, Attachment]) -> aiohttp.FormData:
    """A call with files: what is not text goes as JSON."""
    data = aiohttp.FormData()
    for name, value in told.items():
        data.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for place, (name, one) in enumerate(files.items(), 1):
        ending = one.mime.rpartition("/")[2].removeprefix("x-")
        data.add_field(name, await one.load(), filename=f"file{place}.{ending}", content_type=one.mime)
    return data
