"""Looking a post up among the account's own: X's text, with its short links and escapes, against the text that was sent.

A post matches when text, links, parent and number of files are the same, and it is not known as another publication's. Where
only the links differ, a person is asked: X may have written an address in another way.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import regex

from masthead.connectors.x import wire
from masthead.connectors.x.connect import bearer, renewable
from masthead.connectors.x.errors import explaining
from masthead.connectors.x.operations import OWN_POSTS
from masthead.connectors.x.words import Words
from masthead.contract.http import Http
from masthead.contract.values import Account, Delivery, Receipt
from masthead.kit.text import links, replaced

MARGIN = timedelta(minutes=10)
"""For clocks that differ. What is older than the first try and has the same text would have kept X from taking ours."""
PAGE = 100
MOST_PAGES = 5
LINK = "\N{LINK SYMBOL}"
_SHORT = regex.compile(r"https?://t\.co/\w+")
_OWN_MEDIA = regex.compile(r"/(?:photo|video)/\d+$")


@dataclass(frozen=True, slots=True)
class Seen:
    """The account's posts since `start`, newest first; `whole` is False where X showed only a part."""

    posts: Sequence[wire.Post]
    whole: bool
    start: datetime


@dataclass
class Matches:
    """Posts that are the segment, those that are alike but for their links, and those of other publications that are the same."""

    same: list[wire.Post] = field(default_factory=list)
    alike: list[wire.Post] = field(default_factory=list)
    others: list[wire.Post] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it can be compared: white space taken out, links put aside."""

    text: str
    links: tuple[str, ...]


def sent(text: str) -> Reading:
    """The reading of a text as we sent it."""
    found = links(unicodedata.normalize("NFC", text), bare=True)
    rest = replaced(unicodedata.normalize("NFC", text), found, LINK)
    return Reading(_squeezed(rest), tuple(_bare(one.url) for one in found))


def shown(post: wire.Post) -> Reading:
    """The reading of a text as X shows it: t.co addresses in the place of links, one more for attached media, HTML escapes."""
    text = post.note.text if post.note and post.note.text else post.text
    entities = post.note.entities if post.note and post.note.text else post.entities
    full = {one.url: one for one in (*post.entities.urls, *entities.urls)}
    addresses: list[str] = []

    def put(found: regex.Match[str]) -> str:
        one = full.get(found.group())
        if one and (one.media_key or _OWN_MEDIA.search(one.expanded_url)):
            return ""
        addresses.append(_bare(one.expanded_url) if one else "")
        return LINK

    return Reading(_squeezed(_SHORT.sub(put, html.unescape(text))), tuple(addresses))


def readable(post: wire.Post) -> str:
    """A text as people read it: whole, with links in full and without those of attached media."""
    text = post.note.text if post.note and post.note.text else post.text
    full = {one.url: one for one in (*post.entities.urls, *(post.note.entities.urls if post.note else ()))}

    def put(found: regex.Match[str]) -> str:
        one = full.get(found.group())
        own = one and (one.media_key or _OWN_MEDIA.search(one.expanded_url))
        return "" if own else (one.expanded_url if one and one.expanded_url else found.group())

    return html.unescape(_SHORT.sub(put, text)).strip()


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _bare(url: str) -> str:
    return html.unescape(url).split("://", 1)[-1].rstrip("/").casefold()


def matches(posts: Sequence[wire.Post], delivery: Delivery, index: int, before: Sequence[Receipt]) -> Matches:
    """Which of the posts could be the segment."""
    segment, found = delivery.segments[index], Matches()
    wanted, parent = sent(segment.text), before[-1].remote_id if before else ""
    for post in posts:
        files = len(post.attachments.media_keys) == len(segment.attachments)
        reading = shown(post)
        if post.refers_to("replied_to") != parent or not files or reading.text != wanted.text:
            continue
        if post.id in delivery.known:
            found.others.append(post)
        else:
            (found.same if reading.links == wanted.links else found.alike).append(post)
    return found


async def own_posts(http: Http, account: Account, words: Words, since: datetime) -> Seen:
    """The account's own posts since a moment, without reposts; at most 500."""
    start, posts, token = since - MARGIN, list[wire.Post](), ""
    more = {"max_results": str(PAGE), "exclude": "retweets", "start_time": stamp(start)}
    for _ in range(MOST_PAGES):
        query = words.query(more=more | ({"pagination_token": token} if token else {}))
        page = await timeline(http, account, query)
        posts += page.data
        token = page.meta.next_token
        if not token:
            return Seen(posts, True, start)
    return Seen(posts, False, start)


async def timeline(http: Http, account: Account, query: dict[str, str]) -> wire.Page:
    """One page of the account's own posts."""
    explain = explaining(renewable=renewable(account))
    path = {"id": account.remote_id}
    answer = await http.call(
        OWN_POSTS, account.server, path=path, query=query, headers=bearer(account), explain=explain
    )
    return wire.read(wire.Page, answer.body)


def stamp(at: datetime) -> str:
    """A moment as X wants it: whole seconds, UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
