"""What the double of YouTube knows: apps, channels, tokens, uploads, videos."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SCOPE = "https://www.googleapis.com/auth/youtube"


class Fail(Exception):
    """Google refuses: a status, its reason and words. https://developers.google.com/youtube/v3/docs/errors"""

    def __init__(self, status: int, reason: str, message: str = "") -> None:
        super().__init__(reason)
        self.status, words = status, message or reason
        errors = [{"message": words, "domain": "youtube.common", "reason": reason}]
        self.body = {"error": {"code": status, "message": words, "errors": errors}}


@dataclass
class Upload:
    """An upload session: what was told at its begin, and the bytes so far."""

    channel: str
    body: Mapping[str, Any]
    size: int
    content: bytearray = field(default_factory=bytearray)


@dataclass
class Video:
    """A video. `left`: how many more looks find it unprocessed."""

    id: str
    channel: str
    snippet: dict[str, Any]
    status: dict[str, Any]
    at: datetime
    content: bytes
    left: int = 1
    thumbnail: bytes = b""


@dataclass
class Memory:
    """Everything the server knows. `looks`: how often a new video is found unprocessed."""

    app: tuple[str, str] = field(default_factory=lambda: (secrets.token_hex(8), secrets.token_urlsafe(24)))
    access: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    videos: list[Video] = field(default_factory=list)
    looks: int = 0
    empty: set[str] = field(default_factory=set)

    def channel(self) -> str:
        """A fresh channel."""
        number = "UC" + secrets.token_urlsafe(16)
        self.channels[number] = f"Bakery {len(self.channels)}"
        return number

    def grant(self, channel: str, *, again: bool = True) -> dict[str, Any]:
        """Tokens as the endpoint answers; a refresh brings no new refresh token."""
        access = secrets.token_urlsafe(32)
        self.access[access] = channel
        told = {"access_token": access, "expires_in": 3599, "scope": SCOPE, "token_type": "Bearer"}
        if again:
            told["refresh_token"] = secrets.token_urlsafe(32)
            self.refresh[told["refresh_token"]] = channel
        return told

    def exchanged(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Tokens for a code or a refresh token. https://developers.google.com/identity/protocols/oauth2/web-server"""
        if (form.get("client_id"), form.get("client_secret")) != self.app:
            raise Fail(401, "invalid_client")
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh:
                raise Fail(400, "invalid_grant")
            return self.grant(self.refresh[form["refresh_token"]], again=False)
        known = self.codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().strip("=")
        if not known or known["redirect_uri"] != form["redirect_uri"] or known["code_challenge"] != proof:
            raise Fail(400, "invalid_grant")
        return self.grant(known["channel"])

    def holder(self, bearer: str) -> str:
        """Whose token this is."""
        if bearer not in self.access:
            raise Fail(401, "authError", "Request had invalid authentication credentials.")
        return self.access[bearer]

    def finished(self, upload: Upload) -> Video:
        """The video of a whole upload."""
        at = datetime.now(UTC)
        latest = max((one.at for one in self.videos), default=at - timedelta(seconds=1))
        video = Video(
            secrets.token_urlsafe(8),
            upload.channel,
            dict(upload.body["snippet"]),
            dict(upload.body["status"]),
            max(at, latest + timedelta(milliseconds=1)),
            bytes(upload.content),
            self.looks,
        )
        self.videos.append(video)
        return video

    def of(self, channel: str) -> list[Video]:
        """A channel's videos, oldest first."""
        return [one for one in self.videos if one.channel == channel]
