"""Publish on Instagram: look at the quota, prepare a container, publish it, write the first comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.connectors.meta import wire as shared
from masthead.connectors.meta.containers import addressed, check_room, told_limit
from masthead.connectors.meta.graph import call
from masthead.connectors.meta.instagram import lookup
from masthead.connectors.meta.instagram.errors import WAY
from masthead.connectors.meta.instagram.lookup import STORY
from masthead.connectors.meta.instagram.operations import COMMENT, DELETE_MEDIA, PUBLISH
from masthead.connectors.meta.instagram.prepare import STEPS, Preparing
from masthead.contract.errors import ConnectorError, Gone, Unsupported
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Receipt


@dataclass(frozen=True)
class InstagramPublisher:
    """The publish part."""

    preparing: Preparing

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Prepare everything, then publish it with one call; only that can be in doubt."""
        told = await told_limit(http, STEPS, account)
        check_room(STEPS, told.config, told.quota_usage)
        container = await self.preparing.ready(http, account, delivery, index)
        sent = {"creation_id": container}
        answer = await call(http, WAY, PUBLISH, account, path={"id": account.remote_id}, sent=sent)
        receipt = await addressed(http, STEPS, account, Receipt(shared.made(answer)))
        text = str(delivery.options.get("first_comment") or "")
        return receipt if delivery.options.get("kind") == STORY else await _commented(http, account, receipt, text)

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the account's own media, or its stories, since the first try."""
        return await lookup.find(http, account, delivery, index)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A post is there as soon as it is acknowledged; its address is asked for where it was not told."""
        return replace(await addressed(http, STEPS, account, receipt), processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post; one that is gone already is no error."""
        try:
            await call(http, WAY, DELETE_MEDIA, account, path={"id": receipt.remote_id})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Instagram lets nobody change a caption through its API."""
        raise Unsupported("Instagram posts cannot be edited from here.", remedy="Edit it in Instagram's app.")


async def _commented(http: Http, account: Account, receipt: Receipt, text: str) -> Receipt:
    """The first comment under a post that is out. It must not undo that: where it fails, the receipt says so."""
    if not text:
        return receipt
    try:
        answer = await call(http, WAY, COMMENT, account, path={"id": receipt.remote_id}, sent={"message": text})
        return replace(receipt, raw={"comment": shared.read(shared.Made, answer.body).id})
    except ConnectorError as error:
        return replace(receipt, raw={"comment_failed": error.message})
