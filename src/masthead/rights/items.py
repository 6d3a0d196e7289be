"""An item: one thing of the archive as the gate and the timeline see it, whichever table keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from masthead.contract.terms import Kind

__all__ = ["Item", "Kind", "Via"]

SHOWN_OF_MEDIA = ("kind", "url", "alt", "name", "mime", "sha256", "size")
Via = Literal["own", "export", "api", "federation"]


@dataclass(frozen=True, slots=True)
class Item:
    """One record with its origin. `id` names its shelf: "imported:5", "read:5" or "published:5:0" (publication : segment).

    `author`: handle or id on the platform, "" unknown. `terms_version`: the terms it was obtained under, "" for what was written
    here. `preference`: what its subject wishes, by use ("allow" or "deny"). `gone_at`: deleted there; the content is gone too.
    """

    id: str
    workspace_id: int
    platform: str
    channel_id: int | None
    kind: Kind
    author: str
    text: str
    url: str
    remote_id: str
    posted_at: datetime
    obtained_via: Via
    obtained_at: datetime
    operation: str = ""
    terms_version: str = ""
    preference: Mapping[str, str] = field(default_factory=dict)
    gone_at: datetime | None = None
    media: tuple[Mapping[str, Any], ...] = ()
    reply_to: str = ""
    language: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    others: tuple[str, ...] = ()
    """Ids of the same thing on other shelves."""
    account: str = ""
    """Whose archive or channel it is of; others' posts have another author."""
    listed_at: datetime | None = None
    """The time by which the timeline orders it, where that is not `posted_at`: when it was to go out."""

    @property
    def told_media(self) -> list[dict[str, Any]]:
        """Its files as they may be told of outside: not where they lie in our storage."""
        return [{name: one[name] for name in SHOWN_OF_MEDIA if name in one} for one in self.media]
