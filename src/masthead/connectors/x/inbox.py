"""What people write to an account on X: posts that mention it, and direct messages of the last 30 days; and its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from masthead.connectors.x import wire
from masthead.connectors.x.connect import bearer, renewable
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.history import media_of
from masthead.connectors.x.inbox_rules import MESSAGES as TALKS
from masthead.connectors.x.inbox_rules import PAGE, RULES
from masthead.connectors.x.lookup import readable
from masthead.connectors.x.operations import CREATE_SUMMONED, MENTIONS, MESSAGES
from masthead.connectors.x.publish import XPublisher
from masthead.connectors.x.talks import find_message, other_in, send_message
from masthead.connectors.x.words import Words
from masthead.contract.errors import ConnectorError, Refused, Unsupported
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.inbox import Conversation, InboxPage, InboxRules, Kind, Message, Person, Reply
from masthead.contract.operations import Operation
from masthead.contract.sweep import Sweep
from masthead.contract.values import Account, Found, Receipt

RIGHTS = "Reconnect the channel, so that Masthead may ask for direct messages too."
SUMMONS = "Most plans let an app answer only who mentioned or quoted the account. Answer on x.com."
LEAST = 5
"""X takes no smaller page of mentions."""
LOOK = 10
"""Messages asked for to see whether there are new ones: X knows no "since" here and bills each of them, new or not, once a day."""


@dataclass(frozen=True)
class XInbox:
    """The inbox part. Both listings come newest first: mentions since an id, messages without such a limit."""

    site: str
    words: Words
    publisher: XPublisher
    page_size: int = PAGE

    @property
    def rules(self) -> InboxRules:
        """What can be read and answered."""
        return replace(RULES, streams=tuple(replace(one, page_size=self.page_size) for one in RULES.streams))

    async def page(self, http: Http, account: Account, stream: str, cursor: str) -> InboxPage:
        """One page of a sweep; where X no longer knows the way on, the sweep begins again."""
        place, read = Sweep.at(cursor), self._messages if stream == TALKS else self._mentions
        try:
            return await read(http, account, place)
        except Refused as error:
            if not place.going or error.status != 400:
                raise
            return await read(http, account, place.again())

    async def reply(self, http: Http, account: Account, reply: Reply) -> Receipt:
        """An answering post, billed as one that was asked for, or a direct message."""
        if reply.kind is Kind.DIRECT:
            return await send_message(http, account, reply)
        parent = (Receipt(reply.to.remote_id),)
        try:
            return await self.publisher.post(http, account, reply.delivery(), 0, parent, CREATE_SUMMONED)
        except Refused as error:
            if error.field != "thread":
                raise
            raise Refused(error.message, remedy=SUMMONS, status=error.status) from None

    async def find(self, http: Http, account: Account, reply: Reply) -> Found:
        """Among the account's own posts, or in the talk with the person."""
        if reply.kind is Kind.DIRECT:
            return await find_message(http, account, self.words, reply)
        return await self.publisher.find(http, account, reply.delivery(), 0, (Receipt(reply.to.remote_id),))

    async def _mentions(self, http: Http, account: Account, place: Sweep) -> InboxPage:
        more = {"max_results": str(max(LEAST, self.page_size))} | _onward(place)
        more |= {"since_id": place.border} if place.border else {}
        query = self.words.mentions(more)
        answer = await _ask(http, account, MENTIONS, path={"id": account.remote_id}, query=query)
        page, raw = wire.read(wire.Page, answer.body), _raw(answer)
        people, files = _people(self.site, page.includes), {one.media_key: one for one in page.includes.media}
        messages = [
            self._mention(account, post, people, files, raw.get(post.id, {}))
            for post in page.data
            if post.author_id != account.remote_id
        ]
        following = place.after(_newest([one.id for one in page.data]), page.meta.next_token, reached=False)
        return InboxPage(tuple(reversed(messages)), following.cursor, following.going)

    async def _messages(self, http: Http, account: Account, place: Sweep) -> InboxPage:
        looking = place.border and not place.going
        size = min(self.page_size, LOOK) if looking else self.page_size
        query = self.words.messages({"max_results": str(size)} | _onward(place))
        answer = await _ask(http, account, MESSAGES, query=query)
        page, raw = wire.read(wire.Events, answer.body), _raw(answer)
        people, files = _people(self.site, page.includes), {one.media_key: one for one in page.includes.media}
        fresh = [one for one in page.data if int(one.id) > int(place.border or 0)]
        reached = len(fresh) < len(page.data)
        following = place.after(_newest([one.id for one in page.data]), page.meta.next_token, reached=reached)
        messages = [_direct(account, one, people, files, raw.get(one.id, {})) for one in fresh]
        return InboxPage(tuple(reversed(messages)), following.cursor, following.going)

    def _mention(
        self,
        account: Account,
        post: wire.Post,
        people: Mapping[str, Person],
        files: Mapping[str, wire.Media],
        raw: Mapping[str, Any],
    ) -> Message:
        author = people.get(post.author_id, Person(post.author_id))
        return Message(
            remote_id=post.id,
            kind=Kind.COMMENT if post.in_reply_to_user_id == account.remote_id else Kind.MENTION,
            conversation=Conversation(post.conversation_id or post.id),
            author=author,
            text=readable(post),
            sent_at=_at(post.created_at),
            url=f"{self.site}/{author.handle.removeprefix('@') or 'i'}/status/{post.id}",
            reply_to=post.refers_to("replied_to"),
            summons=True,  # X lists here what mentions the account
            language=post.lang,
            media=media_of(post.attachments.media_keys, files),
            raw=raw,
        )


