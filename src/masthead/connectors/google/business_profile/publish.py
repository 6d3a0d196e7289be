"""Publish on a Business Profile: an update, event or offer; settle it, look it up, edit and delete it. Google knows no key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from masthead.connectors.google.business_profile import local_post, lookup, wire
from masthead.connectors.google.business_profile.errors import WAY
from masthead.connectors.google.business_profile.lookup import place
from masthead.connectors.google.business_profile.operations import CREATE_POST, DELETE_POST, EDIT_POST, POST
from masthead.connectors.google.rest import call, read
from masthead.contract.errors import Gone, OutcomeUnknown, Refused
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, Receipt

OUT = ("LIVE", "RECURRING")
REJECTED = "REJECTED"
POLICY = (
    "Change the post and schedule it anew. Google rejects telephone numbers in the text, repeated and misleading posts."
)


@dataclass(frozen=True)
class BusinessProfilePublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """One call makes the post, and only that can be in doubt; Google fetches the photo meanwhile."""
        told = local_post.words(delivery, index)
        photos = [await local_post.photo(one) for one in delivery.segments[index].attachments]
        told |= {"media": photos} if photos else {}
        answer = await call(http, WAY, CREATE_POST, account, path={"place": place(account)}, json=told)
        return _receipt(account, _made(answer))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the location's posts since the first try."""
        return await lookup.find(http, account, delivery, index, lambda post: _receipt(account, post))

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask whether the post is out. Raises Refused where Google rejected it."""
        answer = await call(http, WAY, POST, account, path={"place": place(account), "id": receipt.remote_id})
        post = read(wire.LocalPost, answer.body)
        if post.state == REJECTED:
            raise Refused("Google rejected the post: it breaks a content policy.", field="text", remedy=POLICY)
        return _receipt(account, post)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post; one that is gone already is no error."""
        try:
            await call(http, WAY, DELETE_POST, account, path={"place": place(account), "id": receipt.remote_id})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change the text in place. The mask names nothing else: the dates of an event that began would be refused as past."""
        receipt = receipts[index]
        path, query = {"place": place(account), "id": receipt.remote_id}, {"updateMask": "summary"}
        told = {"summary": delivery.segments[index].text}
        answer = await call(http, WAY, EDIT_POST, account, path=path, query=query, json=told)
        return _receipt(account, read(wire.LocalPost, answer.body))


def _made(answer: Answer) -> wire.LocalPost:
    body = answer.body if isinstance(answer.body, dict) else {}
    if not body.get("name"):
        raise OutcomeUnknown("Google took the post but did not say which one it is.", status=answer.status)
    return wire.LocalPost.model_validate(body)


def _receipt(account: Account, post: wire.LocalPost) -> Receipt:
    """A rejected post is `processing` too: it lies with Google, so its receipt is kept, and `settle` tells the author."""
    url = post.searchUrl or str(account.limits.get("maps_url") or "")
    return Receipt(post.id, url, processing=post.state not in OUT)
