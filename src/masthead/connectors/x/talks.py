"""Sending a direct message on X, and looking it up in the talk with the person. X has no idempotency key here either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from masthead.connectors.x import wire
from masthead.connectors.x.connect import bearer, renewable
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.lookup import MARGIN, sent, shown
from masthead.connectors.x.operations import MESSAGES_OF_GROUP, MESSAGES_WITH, SEND_MESSAGE, SEND_TO_GROUP
from masthead.connectors.x.words import Words
from masthead.contract.errors import ConnectorError, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.inbox import Reply
from masthead.contract.values import Account, Found, Presence, Receipt

PAGE = 20
MOST_PAGES = 5
CLOSED = "The person may not take messages from this account. Answer in public, or on x.com."


def other_in(conversation: str, own: str) -> str:
    """The other person of a talk between two, whose id has both; "" for a group."""
    pair = conversation.split("-")
    return next((one for one in pair if one != own), "") if len(pair) == 2 else ""


async def send_message(http: Http, account: Account, reply: Reply) -> Receipt:
    """Send it to the person, or into the group. An answer that names no message is OutcomeUnknown."""
    person, group = addressed(account, reply)
    operation, id_ = (SEND_MESSAGE, person) if person else (SEND_TO_GROUP, group)
    answer = await http.call(
        operation,
        account.server,
        path={"id": id_},
        json={"text": reply.whole_text},
        headers=bearer(account),
        explain=_explain(account),
    )
    try:
        made = wire.data_of(wire.Sent, answer.body)
    except TryAgain:
        raise OutcomeUnknown("X accepted the message but did not say which one it is.", status=answer.status) from None
    return Receipt(made.dm_event_id, raw={"conversation": made.dm_conversation_id})


def addressed(account: Account, reply: Reply) -> tuple[str, str]:
    """Whom a reply goes to: a person's id, or a group's."""
    talk = reply.to.conversation
    if not talk.private:
        return reply.to.author.remote_id, ""
    person = other_in(talk.remote_id, account.remote_id)
    return (person, "") if person else ("", talk.remote_id)


@dataclass
class Seen:
    """The messages of a talk since a moment, newest first; `whole` is False where X showed only a part."""

    events: list[wire.Event] = field(default_factory=list)
    whole: bool = False


async def find_message(http: Http, account: Account, words: Words, reply: Reply) -> Found:
    """Look through the talk since the first try; of several that fit, the oldest is taken."""
    start = (reply.sent_after or reply.created_at) - MARGIN
    seen = await _seen(http, account, words, reply, start)
    mine = [one for one in seen.events if one.sender_id == account.remote_id and one.id not in reply.known]
    wanted = sent(reply.whole_text)
    alike = [one for one in mine if shown(one.as_post).text == wanted.text]
    same = [one for one in alike if shown(one.as_post).links == wanted.links]
    if same:
        return Found(Presence.FOUND, "A message with the same text is in the talk.", _receipt(same[-1]))
    if alike:
        return Found(Presence.CANNOT_TELL, "A message with the same text but other links is in the talk.")
    if not seen.whole:
        return Found(Presence.CANNOT_TELL, f"X showed only {len(seen.events)} messages; it is not among them.")
    return Found(Presence.ABSENT, f"All {len(seen.events)} messages since the first try were looked at.")


async def _seen(http: Http, account: Account, words: Words, reply: Reply, start: datetime) -> Seen:
    person, group = addressed(account, reply)
    operation, id_ = (MESSAGES_WITH, person) if person else (MESSAGES_OF_GROUP, group)
    seen, token = Seen(), ""
    for _ in range(MOST_PAGES):
        query = words.messages({"max_results": str(PAGE)} | ({"pagination_token": token} if token else {}))
        answer = await http.call(
            operation, account.server, path={"id": id_}, query=query, headers=bearer(account), explain=_explain(account)
        )
        page = wire.read(wire.Events, answer.body)
        seen.events += [one for one in page.data if one.created_at is None or one.created_at >= start]
        token, older = page.meta.next_token, _older(page.data, start)
        if older or not token:
            return Seen(seen.events, True)
    return seen


def _older(events: Sequence[wire.Event], start: datetime) -> bool:
    return any(one.created_at is not None and one.created_at < start for one in events)


def _receipt(event: wire.Event) -> Receipt:
    return Receipt(event.id, raw={"conversation": event.dm_conversation_id})


def _explain(account: Account) -> Explain:
    inner = explaining(renewable=renewable(account), field="text")

    def explain(answer: Answer) -> ConnectorError | None:
        error = inner(answer)
        if answer.status in (403, 404) and isinstance(error, Refused):
            return Refused(error.message, remedy=CLOSED, status=answer.status)
        return error

    return explain
