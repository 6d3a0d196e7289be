"""One timeline of everything: what was brought in, what went out from here, what was read. It asks the database, no platform.

The same post on two shelves stands there once: the copy of the first shelf (see `SHELVES`) that fits what is wanted. Each shelf
is read by its own index from a place on, and never further back than the page reaches, however many copies are passed over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet

from masthead.posts.models import PastPost, Publication
from masthead.rights.archive.as_items import of_past_post, of_publications, of_record
from masthead.rights.archive.wanted import SHELVES, Wanted, past_posts, publications, records
from masthead.rights.items import Item
from masthead.rights.models import Record
from masthead.workspaces.models import Workspace

POSTS = ("own_post", "others_post")
DAWN = datetime(1, 1, 3, tzinfo=UTC)
NEAR = 5000
"""Rows that a search looks through in their order before it asks the index of words."""


class Place(NamedTuple):
    """Where an item stands in the timeline: its time, the number of its shelf, its row, its part."""

    at: datetime
    shelf: int
    row: int
    part: int = 0

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Newest first; then the first shelf; then what came last; then part by part."""
        micros = (self.at - DAWN) // timedelta(microseconds=1)
        return -micros, self.shelf, -self.row, self.part

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.shelf}_{self.row}_{self.part}"


def place_from(text: str) -> Place | None:
    """A place out of an address; None for what is none."""
    try:
        at, shelf, row, part = text.replace(" ", "+").split("_")
        found = Place(datetime.fromisoformat(at), int(shelf), int(row), int(part))
    except ValueError:
        return None
    fits = found.at.tzinfo and 0 <= found.shelf < len(SHELVES) and 0 <= found.row < 2**63 and 0 <= found.part < 2**31
    return found if fits else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some items, newest first; `after` is the place from which to go on, None at the end."""

    items: tuple[Item, ...]
    after: Place | None


Placed = tuple[Place, Item]


def timeline(workspace: Workspace, wanted: Wanted, after: Place | None = None, limit: int = 25) -> Page:
    """At most `limit` items that come behind `after`."""
    found: list[Placed] = []
    floor: datetime | None = None
    for shelf in (_Imported, _Published, _Read):
        mine = list(islice(shelf(workspace, wanted, limit + 1).walk(after, floor), limit + 1))
        if len(mine) > limit:
            floor = max(floor or mine[-1][0].at, mine[-1][0].at)
        found += mine
    found.sort(key=lambda one: one[0].order)
    more = found[limit - 1][0] if len(found) > limit else None
    return Page(tuple(item for _place, item in found[:limit]), more)


def everything(workspace: Workspace, wanted: Wanted, after: Place | None = None, limit: int = 500) -> Iterator[Page]:
    """The whole timeline, page by page: memory holds one."""
    while True:
        page = timeline(workspace, wanted, after, limit)
        yield page
        if page.after is None:
            return
        after = page.after


class _Shelf(ABC):
    """One table of the timeline, read by portions from a place on."""

    number: int
    table: type[Any]
    at = "posted_at"
    several = False  # whether a row holds several items, so that the row of the place itself is looked at again

    def __init__(self, workspace: Workspace, wanted: Wanted, portion: int) -> None:
        self.workspace, self.wanted, self.portion = workspace, wanted, portion

    @abstractmethod
    def rows(self, *, look: bool = False) -> QuerySet[Any]:
        """The rows that fit; with `look` words are looked for row by row."""

    @abstractmethod
    def items(self, rows: Sequence[Any]) -> Iterable[Placed]:
        """Of some rows, what no earlier shelf has."""

    def walk(self, after: Place | None, floor: datetime | None) -> Iterator[Placed]:
        """Items behind `after`, newest first, none older than `floor`."""
        start = after
        while rows := self._some(start, Q(**{f"{self.at}__gte": floor}) if floor else Q()):
            for place, item in self.items(rows):
                if after is None or place.order > after.order:
                    yield place, item
            if len(rows) < self.portion:
                return
            start = Place(getattr(rows[-1], self.at), self.number, rows[-1].pk, 2**31)

    def _some(self, start: Place | None, limit: Q) -> list[Any]:
        """The next portion. PostgreSQL cannot know whether a word is met soon or long ago, so that it is asked in two steps:
        among the nearest rows in their order, then by the index of words, in an order that it must make itself."""
        limit &= self._behind(start)
        near = self._near(start) if self.wanted.words else None
        soon = self.rows(look=True).filter(limit, Q(**{f"{self.at}__gte": near}) if near else Q())
        rows = list(soon.order_by(f"-{self.at}", "-id")[: self.portion])
        if near is None or len(rows) == self.portion:
            return rows
        made = ExpressionWrapper(F(self.at) + timedelta(0), output_field=DateTimeField())
        rest = self.rows().filter(limit, **{f"{self.at}__lt": near}).order_by(made.desc(), "-id")
        return rows + list(rest[: self.portion - len(rows)])

    def _near(self, start: Place | None) -> datetime | None:
        """How far back the nearest rows reach, whatever their words; None where there are not that many."""
        rows = self.table.objects.filter(self._behind(start), workspace=self.workspace)
        if self.wanted.end:
            rows = rows.filter(**{f"{self.at}__lt": self.wanted.end})
        return next(iter(rows.order_by(f"-{self.at}").values_list(self.at, flat=True)[NEAR : NEAR + 1]), None)

    def _behind(self, place: Place | None) -> Q:
        if place is None:
            return Q()
        earlier, same = Q(**{f"{self.at}__lt": place.at}), Q(**{f"{self.at}__lte": place.at})
        if self.number != place.shelf:
            return earlier if self.number < place.shelf else same
        again = self.several and place.part < 2**31
        return same & (earlier | Q(**{"id__lte" if again else "id__lt": place.row}))


class _Imported(_Shelf):
    number = 0
    table = Record

    def rows(self, *, look: bool = False) -> QuerySet[Record]:
        return records(self.workspace, self.wanted, look=look)

    def items(self, rows: Sequence[Record]) -> Iterable[Placed]:
        return [(Place(row.posted_at, self.number, row.pk), of_record(row)) for row in rows]


class _Published(_Shelf):
    number = 1
    table = Publication
    at = "publish_at"
    several = True

    def rows(self, *, look: bool = False) -> QuerySet[Publication]:
        return publications(self.workspace, self.wanted, look=look)

    def items(self, rows: Sequence[Publication]) -> Iterable[Placed]:
        times = {row.pk: row.publish_at for row in rows}
        found = [one for one in of_publications(rows) if one.media or not self.wanted.media]
        known = brought_in(self.workspace, self.wanted, found)
        for one in found:
            if (one.platform, one.remote_id) not in known:
                row, part = (int(number) for number in one.id.split(":")[1:])
                yield Place(times[row], self.number, row, part), one


class _Read(_Shelf):
    number = 2
    table = PastPost

    def rows(self, *, look: bool = False) -> QuerySet[PastPost]:
        return past_posts(self.workspace, self.wanted, look=look)

    def items(self, rows: Sequence[PastPost]) -> Iterable[Placed]:
        found = [of_past_post(row) for row in rows]
        known = brought_in(self.workspace, self.wanted, found)
        ours = {row.publication_id for row in rows if row.publication_id}
        if ours:
            ours = set(publications(self.workspace, self.wanted).filter(pk__in=ours).values_list("pk", flat=True))
        for row, one in zip(rows, found, strict=True):
            if row.publication_id not in ours and (one.platform, one.remote_id) not in known:
                yield Place(row.posted_at, self.number, row.pk), one


def brought_in(workspace: Workspace, wanted: Wanted, items: Sequence[Item]) -> set[tuple[str, str]]:
    """Platform and remote id of those posts that a record which fits holds as well."""
    ids = [one.remote_id for one in items]
    if not ids:
        return set()
    found = records(workspace, wanted).filter(kind__in=POSTS, remote_id__in=ids)
    found = found.filter(platform__in={one.platform for one in items})
    return set(found.values_list("platform", "remote_id"))
