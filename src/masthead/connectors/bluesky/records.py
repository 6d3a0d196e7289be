"""The records this connector writes: a post, its embeds, and the gate that says who may reply."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from masthead.contract.values import Attachment, Delivery, Receipt

POST = "app.bsky.feed.post"
GATE = "app.bsky.feed.threadgate"
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*")
_RULES = {
    "nobody": [],
    "mentioned": [{"$type": f"{GATE}#mentionRule"}],
    "following": [{"$type": f"{GATE}#followingRule"}],
    "followers": [{"$type": f"{GATE}#followerRule"}],
}


def post(
    delivery: Delivery,
    index: int,
    *,
    facets: Sequence[Mapping[str, Any]],
    embed: Mapping[str, Any] | None,
    before: Sequence[Receipt],
    at: datetime,
) -> dict[str, Any]:
    """The post of one segment. Its date is the moment of sending, since feeds sort by it."""
    record: dict[str, Any] = {"$type": POST, "text": delivery.segments[index].text, "createdAt": stamp(at)}
    if facets:
        record["facets"] = list(facets)
    if embed:
        record["embed"] = dict(embed)
    if LANGUAGE.fullmatch(delivery.language):
        record["langs"] = [delivery.language]
    if before:
        record["reply"] = {"root": _reference(before[0]), "parent": _reference(before[-1])}
    if warning := str(delivery.options.get("content_warning") or ""):
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": warning}]}
    return record


def gate(delivery: Delivery, uri: str, at: datetime) -> dict[str, Any] | None:
    """Who may reply to the thread at `uri`; None where everybody may."""
    rules = _RULES.get(str(delivery.options.get("replies") or ""))
    return None if rules is None else {"$type": GATE, "post": uri, "allow": rules, "createdAt": stamp(at)}


def images(attachments: Sequence[Attachment], blobs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An embed of up to four images with their alt texts."""
    shown = [{"image": dict(blob), "alt": one.alt, **_ratio(one)} for one, blob in zip(attachments, blobs, strict=True)]
    return {"$type": "app.bsky.embed.images", "images": shown}


def video(attachment: Attachment, blob: Mapping[str, Any]) -> dict[str, Any]:
    """An embed of one video."""
    alt = {"alt": attachment.alt} if attachment.alt else {}
    return {"$type": "app.bsky.embed.video", "video": dict(blob), **alt, **_ratio(attachment)}


def stamp(at: datetime) -> str:
    """A moment as records write it: UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def address(did: str, collection: str, rkey: str) -> str:
    """The at:// address of a record."""
    return f"at://{did}/{collection}/{rkey}"


def key_of(uri: str) -> str:
    """The record key at the end of an at:// address."""
    return uri.rsplit("/", 1)[-1]


def _reference(receipt: Receipt) -> dict[str, str]:
    return {"uri": str(receipt.raw["uri"]), "cid": str(receipt.raw["cid"])}


def _ratio(one: Attachment) -> dict[str, Any]:
    return {"aspectRatio": {"width": one.width, "height": one.height}} if one.width and one.height else {}
