"""What a linked page says of itself, for the connectors whose platform makes no card of its own."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from masthead.contract.errors import Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import LinkPreview

PAGE_BYTES = 3_000_000
SECONDS = 8.0
TITLE_LIMIT = 300
DESCRIPTION_LIMIT = 1000
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


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
