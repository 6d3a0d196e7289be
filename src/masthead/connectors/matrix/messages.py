"""A segment as messages: its text, then a message for each file. Each has a key that is the same on every try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from masthead.contract.values import Attachment, Delivery, MediaKind, Receipt

KEY = "app.masthead.key"
"""A field of our own in a message's content; clients pass over fields they do not know."""
KINDS = {
    MediaKind.IMAGE: "m.image",
    MediaKind.GIF: "m.image",
    MediaKind.VIDEO: "m.video",
    MediaKind.AUDIO: "m.audio",
}


@dataclass(frozen=True)
class Part:
    """One message to be: its key, which is its transaction id as well, and the text or the file."""

    key: str
    text: str = ""
    file: Attachment | None = None


def parts(delivery: Delivery, index: int) -> list[Part]:
    """The messages of a segment, in order."""
    segment, key = delivery.segments[index], delivery.segment_key(index)
    files = [Part(f"{key}-{place}", file=one) for place, one in enumerate(segment.attachments)]
    return ([Part(key, text=segment.text)] if segment.text or not files else []) + files


def content(part: Part, uri: str, before: Sequence[Receipt]) -> dict[str, Any]:
    """What a message says; `uri` is where its file lies."""
    told: dict[str, Any] = {KEY: part.key, **(file(part.file, uri) if part.file else text(part.text))}
    return told | ({"m.relates_to": in_thread(before)} if before else {})


def text(written: str) -> dict[str, Any]:
    """A plain text."""
    return {"msgtype": "m.text", "body": written}


def changed(written: str, event_id: str) -> dict[str, Any]:
    """A new text for a message that is there; clients without edits show the body with a star."""
    return {
        "msgtype": "m.text",
        "body": f"* {written}",
        "m.new_content": text(written),
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


def file(one: Attachment, uri: str) -> dict[str, Any]:
    """A file; its description is the body, which readers of screens are told."""
    info: dict[str, Any] = {"mimetype": one.mime, "size": one.size}
    if one.width and one.height:
        info |= {"w": one.width, "h": one.height}
    if one.seconds:
        info["duration"] = int(one.seconds * 1000)
    return {"msgtype": KINDS.get(one.kind, "m.file"), "body": one.alt or name_of(one), "url": uri, "info": info}


def name_of(one: Attachment) -> str:
    """A name with an ending for a file."""
    return one.file_name or f"file.{one.mime.rpartition('/')[2]}"


def in_thread(before: Sequence[Receipt]) -> dict[str, Any]:
    """The place in the thread that the first segment began."""
    return {
        "rel_type": "m.thread",
        "event_id": before[0].remote_id,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": before[-1].remote_id},
    }


def key_of(told: Mapping[str, Any]) -> str:
    """The key in a message's content; "" where there is none."""
    found = told.get(KEY)
    return found if isinstance(found, str) else ""
