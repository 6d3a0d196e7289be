"""Publish on Pinterest: make a Pin on a board, look it up there, change its words, delete it. Pinterest has no idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from masthead.connectors.pinterest import wire
from masthead.connectors.pinterest.capabilities import ALT_LIMIT
from masthead.connectors.pinterest.connect import asked
from masthead.connectors.pinterest.lookup import fits, moment, on_board, same_link
from masthead.connectors.pinterest.operations import CREATE_PIN, DELETE_PIN, UPDATE_PIN
from masthead.connectors.pinterest.upload import Uploading
from masthead.contract.errors import Gone, OutcomeUnknown, Refused
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt


@dataclass(frozen=True)
class PinterestPublisher:
    """The publish part. `site` is where people see Pins."""

    site: str
    uploading: Uploading = field(default_factory=Uploading)

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Send the video where there is one, then make the Pin. Only the Pin can be in doubt."""
        body = {"board_id": board_of(delivery)} | words(delivery, index)
        body["media_source"] = await self.uploading.source(http, account, delivery, index)
        answer = await asked(http, account.server, account.secrets, CREATE_PIN, json=body)
        try:
            return self._receipt(wire.Pin.model_validate(answer.body))
        except ValidationError:
            raise OutcomeUnknown(
                "Pinterest took the Pin but did not say which one it is.", status=answer.status
            ) from None

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the account's Pins on the board since the first try; of several that fit, the oldest is taken."""
        seen = await on_board(http, account, board_of(delivery), delivery.sent_after or delivery.created_at)
        found = sorted((one for one in seen.pins if fits(one, delivery, index)), key=lambda one: one.created_at)
        same = [one for one in found if same_link(one, delivery)]
        since = moment(seen.start)
        if same:
            evidence = f"A Pin with the same content is on the board, made at {moment(same[0].created_at)}."
            return Found(Presence.FOUND, evidence, self._receipt(same[0]))
        if found:
            where = self._receipt(found[0]).url
            return Found(Presence.CANNOT_TELL, f"A Pin with the same words but another link is there: {where}.")
        if not seen.whole:
            evidence = f"Pinterest showed only a part of the board's Pins since {since}; it is not among them."
            return Found(Presence.CANNOT_TELL, evidence)
        evidence = (
            f"All {len(seen.pins)} Pins of the account on the board since {since} were looked at; it is not among them."
        )
        return Found(Presence.ABSENT, evidence)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A video is ready before its Pin is made, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the Pin; one that is gone already is no error."""
        try:
            await asked(http, account.server, account.secrets, DELETE_PIN, path={"id": receipt.remote_id})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change title, description, link and alt text. Unsupported where Pinterest does not let the developer app do so."""
        path, body = {"id": receipts[index].remote_id}, words(delivery, index)
        await asked(http, account.server, account.secrets, UPDATE_PIN, path=path, json=body)
        return receipts[index]

    def _receipt(self, pin: wire.Pin) -> Receipt:
        return Receipt(pin.id, url=f"{self.site}/pin/{pin.id}/")


def board_of(delivery: Delivery) -> str:
    """The board that was chosen. Raises Refused(field="options.board") where none was."""
    board = str(delivery.options.get("board") or "")
    if not board.isdecimal():
        raise Refused("A Pin needs a board.", field="options.board", remedy="Choose a board.")
    return board


def words(delivery: Delivery, index: int) -> dict[str, Any]:
    """What a Pin says. A carousel has one alt text, so those of its pictures are put together."""
    segment, options = delivery.segments[index], delivery.options
    alt = "\n".join(one.alt for one in segment.attachments if one.alt)[:ALT_LIMIT]
    told = {
        "title": str(options.get("title") or "").strip(),
        "description": segment.text,
        "link": str(options.get("link") or "").strip(),
        "alt_text": alt,
    }
    return {name: value for name, value in told.items() if value}
