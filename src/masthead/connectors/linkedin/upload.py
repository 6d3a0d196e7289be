"""Upload files to LinkedIn: begin, send, finish, and wait where LinkedIn works on them. Nobody sees a file until it is posted."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from masthead.connectors.linkedin import wire
from masthead.connectors.linkedin.operations import (
    FINISH_VIDEO,
    GET_DOCUMENT,
    GET_VIDEO,
    SEND_FILE,
    START_DOCUMENT,
    START_IMAGE,
    START_VIDEO,
)
from masthead.connectors.linkedin.rest import call, headers
from masthead.contract.errors import Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Attachment, MediaKind


@dataclass(frozen=True)
class Uploading:
    """`seconds`: how long to wait for a file LinkedIn works on; `pause` between two looks."""

    seconds: float = 600.0
    pause: float = 3.0

    async def upload(self, http: Http, account: Account, one: Attachment) -> str:
        """The URN of a file that is ready to be posted."""
        content = await one.load()
        if one.kind is MediaKind.VIDEO:
            urn = await self._video(http, account, content)
            await self._until_ready(http, account, GET_VIDEO, urn)
            return urn
        if one.kind is MediaKind.DOCUMENT:
            urn = await self._whole(http, account, START_DOCUMENT, content, one.mime)
            await self._until_ready(http, account, GET_DOCUMENT, urn)
            return urn
        return await self._whole(http, account, START_IMAGE, content, one.mime)

    async def _whole(self, http: Http, account: Account, begin: Operation, content: bytes, mime: str) -> str:
        asked = {"initializeUploadRequest": {"owner": account.remote_id}}
        upload = wire.read(wire.Begun, (await call(http, begin, account, json=asked)).body).value
        await _send(http, account, upload.uploadUrl, content, mime)
        return upload.urn

    async def _video(self, http: Http, account: Account, content: bytes) -> str:
        asked = {
            "owner": account.remote_id,
            "fileSizeBytes": len(content),
            "uploadCaptions": False,
            "uploadThumbnail": False,
        }
        answer = await call(http, START_VIDEO, account, json={"initializeUploadRequest": asked})
        upload = wire.read(wire.Begun, answer.body).value
        parts = []
        for part in upload.uploadInstructions:
            chunk = content[part.firstByte : part.lastByte + 1]
            sent = await _send(http, account, part.uploadUrl, chunk, "application/octet-stream")
            parts.append(sent.headers.get("ETag", "").strip('"'))
        told = {"video": upload.urn, "uploadToken": upload.uploadToken, "uploadedPartIds": parts}
        await call(http, FINISH_VIDEO, account, json={"finalizeUploadRequest": told})
        return upload.urn

    async def _until_ready(self, http: Http, account: Account, look: Operation, urn: str) -> None:
        deadline = time.monotonic() + self.seconds
        while True:
            state = wire.read(wire.Asset, (await call(http, look, account, path={"urn": urn})).body).status
            if state == "AVAILABLE":
                return
            if state == "PROCESSING_FAILED":
                raise Refused("LinkedIn cannot use the file.", field="attachments", remedy="Use another file.")
            if time.monotonic() > deadline:
                raise TryAgain(f"LinkedIn still works on a file after {self.seconds:.0f} seconds.", after=120)
            await asyncio.sleep(self.pause)


async def _send(http: Http, account: Account, url: str, content: bytes, mime: str) -> Answer:
    """Bytes to an address that LinkedIn gave; it wants the token there as well."""
    told = {"Authorization": headers(account)["Authorization"], "Content-Type": mime}
    return await http.call(SEND_FILE, account.server, url=url, exact=True, headers=told, data=content, raw=True)
