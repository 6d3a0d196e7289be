"""A link card from what the linked page says of itself. A page that cannot be read gives no card, never an error."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from masthead.connectors.bluesky.calls import call
from masthead.connectors.bluesky.operations import UPLOAD_BLOB
from masthead.connectors.bluesky.wire import Uploaded, read
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, LinkPreview

PAGE_BYTES = 3_000_000
THUMB_BYTES = 1_000_000
SECONDS = 8.0
TITLE_LIMIT = 300
DESCRIPTION_LIMIT = 1000
THUMB_MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


async def card(http: Http, account: Account, url: str) -> dict[str, Any] | None:
    """The embed for a link, its picture uploaded; None where the page says nothing of use."""
    shown = await preview(http, url)
    if shown is None:
        return None
    external: dict[str, Any] = {"uri": url, "title": shown.title, "description": shown.description}
    if thumb := await _thumb(http, account, shown.image_url):
        external["thumb"] = thumb
    return {"$type": "app.bsky.embed.external", "external": external}


async def preview(http: Http, url: str) -> LinkPreview | None:
    """What a page says of itself; None where it cannot be read or has no title."""
    try:
        at, mime, body = await http.transport.fetch(
            url, max_bytes=PAGE_BYTES, seconds=SECONDS, accept="text/html,application/xhtml+xml"
        )
    except (Refused, TryAgain):
        return None
    return described(at, body) if mime in ("text/html", "application/xhtml+xml") else None


def described(url: str, body: bytes) -> LinkPreview | None:
    """Title, description and picture from a page's own meta tags (Open Graph, else Twitter cards, else plain HTML)."""
    tree = LexborHTMLParser(_decoded(body))
    named: dict[str, str] = {}
    for node in tree.css("meta"):
        name = (node.attributes.get("property") or node.attributes.get("name") or "").lower()
        named.setdefault(name, _clean(node.attributes.get("content") or ""))
    heading = tree.css_first("title")
    title = _first(named, "og:title", "twitter:title") or _clean(heading.text() if heading else "")
    image = _first(named, "og:image:secure_url", "og:image", "twitter:image", "twitter:image:src")
    if not title:
        return None
    description = _first(named, "og:description", "twitter:description", "description")
    return LinkPreview(url, title[:TITLE_LIMIT], description[:DESCRIPTION_LIMIT], urljoin(url, image) if image else "")


def _first(named: dict[str, str], *names: str) -> str:
    return next((named[name] for name in names if named.get(name)), "")


def _clean(text: str) -> str:
    return " ".join(text.split())


def _decoded(body: bytes) -> str:
    told = _CHARSET.search(body[:4096])
    try:
        return body.decode(told[1].decode() if told else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


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
