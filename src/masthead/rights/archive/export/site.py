"""The site of a copy: the timeline and each account's posts by month, in pages of bounded size, without a network or a server.

Things come newest first and only once, so that a page is written as soon as the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from masthead.media.bundle import Zip
from masthead.rights.archive.export.search_index import SearchIndex
from masthead.rights.archive.words import KIND_WORDS, SHELF_WORDS, platform_name, shelf_of
from masthead.workspaces.middleware import zone_or_utc
from masthead.workspaces.models import Workspace

A_PAGE = 100
STATIC = Path(__file__).resolve().parents[2] / "static" / "rights" / "site"
ASSETS = ("site.css", "search.js")
TIMELINE = "all"


@dataclass
class Book:
    """The pages of one account, or of the whole timeline: `months` counts what each month has."""

    key: str
    title: str
    emit: Callable[[Book, list[dict[str, Any]], str], None]
    months: dict[str, int] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    name: str = ""
    newer: str = ""

    def add(self, item: dict[str, Any]) -> None:
        """One thing, not newer than the last."""
        month = item["month"]
        full = len(self.waiting) >= A_PAGE
        if self.waiting and (full or self.waiting[-1]["month"] != month):
            self._turn(self._name(month))
        elif not self.name:
            self.name = self._name(month)
        self.months[month] = self.months.get(month, 0) + 1
        self.waiting.append(item)

    def _name(self, month: str) -> str:
        page = self.months.get(month, 0) // A_PAGE
        return f"{month}-{page + 1}.html" if page else f"{month}.html"

    def _turn(self, older: str) -> None:
        self.emit(self, self.waiting, older)
        self.newer, self.name, self.waiting = self.name, older, []

    def close(self) -> None:
        """The last page."""
        if self.waiting:
            self.emit(self, self.waiting, "")


class Site:
    """Pages, index and search of a copy."""

    def __init__(self, made: Zip, folder: Path, workspace: Workspace) -> None:
        self.made, self.workspace = made, workspace
        self.zone = zone_or_utc(workspace.time_zone)
        self.search = SearchIndex(folder / "words", "site/search")
        self.timeline = Book(TIMELINE, _("Everything"), self._page)
        self.books: dict[tuple[str, str], Book] = {}

    def add(self, item: dict[str, Any]) -> None:
        """One thing, newest first."""
        row = self._row(item)
        self.timeline.add(row)
        if item["kind"] == "own_post":
            self._book(item["platform"], item["author"]).add(row)

    def _book(self, platform: str, author: str) -> Book:
        account = (platform, author)
        if account not in self.books:
            key = f"{len(self.books) + 1:02}-{slugify(' '.join(account))[:60] or 'account'}"
            title = f"{author or _('Unknown')} · {platform_name(platform)}"
            self.books[account] = Book(key, title, self._page)
        return self.books[account]

    def _row(self, item: dict[str, Any]) -> dict[str, Any]:
        at = timezone.localtime(_time(item["posted_at"]), self.zone)
        kind = KIND_WORDS.get(item["kind"], item["kind"]) if item["kind"] != "own_post" else ""
        return {
            "anchor": "i-" + item["id"].replace(":", "-"),
            "month": f"{at:%Y-%m}",
            "when": date_format(at, _("j M Y, H:i")),
            "iso": at.isoformat(),
            "who": " · ".join(filter(None, (item["author"], platform_name(item["platform"])))),
            "kind": str(kind),
            "origin": str(SHELF_WORDS[shelf_of(item["id"])]),
            "text": item["text"],
            "language": item["language"],
            "url": item["url"] if item["url"].startswith(("https://", "http://")) else "",
            "gone": bool(item["gone_at"]),
            "media": [_medium(one) for one in item["media"]],
        }

    def _page(self, book: Book, items: list[dict[str, Any]], older: str) -> None:
        """One page of a book; those of the timeline are what the search finds."""
        name = f"site/{book.key}/{book.name}"
        about = {"book": book, "items": items, "month": _month(items[0]["month"]), "older": older, "newer": book.newer}
        self._html(name, "month", root="../../", **about)
        if book is self.timeline:
            self.search.add(self.made, name, items)

    def _html(self, name: str, template: str, **about: Any) -> None:
        known = {"name": self.workspace.name, "language": get_language(), **about}
        self.made.add(name, [render_to_string(f"rights/site/{template}.html", known).encode()])

    def close(self) -> None:
        """What could not be known before: last pages, the search, the index."""
        for book in (self.timeline, *self.books.values()):
            book.close()
        self.search.close(self.made)
        for name in ASSETS:
            self.made.add(f"site/{name}", [(STATIC / name).read_bytes()])
        books = [self.timeline, *sorted(self.books.values(), key=lambda one: one.title.casefold())]
        about = {"years": _years(self.timeline), "total": sum(self.timeline.months.values())}
        self._html("index.html", "index", root="", **about, books=[(one, _years(one)) for one in books[1:]])


def _time(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"{text} is no time")
    return found


def _month(month: str) -> str:
    """A month in words."""
    return date_format(datetime.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


def _years(book: Book) -> list[tuple[str, list[dict[str, Any]]]]:
    """Years with their months, newest first: name, words, number of things, first page."""
    years: dict[str, list[dict[str, Any]]] = {}
    for month, count in book.months.items():
        entry = {"word": _month(month), "count": count, "href": f"site/{book.key}/{month}.html"}
        years.setdefault(month[:4], []).append(entry)
    return list(years.items())


def _medium(medium: dict[str, Any]) -> dict[str, str]:
    kind = str(medium.get("mime") or "").partition("/")[0]
    url = str(medium.get("url") or "")
    return {
        "path": str(medium.get("path") or ""),
        "shown": kind if kind in ("image", "video", "audio") and "svg" not in str(medium.get("mime")) else "",
        "alt": str(medium.get("alt") or ""),
        "name": str(medium.get("name") or medium.get("kind") or "file"),
        "url": url if url.startswith(("https://", "http://")) else "",
    }
