"""Looking a message up among the bot's own. Without Read Message History Discord shows an empty list, which proves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from masthead.connectors.discord import wire
from masthead.connectors.discord.connect import headers_for
from masthead.connectors.discord.errors import explain
from masthead.connectors.discord.operations import GET_CHANNEL, LIST_MESSAGES
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt

PAGE = 100
MOST_PAGES = 10
MARGIN = timedelta(minutes=2)
"""How far our clock may be ahead of Discord's."""


def receipt_of(account: Account, message_id: str) -> Receipt:
    """A message as a receipt."""
    guild = account.limits.get("guild", "@me")
    return Receipt(message_id, url=f"{account.server}/channels/{guild}/{account.remote_id}/{message_id}")


async def listed(http: Http, account: Account, **query: str) -> list[wire.Message]:
    """One page of the channel's messages, newest first."""
    path, headers = {"channel": account.remote_id}, headers_for(account.secrets)
    answer = await http.call(LIST_MESSAGES, account.server, path=path, query=query, headers=headers, explain=explain)
    return wire.messages(answer.body)


def is_own(account: Account, message: wire.Message) -> bool:
    """True for the bot's own messages."""
    return bool(message.author.id == account.limits.get("bot"))


async def find(http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]) -> Found:
    """The segment among the bot's messages since the first try; of several that fit, the oldest."""
    since = (delivery.sent_after or delivery.created_at) - MARGIN
    seen, whole = await _since(http, account, since)
    segment, parent = delivery.segments[index], before[-1].remote_id if before else ""
    for one in seen:
        same = squeezed(one.words) == squeezed(segment.text) and len(one.attachments) == len(segment.attachments)
        if same and bool(one.poll) == bool(segment.poll) and one.answers == parent and one.id not in delivery.known:
            evidence = f"A message with the same content is in the channel, made at {_moment(one.timestamp)}."
            return Found(Presence.FOUND, evidence, receipt_of(account, one.id))
    looked = f"{len(seen)} messages since {_moment(since)}"
    if not whole:
        return Found(Presence.CANNOT_TELL, f"Discord showed only {looked}; it is not among them.")
    if not seen and not await _may_read(http, account, since):
        return Found(Presence.CANNOT_TELL, "The bot may not read the channel's messages, so it cannot be looked for.")
    return Found(Presence.ABSENT, f"All {looked} were looked at; it is not among them.")


async def _since(http: Http, account: Account, since: datetime) -> tuple[list[wire.Message], bool]:
    """The bot's messages since a moment, oldest first, and whether they are all."""
    found, after = list[wire.Message](), wire.snowflake(since)
    for _ in range(MOST_PAGES):
        page = await listed(http, account, after=after, limit=str(PAGE))
        found += [one for one in reversed(page) if is_own(account, one)]
        if len(page) < PAGE:
            return found, True
        after = page[0].id
    return found, False


async def _may_read(http: Http, account: Account, since: datetime) -> bool:
    """True where an empty list is to be believed: older messages are shown, or nothing was written in the channel since."""
    if await listed(http, account, limit="1"):
        return True
    path: Mapping[str, str] = {"channel": account.remote_id}
    answer = await http.call(
        GET_CHANNEL, account.server, path=path, headers=headers_for(account.secrets), explain=explain
    )
    last = wire.read(wire.Channel, answer.body).last_message_id
    return not last or wire.made_at(last) < since


def squeezed(text: str) -> str:
    """A text without white space, which Discord trims."""
    return "".join(text.split())


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
