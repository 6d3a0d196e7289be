"""The parts of relays' and media servers' answers that we read."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Event(Shape):
    """A signed event."""

    id: str
    pubkey: str = ""
    kind: int = 0
    created_at: int = 0
    content: str = ""
    tags: list[list[str]] = []


class Person(Shape):
    """The content of a kind 0 event."""

    name: str | None = ""
    display_name: str | None = ""
    nip05: str | None = ""
    picture: str | None = ""


class Limitation(Shape):
    """What a relay takes (NIP-11); `max_content_length` in characters."""

    max_content_length: int | None = None


class RelayInfo(Shape):
    """A relay about itself (NIP-11)."""

    limitation: Limitation | None = None


class Blob(Shape):
    """A media server's answer to an upload (BUD-02)."""

    sha256: str
    url: str = ""


def events(frames: list[Any], wanted: str) -> list[Event]:
    """The events among the frames of one subscription; malformed ones are left out."""
    found = []
    for frame in frames:
        if isinstance(frame, list) and frame[:2] == ["EVENT", wanted] and len(frame) > 2:
            try:
                found.append(Event.model_validate(frame[2]))
            except ValidationError:
                continue
    return found


def person(content: str) -> Person:
    """Who somebody says they are; nothing where it cannot be read."""
    try:
        return Person.model_validate_json(content)
    except ValidationError:
        return Person()
