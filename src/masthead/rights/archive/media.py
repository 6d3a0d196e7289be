"""The files of an item: which of them are kept here, and which a browser may show."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.rights.items import Item

SHOWN = frozenset(
    (
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/mp4",
    )
)
"""What a browser shows without running anything of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in storage: its path, the name it has for people, its kind."""

    path: str
    name: str
    mime: str


def file_of(item: Item, number: int) -> Kept | None:
    """The file with this number; None where it is not kept, or would lie outside of the item's own workspace."""
    return kept(item.workspace_id, item.media[number]) if number < len(item.media) else None


def kept(workspace_id: int, medium: Mapping[str, Any]) -> Kept | None:
    """The file of a medium, where it is kept in the workspace's own part of storage."""
    path = str(medium.get("file") or "")
    if not path.startswith(f"{workspace_id}/") or posixpath.normpath(path) != path or "\\" in path:
        return None
    name = posixpath.basename(str(medium.get("name") or "").replace("\\", "/")) or posixpath.basename(path)
    return Kept(path, name, str(medium.get("mime") or "application/octet-stream"))
