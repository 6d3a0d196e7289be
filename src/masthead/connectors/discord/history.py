"""The bot's own past messages in the channel, with their reactions and a poll's votes: Discord tells no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from masthead.connectors.discord import wire
from masthead.connectors.discord.connect import headers_for
from masthead.connectors.discord.errors import explain
from masthead.connectors.discord.lookup import is_own, listed, receipt_of
from masthead.connectors.discord.operations import GET_MESSAGE
from masthead.contract.history import PastMedia, PastPage, PastPost, kind_of, one_by_one
from masthead.contract.http import Http
from masthead.contract.values import Account

NAMES = {"reactions": "likes"}


@dataclass(frozen=True)
class DiscordHistory:
    """The history part. The cursor is the id of the oldest message seen."""

    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    most_ids: int = 10
    page_size: int = 100

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page of the channel; what others wrote is left out, so a page may be empty and yet not the last."""
        query = {"limit": str(self.page_size)} | ({"before": cursor} if cursor else {})
        seen = await listed(http, account, **query)
        own = tuple(_past(account, one) for one in seen if is_own(account, one))
        return PastPage(own, seen[-1].id if len(seen) >= self.page_size else "")

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """Today's numbers, one message after the other: Discord takes no list of ids."""

        async def ask(message: str) -> dict[str, float]:
            path, headers = {"channel": account.remote_id, "message": message}, headers_for(account.secrets)
            answer = await http.call(GET_MESSAGE, account.server, path=path, headers=headers, explain=explain)
            return numbers(wire.read(wire.Message, answer.body))

        return await one_by_one(posts, ask)


def numbers(message: wire.Message) -> dict[str, float]:
    """A message's numbers."""
    votes = message.poll.results.answer_counts if message.poll and message.poll.results else []
    told = {"reactions": float(sum(one.count for one in message.reactions))}
    return told | ({"votes": float(sum(one.count for one in votes))} if message.poll else {})


def _past(account: Account, message: wire.Message) -> PastPost:
    return PastPost(
        message.id,
        message.words,
        receipt_of(account, message.id).url,
        message.timestamp,
        kind="reply" if message.answers else "post",
        media=tuple(_media(one) for one in message.attachments),
        reply_to=message.answers,
        metrics=numbers(message),
    )


def _media(one: wire.File) -> PastMedia:
    return PastMedia(kind_of(one.content_type), url=one.url, alt=one.description or "")
