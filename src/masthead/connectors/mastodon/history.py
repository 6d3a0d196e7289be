"""A profile's own past posts with favourites, boosts, replies and quotes.

Boosts of other people's posts are left out, since they are not the profile's own, and so are direct messages.
Asking for several posts at once came with Mastodon 4.3; elsewhere they are asked for one by one. A post counts as gone
only when it was asked for alone and the server said so.
Source: https://docs.joinmastodon.org/methods/statuses/ and /methods/accounts/, read on 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from masthead.connectors.mastodon import wire
from masthead.connectors.mastodon.connect import bearer
from masthead.connectors.mastodon.errors import explaining
from masthead.connectors.mastodon.lookup import plain
from masthead.connectors.mastodon.operations import GET_STATUS, GET_STATUSES, OWN_STATUSES
from masthead.contract.errors import ConnectorError, Refused, TryAgain
from masthead.contract.history import PastMedia, PastPage, PastPost
from masthead.contract.http import Answer, Explain, Http
from masthead.contract.values import Account

NAMES = {
    "favourites_count": "likes",
    "reblogs_count": "reposts",
    "replies_count": "replies",
    "quotes_count": "quotes",
}
MEDIA = {"image": "image", "gifv": "gif", "video": "video", "audio": "audio"}
GONE = (404, 410)


class _Gone(Refused):
    """There is no such post."""


@dataclass(frozen=True)
class MastodonHistory:
    """The listing gives every number. The cursor is the id of the last post of a page."""

    page_size: int = 40
    names: Mapping[str, str] = field(default_factory=lambda: dict(NAMES))
    most_ids: int = 20

    async def page(self, http: Http, account: Account, cursor: str) -> PastPage:
        """One page; a server that shows the same page again instead of an older one ends the listing."""
        query = {"limit": str(self.page_size), "exclude_reblogs": "true"} | ({"max_id": cursor} if cursor else {})
        path = {"id": account.remote_id}
        answer = await http.call(
            OWN_STATUSES, account.server, path=path, query=query, headers=bearer(account), explain=_explain(account)
        )
        statuses = _statuses(answer)
        last = statuses[-1][0].id if statuses else ""
        return PastPage(tuple(_posts(statuses)), "" if last == cursor else last)

    async def metrics(
        self, http: Http, account: Account, posts: Sequence[PastPost]
    ) -> Mapping[str, Mapping[str, float]]:
        """All at once where the server can, and those it left out one by one."""
        wanted = [one.remote_id for one in posts]
        found = {one.id: numbers(one) for one in await _several(http, account, wanted)}
        for id_ in wanted:
            if id_ not in found and (one := await _single(http, account, id_)):
                found[id_] = numbers(one)
        return found


def numbers(status: wire.Status) -> dict[str, float]:
    """What came back for a status, by Mastodon's names; a number that the server does not tell is left out."""
    told = {name: getattr(status, name) for name in NAMES}
    return {name: float(value) for name, value in told.items() if value is not None}


async def _several(http: Http, account: Account, ids: Sequence[str]) -> list[wire.Status]:
    """Nothing where the server has no such call."""
    if len(ids) < 2:
        return []
    try:
        answer = await http.call(
            GET_STATUSES, account.server, query={"id[]": list(ids)}, headers=bearer(account), explain=_explain(account)
        )
    except Refused:
        return []
    return [wire.read(wire.Status, one) for one in answer.body] if isinstance(answer.body, list) else []


async def _single(http: Http, account: Account, id_: str) -> wire.Status | None:
    try:
        answer = await http.call(
            GET_STATUS, account.server, path={"id": id_}, headers=bearer(account), explain=_gone(_explain(account))
        )
    except _Gone:
        return None
    return wire.read(wire.Status, answer.body)


def _explain(account: Account) -> Explain:
    return explaining(renewable=bool(account.secrets.get("refresh_token")))


def _gone(inner: Explain) -> Explain:
    def explain(answer: Answer) -> ConnectorError | None:
        return _Gone("It is gone.", status=answer.status) if answer.status in GONE else inner(answer)

    return explain


def _statuses(answer: Answer) -> list[tuple[wire.Status, Mapping[str, Any]]]:
    if not isinstance(answer.body, list):
        raise TryAgain("The server did not list the profile's posts.", after=60)
    return [(wire.read(wire.Status, one), one) for one in answer.body]


def _posts(statuses: Iterable[tuple[wire.Status, Mapping[str, Any]]]) -> Iterable[PastPost]:
    for status, raw in statuses:
        if not status.reblog and status.visibility != "direct":
            yield _past(status, raw)


def _past(status: wire.Status, raw: Mapping[str, Any]) -> PastPost:
    return PastPost(
        remote_id=status.id,
        text=plain(status.content).strip(),
        url=status.url or status.uri or "",
        posted_at=status.created_at,
        kind="reply" if status.in_reply_to_id else "post",
        media=tuple(medium(one) for one in status.media_attachments),
        reply_to=status.in_reply_to_id or "",
        language=status.language or "",
        metrics=numbers(status),
        raw={name: value for name, value in raw.items() if name != "account"},
    )


def medium(one: wire.Media) -> PastMedia:
    """An attached file as the server refers to it."""
    kind = MEDIA.get(one.type or "", "document")
    return PastMedia(kind, url=one.url or "", preview_url=one.preview_url or "", alt=one.description or "")
