"""Publish on Mastodon: upload media, post one status at a time, look it up, edit it, delete it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from pydantic import ValidationError

from masthead.connectors.mastodon import wire
from masthead.connectors.mastodon.capabilities import CAPABILITIES
from masthead.connectors.mastodon.connect import bearer
from masthead.connectors.mastodon.errors import explain_upload, explaining
from masthead.connectors.mastodon.lookup import fitting, own_statuses
from masthead.connectors.mastodon.operations import (
    DELETE_STATUS,
    EDIT_STATUS,
    GET_MEDIA,
    POST_STATUS,
    UPLOAD,
    UPLOAD_V1,
)
from masthead.contract.errors import ConnectorError, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.values import Account, Attachment, Delivery, Found, Presence, Receipt
from masthead.kit.text import count

REGIONAL = ("zh",)


@dataclass(frozen=True)
class MastodonPublisher:
    """The publish part. `media_seconds`: how long to wait for a file the server works on; `first_pause`: first wait."""

    media_seconds: float = 240.0
    first_pause: float = 1.0

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the segment's files, then post it as an answer to the one before. Only the post can be in doubt."""
        segment = delivery.segments[index]
        media = [await self._upload(http, account, one) for one in segment.attachments]
        body = _content(account, delivery, index, media) | ({"in_reply_to_id": before[-1].remote_id} if before else {})
        headers = bearer(account) | {"Idempotency-Key": delivery.segment_key(index)}
        answer = await http.call(POST_STATUS, account.server, json=body, headers=headers, explain=_explain(account))
        return _created(answer)

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the profile's own posts since the first try; of several that fit, the oldest is taken."""
        seen = await own_statuses(http, account, delivery.sent_after or delivery.created_at)
        found = await fitting(http, account, seen, delivery, index, before)
        since, number = _moment(seen.start), len(seen.statuses)
        if found:
            one = min(found, key=lambda status: status.created_at)
            evidence = f"A post with the same content is on the profile, made at {_moment(one.created_at)}."
            return Found(Presence.FOUND, evidence, receipt_of(one))
        if not seen.whole:
            return Found(
                Presence.CANNOT_TELL, f"The server showed only {number} posts since {since}; it is not among them."
            )
        return Found(Presence.ABSENT, f"All {number} posts since {since} were looked at; it is not among them.")

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A status is there as soon as it is acknowledged, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the status; one that is gone already is no error."""
        explain = _gone_is_fine(_explain(account))
        try:
            await http.call(
                DELETE_STATUS, account.server, path={"id": receipt.remote_id}, headers=bearer(account), explain=explain
            )
        except _Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the text in place. Media stay as they are; a poll is sent again, or Mastodon would drop it."""
        receipt = receipts[index]
        body = _content(account, delivery, index, list(receipt.raw.get("media_ids", ())))
        body.pop("visibility", None)
        answer = await http.call(
            EDIT_STATUS,
            account.server,
            path={"id": receipt.remote_id},
            json=body,
            headers=bearer(account),
            explain=_explain(account),
        )
        changed = receipt_of(wire.read(wire.Status, answer.body))
        return replace(changed, url=changed.url or receipt.url)

    async def _upload(self, http: Http, account: Account, one: Attachment) -> str:
        """The id of an uploaded file that is ready to be attached. A lost answer leaves at most a file nobody sees."""
        content, explain = await one.load(), explain_upload(_explain(account, "attachments"))
        try:
            answer = await http.call(
                UPLOAD, account.server, data=_form(one, content), headers=bearer(account), explain=explain
            )
        except Refused as error:
            if error.status not in (404, 405):
                raise
            answer = await http.call(
                UPLOAD_V1, account.server, data=_form(one, content), headers=bearer(account), explain=explain
            )
        media = wire.read(wire.Media, answer.body)
        if answer.status == 202 or (answer.status == 200 and media.url is None):
            await self._until_ready(http, account, media.id)
        return media.id

    async def _until_ready(self, http: Http, account: Account, media_id: str) -> None:
        deadline, pause = time.monotonic() + self.media_seconds, self.first_pause
        explain = explain_upload(_explain(account, "attachments"))
        while time.monotonic() < deadline:
            await asyncio.sleep(pause)
            answer = await http.call(
                GET_MEDIA, account.server, path={"id": media_id}, headers=bearer(account), explain=explain
            )
            if answer.status != 206 and isinstance(answer.body, dict) and answer.body.get("url"):
                return
            pause = min(10.0, pause * 1.5)
        raise TryAgain(f"The server still works on a file after {self.media_seconds:.0f} seconds.", after=120)


class _Gone(Refused):
    """What was to be deleted is not there."""


def _gone_is_fine(inner: Explain) -> Explain:
    def explain(answer: Answer) -> ConnectorError | None:
        return _Gone("It is gone.", status=answer.status) if answer.status in (404, 410) else inner(answer)

    return explain


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _explain(account: Account, field: str = "") -> Explain:
    return explaining(renewable=bool(account.secrets.get("refresh_token")), field=field)


def _form(one: Attachment, content: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    if one.alt:
        form.add_field("description", one.alt)
    if one.focus:
        form.add_field("focus", f"{one.focus.x:.2f},{one.focus.y:.2f}")
    name = one.file_name or f"file.{one.mime.rsplit('/', 1)[-1]}"
    form.add_field("file", content, filename=name, content_type=one.mime)
    return form


def _content(account: Account, delivery: Delivery, index: int, media: Sequence[str]) -> dict[str, Any]:
    """The JSON body, with true booleans. We keep our own schedule, so `scheduled_at` is never sent."""
    options, segment = delivery.options, delivery.segments[index]
    body: dict[str, Any] = {"status": segment.text, "visibility": str(options.get("visibility") or "public")}
    warning = str(options.get("spoiler_text") or "")
    if warning and (index == 0 or _has_room(account, segment.text, warning)):
        body["spoiler_text"] = warning
    if options.get("sensitive"):
        body["sensitive"] = True
    if delivery.language:
        body["language"] = _language(delivery.language)
    if media:
        body["media_ids"] = list(media)
    if segment.poll:
        poll = segment.poll
        body["poll"] = {"options": list(poll.options), "expires_in": poll.seconds, "multiple": poll.multiple}
    return body


def _has_room(account: Account, text: str, warning: str) -> bool:
    """A thread is checked with the warning on its first part only, so later parts carry it where both fit the limit."""
    rule = CAPABILITIES.narrowed(account.limits).text
    return count(text, rule.counting) + count(warning, rule.counting) <= rule.limit


def _language(tag: str) -> str:
    """The language without its region, which many servers refuse; Chinese keeps its region, which tells the script."""
    return tag if tag.split("-")[0] in REGIONAL else tag.split("-")[0]


def _created(answer: Answer) -> Receipt:
    """The receipt of a new status. An answer that names none, or a scheduled one, proves nothing: it is looked up."""
    body = answer.body
    if isinstance(body, dict) and body.get("scheduled_at") and "content" not in body:
        raise OutcomeUnknown("The server says it scheduled the post, which was not asked.", status=answer.status)
    try:
        return receipt_of(wire.Status.model_validate(body))
    except ValidationError:
        raise OutcomeUnknown(
            "The server accepted the post but did not say which one it is.", status=answer.status
        ) from None


def receipt_of(status: wire.Status) -> Receipt:
    """The receipt of a status as the server tells of it."""
    raw = {"media_ids": [one.id for one in status.media_attachments], "created_at": status.created_at.isoformat()}
    return Receipt(status.id, url=status.url or status.uri or "", raw=raw)