def _direct(
    account: Account,
    event: wire.Event,
    people: Mapping[str, Person],
    files: Mapping[str, wire.Media],
    raw: Mapping[str, Any],
) -> Message:
    sender = event.sender_id
    other = other_in(event.dm_conversation_id, account.remote_id) or (sender if sender != account.remote_id else "")
    return Message(
        remote_id=event.id,
        kind=Kind.DIRECT,
        conversation=Conversation(
            event.dm_conversation_id or sender,
            private=True,
            people=(people.get(other, Person(other)),) if other else (),
        ),
        author=people.get(sender, Person(sender)),
        text=readable(event.as_post),
        sent_at=_at(event.created_at),
        own=sender == account.remote_id,
        summons=True,
        media=media_of(event.attachments.media_keys, files),
        raw=raw,
    )


async def _ask(http: Http, account: Account, operation: Operation, **rest: Any) -> Answer:
    explain = _lacking(explaining(renewable=renewable(account)))
    return await http.call(operation, account.server, headers=bearer(account), explain=explain, **rest)


def _lacking(inner: Explain) -> Explain:
    """What X does not allow to be read is lacking in the sign-in or the plan; the channel goes on publishing."""

    def explain(answer: Answer) -> ConnectorError | None:
        error = inner(answer)
        if answer.status == 403 and isinstance(error, Refused):
            return Unsupported(error.message, remedy=RIGHTS, status=403)
        return error

    return explain


def _onward(place: Sweep) -> dict[str, str]:
    return {"pagination_token": place.token} if place.going else {}


def _newest(ids: Sequence[str]) -> str:
    return max(ids, key=int, default="")


def _people(site: str, includes: wire.Includes) -> dict[str, Person]:
    return {
        one.id: Person(one.id, f"@{one.username}", one.name, f"{site}/{one.username}", one.profile_image_url)
        for one in includes.users
    }


def _raw(answer: Answer) -> dict[str, Mapping[str, Any]]:
    """What X said of each entry, by id."""
    data = answer.body.get("data") if isinstance(answer.body, dict) else None
    return {str(one.get("id")): one for one in data or () if isinstance(one, dict)}


def _at(moment: datetime | None) -> datetime:
    return moment or datetime.fromtimestamp(0, UTC)
