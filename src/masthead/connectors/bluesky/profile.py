"""What is known of an account once it is signed in: name, picture and what its server offers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from masthead.connectors.bluesky.calls import ask
from masthead.connectors.bluesky.capabilities import IMAGE_MIMES
from masthead.connectors.bluesky.identity import INVALID_HANDLE
from masthead.connectors.bluesky.operations import GET_RECORD
from masthead.connectors.bluesky.video import offers_video
from masthead.connectors.bluesky.wire import Record
from masthead.contract.errors import ConnectorError
from masthead.contract.http import Http
from masthead.contract.values import Profile

PROFILE = "app.bsky.actor.profile"


async def profile_of(
    http: Http, server: str, did: str, handle: str, secrets: Mapping[str, Any], video_service: str
) -> Profile:
    """The profile behind a sign-in; a missing profile record or video service makes it poorer, never impossible."""
    value = await _record(http, server, did)
    video = await offers_video(http, server, did, secrets, video_service)
    return Profile(
        server=server,
        remote_id=did,
        handle=handle,
        name=str(value.get("displayName") or handle),
        secrets=secrets,
        url=profile_url(did, handle),
        avatar_url=_avatar(server, did, value),
        limits={} if video else {"mimes": list(IMAGE_MIMES)},
        expires_at=expiry(secrets),
    )


async def _record(http: Http, server: str, did: str) -> Mapping[str, Any]:
    query = {"repo": did, "collection": PROFILE, "rkey": "self"}
    try:
        return (await ask(http, server, GET_RECORD, Record, query=query)).value
    except ConnectorError:
        return {}


def _avatar(server: str, did: str, value: Mapping[str, Any]) -> str:
    try:
        cid = value["avatar"]["ref"]["$link"]
    except (KeyError, TypeError):
        return ""
    return f"{server}/xrpc/com.atproto.sync.getBlob?{urlencode({'did': did, 'cid': str(cid)})}"


def profile_url(did: str, handle: str) -> str:
    """Where people see the account; by its DID where the handle is broken."""
    return f"https://bsky.app/profile/{did if handle in ('', INVALID_HANDLE) else handle}"


def expiry(secrets: Mapping[str, Any]) -> datetime | None:
    """When the access token runs out."""
    return datetime.fromtimestamp(secrets["expires"], UTC) if secrets.get("expires") else None


def expires_of(token: str) -> int:
    """The epoch at which a JWT says it runs out, read without checking it; 0 where it does not say."""
    try:
        part = token.split(".")[1]
        return int(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return 0
