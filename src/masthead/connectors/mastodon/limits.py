"""From what a server tells about itself to the limits stored with the channel (keys as in `Capabilities.narrowed`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from masthead.connectors.mastodon.capabilities import CAPABILITIES

Body = Mapping[str, Any]
KNOWN_MIMES = frozenset(mime for rule in CAPABILITIES.media for mime in rule.mimes)

DROPS_CONNECTIONS = "drops_connections"
DROPPING = ("snac",)
"""Servers, by the name in `version`, that close every connection after one answer without saying so. A post on such a
connection would get lost half of the time; each call then opens its own. Seen with snac 2.75 and 2.96."""

PLACES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("text_limit", (("configuration", "statuses", "max_characters"), ("max_toot_chars",), ("max_characters",))),
    ("url_length", (("configuration", "statuses", "characters_reserved_per_url"),)),
    ("max_attachments", (("configuration", "statuses", "max_media_attachments"), ("max_media_attachments",))),
    ("image_max_bytes", (("configuration", "media_attachments", "image_size_limit"), ("upload_limit",))),
    ("image_max_pixels", (("configuration", "media_attachments", "image_matrix_limit"),)),
    ("video_max_bytes", (("configuration", "media_attachments", "video_size_limit"), ("upload_limit",))),
    ("video_max_pixels", (("configuration", "media_attachments", "video_matrix_limit"),)),
    ("alt_limit", (("configuration", "media_attachments", "description_limit"), ("description_limit",))),
    ("poll_max_options", (("configuration", "polls", "max_options"), ("poll_limits", "max_options"))),
    (
        "poll_option_limit",
        (("configuration", "polls", "max_characters_per_option"), ("poll_limits", "max_option_chars")),
    ),
)
"""Limit and where it stands, the first that holds a positive number counts: Mastodon, then Pleroma and its kin."""


def limits_in(instance: Any) -> dict[str, Any]:
    """The limits in the body of /api/v2/instance or /api/v1/instance; what is missing or senseless is left out."""
    if not isinstance(instance, dict):
        return {}
    found: dict[str, Any] = {}
    for name, paths in PLACES:
        number = next((value for path in paths if (value := _number(instance, path))), 0)
        if number:
            found[name] = number
    mimes = _at(instance, ("configuration", "media_attachments", "supported_mime_types"))
    told = (
        sorted(KNOWN_MIMES.intersection(one for one in mimes if isinstance(one, str)))
        if isinstance(mimes, list)
        else []
    )
    drops = any(name in str(instance.get("version", "")).lower() for name in DROPPING)
    return found | ({"mimes": told} if told else {}) | ({DROPS_CONNECTIONS: True} if drops else {})


def domain_in(instance: Any) -> str:
    """The name the server goes by in handles, "" where it does not say."""
    value = instance.get("domain") or instance.get("uri") if isinstance(instance, dict) else ""
    return str(value or "").removeprefix("https://").removeprefix("http://").strip("/")[:255]


def _at(body: Body, path: tuple[str, ...]) -> Any:
    value: Any = body
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _number(body: Body, path: tuple[str, ...]) -> int:
    value = _at(body, path)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
