"""Upload files to X: pictures in one request, animations and videos in chunks, then wait until X is done with them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from masthead.connectors.x import wire
from masthead.connectors.x.connect import bearer, renewable
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.operations import APPEND, DESCRIBE, FINALIZE, INITIALIZE, UPLOAD, UPLOAD_STATUS
from masthead.contract.errors import Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Attachment, MediaKind

CATEGORY = {MediaKind.IMAGE: "tweet_image", MediaKind.GIF: "tweet_gif", MediaKind.VIDEO: "tweet_video"}
CHUNK = 4 * 1024 * 1024
MOST_CHUNKS = 1000
OTHER_FILE = "Use another file."


@dataclass(frozen=True)
class Uploading:
    """`seconds`: how long to wait for a file X works on; `first_pause` where X does not say when to ask again."""

    seconds: float = 600.0
    first_pause: float = 1.0

    async def upload(self, http: Http, account: Account, one: Attachment) -> str:
        """The id of a file that is ready to be attached, with its description. A lost answer leaves only a file nobody sees."""
        content = await one.load()
        if one.kind is MediaKind.IMAGE:
            upload = await self._whole(http, account, one, content)
        else:
            upload = await self._in_chunks(http, account, one, content)
        await self._until_ready(http, account, upload)
        if one.alt and one.kind is not MediaKind.VIDEO:
            body = {"id": upload.id, "metadata": {"alt_text": {"text": one.alt}}}
            await _call(http, account, DESCRIBE, json=body)
        return upload.id

    async def _whole(self, http: Http, account: Account, one: Attachment, content: bytes) -> wire.Upload:
        form = aiohttp.FormData()
        form.add_field("media_category", CATEGORY[one.kind])
        form.add_field("media", content, filename="media", content_type=one.mime)
        return wire.data_of(wire.Upload, (await _call(http, account, UPLOAD, data=form)).body)

    async def _in_chunks(self, http: Http, account: Account, one: Attachment, content: bytes) -> wire.Upload:
        told = {"media_type": one.mime, "media_category": CATEGORY[one.kind], "total_bytes": len(content)}
        begun = wire.data_of(wire.Upload, (await _call(http, account, INITIALIZE, json=told)).body)
        size = max(CHUNK, -(-len(content) // MOST_CHUNKS))
        for index, start in enumerate(range(0, len(content), size)):
            form = aiohttp.FormData()
            form.add_field("segment_index", str(index))
            form.add_field("media", content[start : start + size], filename="media", content_type=one.mime)
            await _call(http, account, APPEND, path={"id": begun.id}, data=form)
        answer = await _call(http, account, FINALIZE, path={"id": begun.id})
        return wire.data_of(wire.Upload, answer.body)

    async def _until_ready(self, http: Http, account: Account, upload: wire.Upload) -> None:
        deadline = time.monotonic() + self.seconds
        while state := upload.processing_info:
            if state.state == "succeeded":
                return
            if state.state == "failed":
                why = str(state.error.get("message") or "")[:200]
                raise Refused(
                    f"X cannot use the file{f' and said: {why}' if why else ''}.",
                    field="attachments",
                    remedy=OTHER_FILE,
                )
            if time.monotonic() > deadline:
                raise TryAgain(f"X still works on a file after {self.seconds:.0f} seconds.", after=120)
            await asyncio.sleep(min(15.0, max(self.first_pause, state.check_after_secs)))
            query = {"command": "STATUS", "media_id": upload.id}
            upload = wire.data_of(wire.Upload, (await _call(http, account, UPLOAD_STATUS, query=query)).body)


async def _call(http: Http, account: Account, operation: Operation, **rest: Any) -> Answer:
    explain = explaining(renewable=renewable(account), field="attachments")
    return await http.call(operation, account.server, headers=bearer(account), explain=explain, **rest)
