"""What the double of Pinterest knows: a board everybody shares, Pins, videos, and the rules for them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from masthead.connectors.tests.app_memory import AppMemory, Person

SHARED_BOARD = "1001"
"""A group board on which every account may pin; the tests' options name it."""


class Fail(Exception):
    """Pinterest refuses: a status, its own code and its words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message}


@dataclass
class Video:
    """A video: what came, and how many more times Pinterest says that it is still at work."""

    id: str
    owner: str
    content: bytes = b""
    left: int = 1


@dataclass
class Pin:
    """A Pin as it was made."""

    id: str
    owner: str
    board: str
    at: datetime
    words: dict[str, str]
    media_type: str
    pictures: int


@dataclass
class Memory(AppMemory):
    """`trial`: the app has Trial access; `beta`: it may change Pins."""

    seconds: int = 2_592_000
    trial: bool = False
    beta: bool = True
    pins: list[Pin] = field(default_factory=list)
    videos: dict[str, Video] = field(default_factory=dict)

    def make(self, person: Person, body: Mapping[str, Any]) -> Pin:
        """Make a Pin, or refuse it as Pinterest does."""
        if self.trial:
            raise Fail(403, 29, "Apps with Trial access may not create Pins in production.")
        if body.get("board_id") != SHARED_BOARD:
            raise Fail(404, 40, "Board not found.")
        kind, pictures = self._shown(person, body["media_source"])
        words = {name: str(body.get(name) or "") for name in ("title", "description", "link", "alt_text")}
        pin = Pin(self.new_id(), person.id, body["board_id"], self.clock.now(), words, kind, pictures)
        self.pins.append(pin)
        return pin

    def _shown(self, person: Person, source: Mapping[str, Any]) -> tuple[str, int]:
        if source["source_type"] == "video_id":
            video = self.videos.get(source["media_id"])
            if not video or video.owner != person.id or not video.content or video.left > 0:
                raise Fail(400, 1, "The video is not ready.")
            if not {"cover_image_key_frame_time", "cover_image_url", "cover_image_data"} & set(source):
                raise Fail(400, 1, "A video needs a cover image.")
            return "video", 0
        items = source.get("items") or [source]
        for one in items:
            start = base64.b64decode(one["data"])[:4]
            wanted = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff"}[one["content_type"]]
            if not start.startswith(wanted):
                raise Fail(400, 1, "The image is not what it says.")
        return ("multiple_images" if len(items) > 1 else "image"), len(items)

    def mine(self, person: Person, number: str) -> Pin:
        """One's own Pin. Fail(404) where there is none."""
        found = next((one for one in self.pins if one.id == number and one.owner == person.id), None)
        if not found:
            raise Fail(404, 50, "Pin not found.")
        return found
