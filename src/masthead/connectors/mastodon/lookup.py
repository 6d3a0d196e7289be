"""Looking a status up among the account's own: the server's HTML against the text that was sent.

A status matches when the text is the same, it answers the same post, it has as many attachments, it is not older
than the first try, and it is not known as another publication's. Mastodon keeps idempotency keys for an hour and most
of its relatives not at all, so nothing here relies on them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from email.utils import parsedate_to_datetime

import regex
from selectolax.lexbor import LexborHTMLParser

from masthead.connectors.mastodon import wire
from masthead.connectors.mastodon.connect import bearer
from masthead.connectors.mastodon.errors import explaining
from masthead.connectors.mastodon.operations import GET_SOURCE, OWN_STATUSES
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain
from masthead.contract.http import Answer, Http
from masthead.contract.values import Account, Delivery, Receipt
from masthead.kit.clock import now

MARGIN = timedelta(minutes=2)
PAGE = 40
MOST_PAGES = 10
MOST_SOURCES = 20
_REMOTE = regex.compile(r"@([\w.-]+)@[\w.-]*\w")
_MARKUP = regex.compile(r"[^\p{L}\p{M}\p{N}\p{So}\p{Sc}\p{Sk}]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """The account's statuses of a time, newest first; `whole` is False where the server did not show all of it."""

    statuses: Sequence[wire.Status]
    whole: bool
    start: datetime


def plain(html: str) -> str:
    """The text of a status: paragraphs and line breaks as line breaks, shortened links in full."""
    tree = LexborHTMLParser(f"<div>{html}</div>")
    for node in tree.css("br"):
        node.replace_with("\n")
    for node in tree.css("p, li, blockquote, pre"):
        node.insert_after("\n")
    return tree.body.text(deep=True, separator="") if tree.body else ""


def squeezed(text: str) -> str:
    """A text without what servers change: white space, the server part of mentions, the form of composed letters."""
    return "".join(_REMOTE.sub(r"@\1", unicodedata.normalize("NFC", text)).split())


def bare(text: str) -> str:
    """Only letters, digits and pictures: what is left of a text that a server took for Markdown."""
    return _MARKUP.sub("", squeezed(text)).casefold()


def fits(status: wire.Status, delivery: Delivery, index: int, before: Sequence[Receipt]) -> bool:
    """True where a status could be the segment, whatever its text. A poll may be missing: some servers drop it."""
    segment = delivery.segments[index]
    parent = before[-1].remote_id if before else None
    return (
        not status.reblog
        and status.id not in delivery.known
        and (status.in_reply_to_id or None) == parent
        and len(status.media_attachments) == len(segment.attachments)
        and (bool(segment.poll) or not status.poll)
    )


async def fitting(
    http: Http, account: Account, seen: Seen, delivery: Delivery, index: int, before: Sequence[Receipt]
) -> list[wire.Status]:
    """The statuses that are the segment, newest first; the source is asked for where the HTML is only alike."""
    sent = delivery.segments[index].text or str(delivery.options.get("spoiler_text") or "")
    candidates = [one for one in seen.statuses if fits(one, delivery, index, before)]
    found = [one for one in candidates if squeezed(plain(one.content)) == squeezed(sent)]
    unsure = [one for one in candidates if one not in found and alike(one.content, sent)][:MOST_SOURCES]
    return found or [one for one in unsure if await _is_source(http, account, one, sent)]


def alike(html: str, sent: str) -> bool:
    """True where a server's Markdown could have made this HTML of the text; short texts always could."""
    one, other = bare(plain(html))[:1000], bare(sent)[:1000]
    return len(other) < 20 or SequenceMatcher(None, one, other, autojunk=False).quick_ratio() > 0.6


async def _is_source(http: Http, account: Account, status: wire.Status, sent: str) -> bool:
    text = status.text if status.text is not None else await _source(http, account, status)
    if text is not None:
        return squeezed(text) == squeezed(sent)
    return bool(bare(sent)) and bare(plain(status.content)) == bare(sent)


async def _source(http: Http, account: Account, status: wire.Status) -> str | None:
    """The text as it was typed; None where the server does not tell."""
    try:
        answer = await http.call(GET_SOURCE, account.server, path={"id": status.id}, headers=bearer(account))
    except (Refused, NeedsReconnect):
        return None
    text = answer.body.get("text") if isinstance(answer.body, dict) else None
    return text if isinstance(text, str) else None


async def own_statuses(http: Http, account: Account, since: datetime) -> Seen:
    """The account's own statuses since a moment by our clock; the server's clock is read from its answers' Date."""
    found: list[wire.Status] = []
    start, last, seen = since - MARGIN, "", set[str]()
    for _ in range(MOST_PAGES):
        answer = await _page(http, account, last)
        page = _statuses(answer)
        start = since - MARGIN + skew(answer)
        if not page:
            return Seen(found, True, start)
        if page[-1].id in seen:  # the server pages in another way than Mastodon: we cannot see further
            return Seen(found, False, start)
        fresh = [one for one in page if one.id not in seen]
        seen.update(one.id for one in fresh)
        found += [one for one in fresh if one.created_at >= start]
        if all(one.created_at < start for one in page):
            return Seen(found, True, start)
        last = page[-1].id
    return Seen(found, False, start)


async def _page(http: Http, account: Account, last: str) -> Answer:
    query = {"limit": str(PAGE), "exclude_reblogs": "true"} | ({"max_id": last} if last else {})
    explain = explaining(renewable=bool(account.secrets.get("refresh_token")))
    path = {"id": account.remote_id}
    return await http.call(
        OWN_STATUSES, account.server, path=path, query=query, headers=bearer(account), explain=explain
    )


def _statuses(answer: Answer) -> list[wire.Status]:
    if not isinstance(answer.body, list):
        raise TryAgain("The server did not list the profile's posts.", after=60)
    return [wire.read(wire.Status, one) for one in answer.body]


def skew(answer: Answer) -> timedelta:
    """How far the server's clock is ahead of ours; nothing where it does not say or is less than a minute off."""
    try:
        ahead = parsedate_to_datetime(answer.headers.get("Date", "")) - now()
    except (ValueError, TypeError):
        return timedelta()
    return ahead if abs(ahead) > timedelta(minutes=1) else timedelta()
