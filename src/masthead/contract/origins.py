"""The origin of a server that a person typed."""

from __future__ import annotations

from urllib.parse import urlsplit

from masthead.contract.errors import Refused
from masthead.contract.guard import check_url


def origin_of(typed: str, *, allow_http: bool, example: str) -> str:
    """The origin of a host, a web address or a full name (@name@host); https where nothing is said.

    `allow_http` allows private addresses too; `example` is what a server's name looks like. Raises Refused(field="server").
    """
    text = typed.strip()
    if "://" not in text:
        text = "https://" + text.split("/", 1)[0].rsplit("@", 1)[-1]
    try:
        parts = urlsplit(text)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        origin = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        parts, origin = urlsplit("https://"), ""
    if not parts.hostname or " " in parts.hostname or parts.scheme not in ("https", "http"):
        raise Refused("This is not the name of a server.", field="server", remedy=f"Type it like {example}.")
    if parts.scheme == "http" and not allow_http:
        raise Refused(
            "The server must be reached over https.", field="server", remedy="Type the address with https://."
        )
    check_url(origin, allow_private=allow_http, field="server")
    return origin
