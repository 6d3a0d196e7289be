"""Publish on Reddit: submit, look it up among the account's submissions, change its text, delete it. Reddit knows no key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from masthead.connectors.reddit import wire
from masthead.connectors.reddit.connect import asked
from masthead.connectors.reddit.lookup import fits, moment, own_posts
from masthead.connectors.reddit.operations import DELETE, EDIT_TEXT, SUBMIT, SUBMIT_GALLERY
from masthead.connectors.reddit.prepare import form_of
from masthead.contract.errors import ConnectorError, OutcomeUnknown, Unsupported
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Found, MediaKind, Presence, Receipt


@dataclass(frozen=True)
class RedditPublisher:
    """The publish part. `site` is where people see posts; `pause` seconds between looks for a picture's post, at most `looks`."""

    site: str
    pause: float = 5.0
    looks: int = 6

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Upload the files where there are any, then submit. Only that can be in doubt."""
        form = await form_of(http, account, delivery, index)
        if "items" in form:
            answer = await asked(
                http, account, SUBMIT_GALLERY, json=form | {"sendreplies": True}, query={"raw_json": "1"}
            )
        else:
            answer = await asked(http, account, SUBMIT, data=form, query={"raw_json": "1"})
        if receipt := self._told(answer, form["sr"]):
            return receipt
        return await self._awaited(http, account, delivery, index)

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look through the account's submissions since the first try; of several that fit, the oldest is taken."""
        seen = await own_posts(http, account, delivery.sent_after or delivery.created_at)
        fitting = sorted((one for one in seen.posts if fits(one, delivery, index)), key=lambda one: one.created_utc)
        since = moment(seen.start)
        if fitting:
            words = f"A post with the same content is on the profile, made at {moment(fitting[0].made_at)}."
            return Found(Presence.FOUND, words, self.receipt_of(fitting[0]))
        if not seen.whole:
            words = f"Reddit showed only {len(seen.posts)} posts since {since}; it is not among them."
            return Found(Presence.CANNOT_TELL, words)
        if any(one.kind is MediaKind.VIDEO for one in delivery.segments[index].attachments):
            words = f"Reddit shows no such post since {since}, but it may still be working on the video."
            return Found(Presence.CANNOT_TELL, words)
        words = f"All {len(seen.posts)} posts since {since} were looked at; it is not among them."
        return Found(Presence.ABSENT, words)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """A post is there as soon as it is acknowledged."""
        return replace(receipt, processing=False)

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Delete the post. Reddit says nothing of one that is gone already."""
        await asked(http, account, DELETE, data={"id": receipt.remote_id})

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Change a text post's text. Titles, links and pictures cannot be changed."""
        if delivery.segments[index].attachments or delivery.options.get("link"):
            raise Unsupported(
                "Reddit lets only text posts be changed.", remedy="Delete the post and publish a new one."
            )
        form = {"api_type": "json", "thing_id": receipts[index].remote_id, "text": delivery.segments[index].text}
        await asked(http, account, EDIT_TEXT, data=form)
        return receipts[index]

    def receipt_of(self, post: wire.Post) -> Receipt:
        """A submission as a receipt."""
        return Receipt(post.name, url=f"{self.site}{post.permalink}")

    def _told(self, answer: Answer, subreddit: str) -> Receipt | None:
        """The receipt in an answer; None where Reddit tells none, as with one picture or a video."""
        inside = answer.body.get("json") if isinstance(answer.body, dict) else None
        data = inside.get("data") if isinstance(inside, dict) else None
        told = str(data.get("name") or data.get("id") or "") if isinstance(data, dict) else ""
        if not told:
            return None
        number = told.removeprefix("t3_")
        return Receipt(f"t3_{number}", url=f"{self.site}/r/{subreddit}/comments/{number}/")

    async def _awaited(self, http: Http, account: Account, delivery: Delivery, index: int) -> Receipt:
        """The post of a picture or video once Reddit has made it. OutcomeUnknown where it takes longer: then it is looked up later."""
        for _ in range(self.looks):
            try:
                found = await self.find(http, account, delivery, index, ())
            except ConnectorError:
                break
            if found.receipt:
                return found.receipt
            await asyncio.sleep(self.pause)
        raise OutcomeUnknown("Reddit took the post but has not shown it yet.")
