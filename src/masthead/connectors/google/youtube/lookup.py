"""Looking a video up among the channel's own uploads, newest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from masthead.connectors.google.rest import call, read
from masthead.connectors.google.youtube import wire
from masthead.connectors.google.youtube.errors import WAY
from masthead.connectors.google.youtube.operations import UPLOADS
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Found, Presence, Receipt

MARGIN = timedelta(minutes=5)
MOST_PAGES = 6
PAGE = 50
LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """The uploads since `start`; `whole` is False where YouTube did not show all of them."""

    items: Sequence[wire.Item]
    whole: bool
    start: datetime


def at(item: wire.Item) -> datetime:
    """When it was uploaded."""
    return item.snippet.publishedAt or LONG_AGO


async def uploads(http: Http, account: Account, cursor: str, size: int = PAGE) -> wire.Items:
    """One page of the channel's uploads."""
    listed = str(account.limits.get("uploads") or "UU" + account.remote_id.removeprefix("UC"))
    query = {"part": "snippet,contentDetails", "playlistId": listed, "maxResults": str(size)}
    answer = await call(http, WAY, UPLOADS, account, query=query | ({"pageToken": cursor} if cursor else {}))
    return read(wire.Items, answer.body)


async def since(http: Http, account: Account, delivery: Delivery) -> Seen:
    """The uploads since the first try."""
    start, found, cursor = (delivery.sent_after or delivery.created_at) - MARGIN, list[wire.Item](), ""
    for _ in range(MOST_PAGES):
        page = await uploads(http, account, cursor)
        found += [one for one in page.items if at(one) >= start]
        cursor = page.nextPageToken
        if not cursor or (page.items and all(at(one) < start for one in page.items)):
            return Seen(found, True, start)
    return Seen(found, False, start)


async def find(http: Http, account: Account, delivery: Delivery, index: int, link: Callable[[str], str]) -> Found:
    """The upload with the same title and description since the first try; of several, the oldest."""
    text, title = delivery.segments[index].text, str(delivery.options.get("title") or "")
    seen = await since(http, account, delivery)
    fits = [
        one
        for one in seen.items
        if one.contentDetails.videoId not in delivery.known
        and _squeezed(one.snippet.title) == _squeezed(title)
        and _squeezed(one.snippet.description) == _squeezed(text)
    ]
    if fits:
        one = min(fits, key=at)
        video = one.contentDetails.videoId
        words = f"A video with the same title and description is on the channel, uploaded at {_moment(at(one))}."
        return Found(Presence.FOUND, words, Receipt(video, link(video), processing=True))
    number, when = len(seen.items), _moment(seen.start)
    if not seen.whole:
        return Found(Presence.CANNOT_TELL, f"YouTube showed only {number} uploads since {when}; it is not among them.")
    return Found(Presence.ABSENT, f"All {number} uploads since {when} were looked at; it is not among them.")


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
