"""Publish on Slack: a message with its key in the metadata, or files with the key in their names; look up, change, delete."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.connectors.slack import lookup, wire
from masthead.connectors.slack.calls import call, call_inside
from masthead.connectors.slack.operations import DELETE, DELETE_FILE, POST, SHARE, UPDATE, UPLOAD, UPLOAD_URL
from masthead.contract.errors import ConnectorError, Gone, OutcomeUnknown, TryAgain
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, MediaKind, Receipt

DESCRIBED = (MediaKind.IMAGE, MediaKind.GIF)


@dataclass(frozen=True)
class SlackPublisher:
    """The publish part. Shared files become a message a little later: it is looked for `looks` times, `pause` seconds apart."""

    looks: int = 8
    pause: float = 1.0

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Send the segment; later parts of a thread answer its first message, as Slack's threads have one level."""
        segment, root = delivery.segments[index], before[0].remote_id if before else ""
        if segment.attachments:
            return await self._share(http, account, delivery, index, before)
        sent = {"channel": account.remote_id, "text": escaped(segment.text), "metadata": _metadata(delivery, index)}
        sent |= {"thread_ts": root} if root else {}
        sent |= {"unfurl_links": "false", "unfurl_media": "false"} if delivery.options.get("no_preview") else {}
        sent |= {"mrkdwn": "false"} if delivery.options.get("plain") else {}
        body = await call_inside(http, POST, account, sent)
        try:
            return lookup.receipt_of(account, wire.read(wire.Sent, body), root)
        except TryAgain:
            raise OutcomeUnknown("Slack accepted the message but did not say which one it is.") from None

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look for the segment's key in the channel since the first try."""
        return await lookup.find(http, account, delivery, index, before)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A message that has an id is there, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the message's files and the message; what is gone already is no error."""
        steps = [(DELETE_FILE, {"file": one}) for one in receipt.raw.get("files", ())]
        for operation, sent in (*steps, (DELETE, {"channel": account.remote_id, "ts": receipt.remote_id})):
            try:
                await call(http, operation, account.server, account.secrets, sent)
            except Gone:
                continue

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the message's text; its files and its key stay."""
        sent = {"channel": account.remote_id, "ts": receipts[index].remote_id}
        sent |= {"text": escaped(delivery.segments[index].text), "metadata": _metadata(delivery, index)}
        await call(http, UPDATE, account.server, account.secrets, sent)
        return receipts[index]

    async def _share(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        segment, key = delivery.segments[index], lookup.key_of(delivery, index)
        uploads = [await upload(http, account, one, key, place) for place, one in enumerate(segment.attachments, 1)]
        await lookup.page(
            http, account, "", limit="1"
        )  # joins the channel where need be: sharing may not say that it failed
        sent = {"channel_id": account.remote_id, "files": json.dumps(uploads)}
        sent |= {"initial_comment": escaped(segment.text)} if segment.text else {}
        sent |= {"thread_ts": before[0].remote_id} if before else {}
        await call_inside(http, SHARE, account, sent)
        for _ in range(self.looks):
            try:
                found = await self.find(http, account, delivery, index, before)
            except ConnectorError:
                break
            if found.receipt:
                return found.receipt
            await asyncio.sleep(self.pause)
        raise OutcomeUnknown("Slack took the files, but shows no message with them yet.")


async def upload(http: Http, account: Account, one: Attachment, key: str, place: int) -> dict[str, str]:
    """Upload a file that nobody sees yet; its id and title for sharing it. A lost answer leaves nothing visible."""
    content = await one.load()
    ending = one.mime.rpartition("/")[2].removeprefix("x-")
    sent = {"filename": f"{key}-{place}.{ending}", "length": str(len(content))}
    sent |= {"alt_txt": one.alt} if one.alt and one.kind in DESCRIBED else {}
    body = await call(http, UPLOAD_URL, account.server, account.secrets, sent)
    told = wire.read(wire.Upload, body)
    headers = {"Content-Type": "application/octet-stream"}
    await http.call(UPLOAD, account.server, url=told.upload_url, data=content, headers=headers, raw=True)
    return {"id": told.file_id, "title": one.file_name or f"{one.kind} {place}"}


def escaped(text: str) -> str:
    """The text with Slack's three special signs escaped, so that nothing in it becomes a mention or a link to elsewhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _metadata(delivery: Delivery, index: int) -> str:
    key = lookup.key_of(delivery, index)
    return json.dumps({"event_type": lookup.EVENT, "event_payload": {"key": key}})
