"""Publish, look up and remove notes. A note's id is the same on every try, so relays themselves prevent doubles."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from masthead.connectors.nostr import wire
from masthead.connectors.nostr.connect import PAGES, secret_of
from masthead.connectors.nostr.errors import explain_upload
from masthead.connectors.nostr.keys import encoded
from masthead.connectors.nostr.notes import DELETION, NOTE, UPLOAD_RIGHT, event, note
from masthead.connectors.nostr.operations import DELETE, FIND, PUBLISH, UPLOAD
from masthead.connectors.nostr.relays import ask, everywhere, relays_of, say
from masthead.contract.errors import Refused, TryAgain, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Attachment, Delivery, Found, Presence, Receipt
from masthead.kit.clock import now

UPLOAD_RIGHT_SECONDS = 600


class NostrPublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Store the files, then give the note to every relay. One relay that takes it is enough."""
        for one in delivery.segments[index].attachments:
            await _upload(http, account, one)
        written = _note(account, delivery, index, before)
        answers = await everywhere(account, lambda relay: say(http, PUBLISH, relay, written))
        if not answers.good:
            raise answers.worst()
        return _receipt(written["id"])

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Ask the relays for the note's id. A repeat is the same note, so one relay that answers "no" is enough."""
        wanted = str(_note(account, delivery, index, before)["id"])
        answers = await everywhere(account, lambda relay: ask(http, FIND, relay, {"ids": [wanted]}))
        if any(one.id == wanted for found in answers.good for one in found):
            return Found(Presence.FOUND, f"A relay has the note {wanted[:12]}….", _receipt(wanted))
        if not answers.good:
            raise answers.worst()
        asked = f"{len(answers.good)} of {len(relays_of(account))} relays"
        return Found(
            Presence.ABSENT, f"{asked} answered and have no note {wanted[:12]}…; a repeat would be the same note."
        )

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Nothing is ever in processing."""
        return receipt

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Ask every relay to delete the note (NIP-09). Copies on other relays are out of reach."""
        tags = [["e", receipt.remote_id], ["k", str(NOTE)]]
        written = event(secret_of(account), DELETION, "", tags, int(now().timestamp()))
        answers = await everywhere(account, lambda relay: say(http, DELETE, relay, written))
        if not answers.good:
            raise answers.worst()

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Always Unsupported: a signed note cannot change."""
        raise Unsupported("A note on Nostr cannot be changed.", remedy="Delete the post and publish it again.")


def _note(account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]) -> dict[str, Any]:
    media = str(account.limits.get("media_server") or "")
    if delivery.segments[index].attachments and not media:
        raise Refused(
            "This channel has no media server.",
            field="attachments",
            remedy="Reconnect the channel with the address of a Blossom server, or post without files.",
        )
    return note(secret_of(account), delivery, index, before, account.server, media)


async def _upload(http: Http, account: Account, one: Attachment) -> None:
    """Store a file under its hash (BUD-02). The same file again is the same file, so a repeat does no harm."""
    media, at = str(account.limits.get("media_server") or ""), int(now().timestamp())
    if not media:
        return  # _note says so
    tags = [["t", "upload"], ["x", one.sha256], ["expiration", str(at + UPLOAD_RIGHT_SECONDS)]]
    right = json.dumps(event(secret_of(account), UPLOAD_RIGHT, "Upload a file", tags, at))
    headers = {
        "Authorization": f"Nostr {base64.b64encode(right.encode()).decode()}",
        "Content-Type": one.mime,
        "X-SHA-256": one.sha256,
    }
    answer = await http.call(UPLOAD, media, data=await one.load(), headers=headers, explain=explain_upload)
    try:
        stored = wire.Blob.model_validate(answer.body)
    except ValidationError:
        raise TryAgain("The media server answered in an unexpected form.", after=60) from None
    if stored.sha256 != one.sha256:
        raise Refused(
            "The media server changed the file.",
            field="attachments",
            remedy="Reconnect the channel with a media server that keeps files as they are.",
        )


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"{PAGES}/{encoded('note', remote_id)}")
