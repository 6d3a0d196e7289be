"""What people write to a profile: notifications of mentions, among them answers to its posts and direct posts; and its replies.

A direct message is a post that only those see whom it names. The server tells nobody of an answer that does not name them, so
each reply begins with the author's name. Some servers leave direct posts out of a profile's own listing, so a lost reply is looked for
under the post that it answers.
Source: https://docs.joinmastodon.org/methods/notifications/ and /methods/statuses/#context, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from masthead.connectors.mastodon import wire
from masthead.connectors.mastodon.capabilities import CAPABILITIES, NOTIFICATIONS, STATUSES
from masthead.connectors.mastodon.connect import bearer
from masthead.connectors.mastodon.errors import explaining
from masthead.connectors.mastodon.history import medium
from masthead.connectors.mastodon.lookup import Seen, fitting, plain
from masthead.connectors.mastodon.operations import GET_CONTEXT, GET_NOTIFICATIONS
from masthead.connectors.mastodon.publish import MastodonPublisher, receipt_of
from masthead.contract.errors import ConnectorError, Refused, TryAgain, Unsupported
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.inbox import Conversation, InboxPage, InboxRules, Kind, Message, Person, Reply
from masthead.contract.inbox_rules import Answering, Stream
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt

RIGHTS = "Reconnect the channel, so that Masthead may read its notifications."
GONE = (404, 410)


@dataclass(frozen=True)
class MastodonInbox:
    """One listing brings everything; the cursor is the id of the newest notification read."""

    page_size: int = 40
    publisher: MastodonPublisher = field(default_factory=MastodonPublisher)

    @property
    def rules(self) -> InboxRules:
        """Everything can be read and answered, in posts."""
        return InboxRules(
            (Stream("notifications", tuple(Kind), self.page_size, NOTIFICATIONS),),
            tuple(Answering(kind, CAPABILITIES.text, STATUSES, begins=kind is Kind.DIRECT) for kind in Kind),
        )

    async def page(self, http: Http, account: Account, stream: str, cursor: str) -> InboxPage:
        """The notifications next after the cursor; servers that ignore it show the newest again."""
        query: dict[str, str | Sequence[str]] = {"limit": str(self.page_size), "types[]": ["mention"]}
        query |= {"min_id": cursor} if cursor else {}
        answer = await http.call(
            GET_NOTIFICATIONS, account.server, query=query, headers=bearer(account), explain=_lacking(account)
        )
        if not isinstance(answer.body, list):
            raise TryAgain("The server did not list the profile's notifications.", after=60)
        told = [(wire.read(wire.Notification, one), one) for one in answer.body]
        newest = max((one.id for one, _ in told), key=lambda id_: (len(id_), id_), default=cursor or "0")
        fresh = [
            _message(account, one.status, raw)
            for one, raw in reversed(told)
            if one.type == "mention" and one.status and one.id != cursor
        ]
        more = bool(cursor) and newest != cursor and len(told) >= self.page_size
        return InboxPage(tuple(sorted(fresh, key=lambda one: one.sent_at)), newest, more)

    async def reply(self, http: Http, account: Account, reply: Reply) -> Receipt:
        """A post that answers the other; seen by as many as that one, or by its author alone."""
        return await self.publisher.publish(http, account, _delivery(reply), 0, (Receipt(reply.to.remote_id),))

    async def find(self, http: Http, account: Account, reply: Reply) -> Found:
        """Under the post it answers, and for public replies among the profile's own posts too."""
        delivery, before = _delivery(reply), (Receipt(reply.to.remote_id),)
        below = await self._below(http, account, reply)
        if below is not None:
            found = await fitting(http, account, below, delivery, 0, before)
            if found:
                one = min(found, key=lambda status: status.created_at)
                return Found(Presence.FOUND, "The reply stands under the post it answers.", receipt_of(one))
        if reply.kind is not Kind.DIRECT:
            return await self.publisher.find(http, account, delivery, 0, before)
        if below is None:
            return Found(Presence.CANNOT_TELL, "The post it answers is gone, and direct posts are not always listed.")
        return Found(Presence.ABSENT, f"None of the profile's {len(below.statuses)} answers to the post is it.")

    async def _below(self, http: Http, account: Account, reply: Reply) -> Seen | None:
        """The profile's own answers to the post, in private or not; None where the post is gone."""
        path = {"id": reply.to.remote_id}
        try:
            answer = await http.call(
                GET_CONTEXT, account.server, path=path, headers=bearer(account), explain=_explain(account)
            )
        except Refused as error:
            if error.status in GONE:
                return None
            raise
        told = wire.read(wire.Context, answer.body).descendants
        own = [
            one
            for one in told
            if one.account
            and one.account.id == account.remote_id
            and (one.visibility == "direct") is (reply.kind is Kind.DIRECT)
        ]
        return Seen(own, True, reply.sent_after or reply.created_at)


def _delivery(reply: Reply) -> Delivery:
    asked = str((reply.to.raw.get("status") or {}).get("visibility") or "public")
    return reply.delivery(visibility="direct" if reply.kind is Kind.DIRECT else asked)


def _message(account: Account, status: wire.Status, raw: Mapping[str, Any]) -> Message:
    kind = _kind(account, status)
    author = _person(status.account)
    named = [
        one for one in map(_person, status.mentions) if one.remote_id not in ("", account.remote_id, author.remote_id)
    ]
    people = (author, *named) if kind is Kind.DIRECT else ()
    talk = "+".join(sorted(one.remote_id for one in people))
    return Message(
        remote_id=status.id,
        kind=kind,
        conversation=Conversation(talk or status.in_reply_to_id or status.id, kind is Kind.DIRECT, people),
        author=author,
        text=plain(status.content).strip(),
        sent_at=status.created_at,
        url=status.url or status.uri or "",
        reply_to=status.in_reply_to_id or "",
        summons=True,
        opening="".join(f"{one.handle} " for one in people or (author,)),
        language=status.language or "",
        media=tuple(medium(one) for one in status.media_attachments),
        raw={name: value for name, value in raw.items() if name != "account"},
    )


def _kind(account: Account, status: wire.Status) -> Kind:
    if status.visibility == "direct":
        return Kind.DIRECT
    return Kind.COMMENT if status.in_reply_to_account_id == account.remote_id else Kind.MENTION


def _person(one: wire.Account | None) -> Person:
    if one is None:
        return Person("")
    name = one.acct or one.username
    return Person(one.id, f"@{name}", one.display_name or one.username or name, one.url or "", one.avatar or "")


def _explain(account: Account) -> Explain:
    return explaining(renewable=bool(account.secrets.get("refresh_token")))


def _lacking(account: Account) -> Explain:
    """A right that the sign-in lacks, or a server without notifications; the channel goes on publishing."""
    inner = _explain(account)

    def explain(answer: Answer) -> ConnectorError | None:
        error = inner(answer)
        if answer.status in (403, 404) and error:
            return Unsupported(error.message, remedy=RIGHTS, status=answer.status)
        return error

    return explain
