"""Upload a video in parts to an address that YouTube gives. Until the last part arrived there is no video.

Source: https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol, read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.connectors.google.rest import call
from masthead.connectors.google.youtube import wire
from masthead.connectors.google.youtube.errors import WAY
from masthead.connectors.google.youtube.operations import SEND_LAST, SEND_PART, START_UPLOAD
from masthead.contract.errors import OutcomeUnknown, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Attachment


@dataclass(frozen=True)
class Uploading:
    """`part`: bytes of a part, a multiple of 256 KiB as YouTube wants."""

    part: int = 32 * 1024 * 1024

    async def upload(
        self, http: Http, account: Account, one: Attachment, body: Mapping[str, Any], *, notify: bool
    ) -> wire.Video:
        """The video made of a file. Only the last part can be in doubt."""
        content = await one.load()
        address = await _begun(http, account, one, len(content), body, notify=notify)
        at = 0
        while len(content) - at > self.part:
            answer = await _send(http, account, address, content, at, at + self.part, last=False, mime=one.mime)
            reached = _reached(answer)
            if not at < reached <= at + self.part:
                raise TryAgain("YouTube lost a part of the video.", after=60)
            at = reached
        answer = await _send(http, account, address, content, at, len(content), last=True, mime=one.mime)
        return _made(answer)


async def _begun(
    http: Http, account: Account, one: Attachment, size: int, body: Mapping[str, Any], *, notify: bool
) -> str:
    query = {
        "uploadType": "resumable",
        "part": ",".join(sorted(body)),
        "notifySubscribers": "true" if notify else "false",
    }
    told = {"X-Upload-Content-Length": str(size), "X-Upload-Content-Type": one.mime}
    answer = await call(http, WAY, START_UPLOAD, account, query=query, headers=told, json=body)
    if not answer.headers.get("Location"):
        raise TryAgain("YouTube named no address to upload to.", after=60)
    return str(answer.headers["Location"])


async def _send(
    http: Http, account: Account, address: str, content: bytes, start: int, end: int, *, last: bool, mime: str
) -> Answer:
    told = {"Content-Type": mime, "Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
    operation = SEND_LAST if last else SEND_PART
    return await call(http, WAY, operation, account, url=address, exact=True, headers=told, data=content[start:end])


def _reached(answer: Answer) -> int:
    """How many bytes YouTube has, by its Range header; 0 where it names none."""
    found = re.fullmatch(r"bytes=0-(\d+)", answer.headers.get("Range", ""))
    return int(found[1]) + 1 if found else 0


def _made(answer: Answer) -> wire.Video:
    body = answer.body if isinstance(answer.body, dict) else {}
    if not body.get("id"):
        raise OutcomeUnknown("YouTube took the video but did not say which one it is.", status=answer.status)
    return wire.Video.model_validate(body)
