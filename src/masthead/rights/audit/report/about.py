"""What a report says of how it came about, so that somebody else can do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Input:
    """A part of the corpus: where it lies, its SHA-256 in hex (empty where not known), decoded bytes and documents."""

    place: str
    sha256: str
    size: int
    documents: int


@dataclass(frozen=True, slots=True)
class About:
    """How an audit was made. Times and versions come from the caller; nothing here looks at a clock."""

    made_at: str
    """ISO date and time with its zone."""
    version: str
    command: str
    """What to type to do it again."""
    posts_sha256: str
    inputs: tuple[Input, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the signed statement."""
        return asdict(self)
