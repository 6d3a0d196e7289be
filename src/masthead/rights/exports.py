"""The gate of the exports that posts make: everything in them passes, and what does not is named in the export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from masthead.connectors import PLATFORMS
from masthead.posts.export import gate
from masthead.posts.models import Export, PastPost, Publication
from masthead.rights.archive.as_items import of_past_post, of_publication
from masthead.rights.items import Item
from masthead.rights.models import Release
from masthead.rights.release import clause_of, release

Row = TypeVar("Row", PastPost, Publication)


class RightsGate:
    """Each row as an item through `release`, one at a time, in order."""

    def past_posts(self, export: Export, rows: Iterable[PastPost]) -> Iterator[PastPost]:
        """What was read through an API, bound by the platform's terms."""
        return _through(export, rows, "past_posts", of_past_post)

    def publications(self, export: Export, rows: Iterable[Publication], part: str) -> Iterator[Publication]:
        """What was written here: the workspace's own, unless something stops it."""
        return _through(export, rows, part, of_publication)

    def left_out(self, export: Export) -> list[dict[str, str]]:
        """A line for each rule that kept something in, by the last whole release of each part."""
        parts = ("past_posts", "schedules", "publications")
        rows = [Release.objects.filter(purpose=_purpose(export, one)).exclude(ended_at=None).first() for one in parts]
        return [_line(row, rule, number) for row in rows if row for rule, number in row.by_rule.items()]


def _purpose(export: Export, part: str) -> str:
    return f"export {export.key}: {part}"


def _through(export: Export, rows: Iterable[Row], part: str, as_item: Callable[[Row], Item]) -> Iterator[Row]:
    """The gate asks for the next item only when it is done with the last, so the last row read is the one that passes."""
    last: list[Row] = []

    def items() -> Iterator[Item]:
        for row in rows:
            last[:] = [row]
            yield as_item(row)

    actor = export.asked_by.email if export.asked_by else "worker"
    passed = release(export.workspace, "redistribute", items(), purpose=_purpose(export, part), actor=actor)
    return (last[0] for _item in passed)


def _line(row: Release, rule: str, number: int) -> dict[str, str]:
    """What was kept in and why, in English, as the manifest is."""
    part, platform = row.purpose.rpartition(": ")[2].replace("_", " "), PLATFORMS.get(rule.partition(":")[0])
    what = f"{number} of {part}" + (f" ({platform.name})" if platform else "")
    return {"what": what, "why": f"{clause_of(rule)} [{rule}]"}


gate.register(RightsGate())
