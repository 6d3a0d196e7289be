"""Publish on LinkedIn: upload files, make the post, write the first comment; edit and delete it. LinkedIn has no key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from masthead.connectors.linkedin import lookup
from masthead.connectors.linkedin.connect import shows_posts
from masthead.connectors.linkedin.content import article, files, frame, poll
from masthead.connectors.linkedin.errors import SAY_IT_DIFFERENTLY, Duplicate
from masthead.connectors.linkedin.little import written
from masthead.connectors.linkedin.operations import COMMENT, DELETE_POST, EDIT_POST, POST
from masthead.connectors.linkedin.rest import call
from masthead.connectors.linkedin.upload import Uploading
from masthead.contract.errors import ConnectorError, Gone, OutcomeUnknown, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt

NO_LOOK = (
    "LinkedIn shows no app the posts of a member, only those of Pages. Look at the profile: is the post there? "
    "Say so here, or send it again."
)


@dataclass(frozen=True)
class LinkedInPublisher:
    """The publish part. `site` is where people see posts."""

    site: str
    uploading: Uploading = field(default_factory=Uploading)

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the files, make the post, then the first comment. Only the post can be in doubt."""
        body = await self._body(http, account, delivery, index)
        try:
            urn = _made(await call(http, POST, account, json=body))
        except Duplicate as error:
            if delivery.tries != 1:
                raise
            raise Refused(error.message, field="text", remedy=SAY_IT_DIFFERENTLY, status=error.status) from None
        receipt = Receipt(urn, self._link.format(urn=urn))
        return await _commented(http, account, receipt, str(delivery.options.get("first_comment") or ""))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through a Page's own posts since the first try; for a member a person must look."""
        if not shows_posts(account):
            return Found(Presence.CANNOT_TELL, NO_LOOK)
        return await lookup.find(http, account, delivery, index, self._link)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Files are ready before a post is made, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post. LinkedIn answers the same for one that is gone already."""
        try:
            await call(http, DELETE_POST, account, path={"urn": receipt.remote_id}, method="DELETE")
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the text in place; everything else stays."""
        receipt = receipts[index]
        patch = {"patch": {"$set": {"commentary": written(delivery.segments[index].text)}}}
        path = {"urn": receipt.remote_id}
        await call(http, EDIT_POST, account, path=path, json=patch, method="PARTIAL_UPDATE")
        return receipt

    @property
    def _link(self) -> str:
        return self.site + "/feed/update/{urn}/"

    async def _body(self, http: Http, account: Account, delivery: Delivery, index: int) -> dict[str, Any]:
        segment = delivery.segments[index]
        if segment.poll:
            content = poll(delivery, segment.text, segment.poll)
        elif segment.attachments:
            urns = [await self.uploading.upload(http, account, one) for one in segment.attachments]
            content = files(delivery, segment, urns)
        else:
            content = await article(http, delivery)
        return frame(account, delivery, segment) | ({"content": content} if content else {})


def _made(answer: Answer) -> str:
    """The URN of a new post. It stands in a header; an answer without it proves nothing and is looked up."""
    urn = answer.headers.get("x-restli-id", "")
    if not urn:
        raise OutcomeUnknown("LinkedIn accepted the post but did not say which one it is.", status=answer.status)
    return urn


async def _commented(http: Http, account: Account, receipt: Receipt, text: str) -> Receipt:
    """The first comment under a post that is out. It must not undo that: where it fails, the receipt says so."""
    if not text:
        return receipt
    body = {"actor": account.remote_id, "object": receipt.remote_id, "message": {"text": text}}
    try:
        await call(http, COMMENT, account, path={"urn": receipt.remote_id}, json=body)
    except ConnectorError as error:
        return replace(receipt, raw={**receipt.raw, "comment_failed": error.message})
    return replace(receipt, raw={**receipt.raw, "commented": True})
