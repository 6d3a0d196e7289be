"""Publish on X: upload files, post one segment at a time, look it up, delete it. X has no idempotency key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from masthead.connectors.x import wire
from masthead.connectors.x.capabilities import EVERYONE
from masthead.connectors.x.connect import bearer, renewable
from masthead.connectors.x.errors import Duplicate, explaining
from masthead.connectors.x.lookup import matches, own_posts
from masthead.connectors.x.operations import CREATE_POST, CREATE_POST_WITH_LINK, DELETE_POST
from masthead.connectors.x.upload import Uploading
from masthead.connectors.x.words import Words
from masthead.contract.errors import ConnectorError, OutcomeUnknown, Refused, TryAgain, Unsupported
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.operations import Operation
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt
from masthead.kit.text import has_link

ID = re.compile(r"(?:.*/status(?:es)?/)?(\d{1,19})(?:[/?#].*)?\Z")
SAY_IT_DIFFERENTLY = "Change the text: X does not take the same text twice within some time."


@dataclass(frozen=True)
class XPublisher:
    """The publish part. `site` is where people see posts, `words` those asked for in readings."""

    site: str
    words: Words
    uploading: Uploading = field(default_factory=Uploading)

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the segment's files, then post it as an answer to the one before. Only the post can be in doubt."""
        return await self.post(http, account, delivery, index, before, operation_for(delivery.segments[index].text))

    async def post(
        self,
        http: Http,
        account: Account,
        delivery: Delivery,
        index: int,
        before: Sequence[Receipt],
        operation: Operation,
    ) -> Receipt:
        """The same, billed as one kind of post."""
        segment = delivery.segments[index]
        body = content(delivery, index, before)
        if segment.attachments:
            ids = [await self.uploading.upload(http, account, one) for one in segment.attachments]
            body["media"] = {"media_ids": ids}
        explain = explaining(renewable=renewable(account))
        try:
            answer = await http.call(operation, account.server, json=body, headers=bearer(account), explain=explain)
        except Duplicate as error:
            raise await self._whose(http, account, delivery, index, before, error) from None
        return self._receipt(account, _created(answer))

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the account's own posts since the first try; of several that fit, the oldest is taken."""
        seen = await own_posts(http, account, self.words, delivery.sent_after or delivery.created_at)
        found, since = matches(seen.posts, delivery, index, before), _moment(seen.start)
        if found.same:
            one = found.same[-1]
            at = f", made at {_moment(one.created_at)}" if one.created_at else ""
            evidence = f"A post with the same content is on the profile{at}."
            return Found(Presence.FOUND, evidence, self._receipt(account, one.id))
        if found.alike:
            where = self._receipt(account, found.alike[-1].id).url
            return Found(Presence.CANNOT_TELL, f"A post with the same text but other links is there: {where}.")
        if found.others:
            where = self._receipt(account, found.others[-1].id).url
            evidence = f"The same text is there as another publication: {where}. {SAY_IT_DIFFERENTLY}"
            return Found(Presence.CANNOT_TELL, evidence)
        if not seen.whole:
            evidence = f"X showed only {len(seen.posts)} posts since {since}; it is not among them."
            return Found(Presence.CANNOT_TELL, evidence)
        return Found(
            Presence.ABSENT, f"All {len(seen.posts)} posts since {since} were looked at; it is not among them."
        )

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Files are ready before a post is made, so there is nothing to ask."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post; one that is gone already is no error."""
        explain = _gone_is_fine(explaining(renewable=renewable(account)))
        path = {"id": receipt.remote_id}
        try:
            await http.call(DELETE_POST, account.server, path=path, headers=bearer(account), explain=explain)
        except _Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """X gives an edited post a new number and lets only some accounts edit, so Masthead does not."""
        raise Unsupported("Posts on X cannot be edited from here.", remedy="Delete the post and publish a new one.")

    async def _whose(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt], error: Duplicate
    ) -> ConnectorError:
        """What "duplicate" means: an older post of somebody else's making, or perhaps our own earlier try."""
        refused = Refused(error.message, field="text", remedy=SAY_IT_DIFFERENTLY, status=error.status)
        if delivery.tries == 1:
            return refused
        try:
            found = await self.find(http, account, delivery, index, before)
        except ConnectorError:
            return error
        return refused if found.presence is Presence.ABSENT else error

    def _receipt(self, account: Account, post_id: str) -> Receipt:
        return Receipt(post_id, url=f"{self.site}/{account.handle.removeprefix('@') or 'i'}/status/{post_id}")


class _Gone(Refused):
    """What was to be deleted is not there."""


def _gone_is_fine(inner: Explain) -> Explain:
    def explain(answer: Answer) -> ConnectorError | None:
        return _Gone("It is gone.", status=404) if answer.status == 404 else inner(answer)

    return explain


def operation_for(text: str) -> Operation:
    """A post with a link is billed at another price."""
    return CREATE_POST_WITH_LINK if has_link(text, bare=True) else CREATE_POST


def content(delivery: Delivery, index: int, before: Sequence[Receipt]) -> dict[str, Any]:
    """The body of a post without its files. Who can reply and what is quoted are said of a thread's first part."""
    options, segment = delivery.options, delivery.segments[index]
    body: dict[str, Any] = {"text": segment.text} if segment.text or not segment.attachments else {}
    if before:
        body["reply"] = {"in_reply_to_tweet_id": before[-1].remote_id}
    elif (who := str(options.get("reply_settings") or EVERYONE)) != EVERYONE:
        body["reply_settings"] = who
    if segment.poll:
        minutes = max(5, segment.poll.seconds // 60)
        body["poll"] = {"options": list(segment.poll.options), "duration_minutes": minutes}
    if not before and options.get("quote"):
        body["quote_tweet_id"] = quoted(str(options["quote"]), alone=not segment.attachments and not segment.poll)
    return body | {name: True for name in ("made_with_ai", "paid_partnership") if options.get(name)}


def quoted(typed: str, *, alone: bool = True) -> str:
    """The id in what a person typed. Raises Refused(field="options.quote"), also beside files or a poll, which X does not take."""
    if not alone:
        raise Refused(
            "A quote cannot go with files or a poll.",
            field="options.quote",
            remedy="Leave out the quote or the others.",
        )
    found = ID.match(typed.strip())
    if not found:
        raise Refused(
            "This is not the address of a post on X.",
            field="options.quote",
            remedy="Copy it from the post's share menu.",
        )
    return found[1]


def _created(answer: Answer) -> str:
    """The id of a new post. An answer without one proves nothing: it is looked up."""
    body = answer.body if isinstance(answer.body, dict) else {}
    try:
        return wire.data_of(wire.Post, body).id
    except TryAgain:
        raise OutcomeUnknown("X accepted the post but did not say which one it is.", status=answer.status) from None


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
