"""A link card from what the linked page says of itself. A page that cannot be read gives no card, never an error."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from masthead.connectors.bluesky.calls import call
from masthead.connectors.bluesky.operations import UPLOAD_BLOB
from masthead.connectors.bluesky.wire import Uploaded, read
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.link_preview import preview
from masthead.contract.values import Account

THUMB_BYTES = 1_000_000
SECONDS = 8.0
THUMB_MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


async def card(http: Http, account: Account, url: str) -> dict[str, Any] | None:
    """The embed for a link, its picture uploaded; None where the page says nothing of use."""
    shown = await preview(http, url)
    if shown is None:
        return None
    external: dict[str, Any] = {"uri": url, "title": shown.title, "description": shown.description}
    if thumb := await _thumb(http, account, shown.image_url):
        external["thumb"] = thumb
    return {"$type": "app.bsky.embed.external", "external": external}


async def _thumb(http: Http, account: Account, url: str) -> dict[str, Any] | None:
    if urlsplit(url).scheme not in ("http", "https"):
        return None
    try:
        _, mime, body = await http.transport.fetch(url, max_bytes=THUMB_BYTES, seconds=SECONDS, accept="image/*")
        if mime not in THUMB_MIMES or not body:
            return None
        answer = await call(http, account, UPLOAD_BLOB, data=body, headers={"Content-Type": mime})
        return read(Uploaded, answer, UPLOAD_BLOB).blob
    except (Refused, TryAgain, OutcomeUnknown):
        return None
