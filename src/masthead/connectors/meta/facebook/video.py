"""A video in parts: start, send what Facebook asks for, finish. Only the last step makes a post.

Source: https://developers.facebook.com/docs/graph-api/reference/page/videos/ (upload_phase), as described in April 2026.
"""

from __future__ import annotations

from dataclasses import dataclass

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.facebook import wire
from masthead.connectors.meta.facebook.errors import WAY
from masthead.connectors.meta.facebook.operations import FINISH_VIDEO, GET_VIDEO, SEND_VIDEO, START_VIDEO
from masthead.connectors.meta.graph import File, call
from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Receipt

MOST_PARTS = 2000
FAILED = ("error", "expired", "upload_failed")


@dataclass(frozen=True)
class Videos:
    """`host` takes the files (graph-video.facebook.com)."""

    host: str

    async def publish(self, http: Http, account: Account, one: Attachment, text: str, title: str) -> Receipt:
        """Send the file and finish it with its text. The receipt is processing: the post appears when Facebook is done."""
        path = {"id": account.remote_id}
        content = await one.load()
        sent = {"upload_phase": "start", "file_size": str(len(content))}
        answer = await call(http, WAY, START_VIDEO, account, path=path, sent=sent, server=self.host)
        started = shared.read(wire.Started, answer.body)
        await self._send(http, account, started, content, one)
        sent = {"upload_phase": "finish", "upload_session_id": started.upload_session_id, "description": text}
        sent |= {"title": title} if title else {}
        answer = await call(http, WAY, FINISH_VIDEO, account, path=path, sent=sent, server=self.host)
        if not isinstance(answer.body, dict) or not answer.body.get("success"):
            raise OutcomeUnknown("Facebook did not say whether it took the video.", status=answer.status)
        video = started.video_id
        return Receipt(video, f"https://www.facebook.com/{video}", processing=True, raw={"video": video})

    async def _send(self, http: Http, account: Account, at: wire.Started, content: bytes, one: Attachment) -> None:
        start, end = at.start_offset, at.end_offset
        for _ in range(MOST_PARTS):
            if start >= end:
                return
            sent = {"upload_phase": "transfer", "upload_session_id": at.upload_session_id, "start_offset": str(start)}
            file = File("video_file_chunk", content[start:end], one.file_name or "video.mp4", one.mime)
            answer = await call(
                http,
                WAY,
                SEND_VIDEO,
                account,
                path={"id": account.remote_id},
                sent=sent,
                file=file,
                server=self.host,
            )
            wanted = shared.read(wire.Sent, answer.body)
            start, end = wanted.start_offset, wanted.end_offset
        raise TryAgain("Facebook asked for the video in too many parts.", after=300)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask how far the video is; once it is ready the receipt names the post."""
        video = str(receipt.raw.get("video") or receipt.remote_id)
        sent = {"fields": "id,permalink_url,post_id,status"}
        answer = await call(http, WAY, GET_VIDEO, account, path={"id": video}, sent=sent)
        told = shared.read(wire.Video, answer.body)
        if told.status.video_status in FAILED:
            raise Refused("Facebook could not use the video.", field="attachments", remedy="Use another file.")
        if told.status.video_status != "ready":
            return receipt
        post = told.post_id if "_" in told.post_id else f"{account.remote_id}_{told.post_id or video}"
        return Receipt(post, _absolute(told.permalink_url) or receipt.url, raw=receipt.raw)


def _absolute(link: str) -> str:
    return f"https://www.facebook.com{link}" if link.startswith("/") else link
