"""Step 1 of a copy: what is wanted passes the gate and lies in pieces in storage. A killed worker's work goes on after its last piece."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from masthead.contract.terms import Use
from masthead.media import bundle
from masthead.rights.archive.asked import restored
from masthead.rights.archive.shelves import Place, place_from, timeline
from masthead.rights.items import Item
from masthead.rights.models import ArchiveExport
from masthead.rights.release import begin, stream

PORTION = 500
PORTIONS = 20
"""So many portions of the timeline make a piece: about 10,000 things."""
USE: Use = "redistribute"
INNER = ("workspace_id", "channel_id", "others", "listed_at")


class Feed:
    """The timeline from a place on; `start` is where the portion begins that the last item is of, `number` counts portions."""

    def __init__(self, export: ArchiveExport) -> None:
        self.workspace, self.wanted = export.workspace, restored(export.wanted)
        self.start: Place | None = place_from(export.cursor)
        self.number = 0

    def __iter__(self) -> Iterator[Item]:
        page = timeline(self.workspace, self.wanted, self.start, PORTION)
        while True:
            yield from page.items
            if page.after is None:
                return
            self.start, self.number = page.after, self.number + 1
            page = timeline(self.workspace, self.wanted, self.start, PORTION)


def collect(export: ArchiveExport, now: datetime) -> bool:
    """All pieces; False where the lease was lost."""
    if export.collected:
        return True
    asker = export.asked_by.email if export.asked_by else "-"
    release = begin(export.workspace, USE, purpose="copy of the archive", actor=asker, at=now)
    release.save()
    export.releases.append(release.pk)
    bundle.mine(export).update(releases=export.releases)
    feed = Feed(export)
    source = stream(release, feed)
    following = next(source, None)
    while following is not None:
        following = _piece(export, feed, source, following)
        if not bundle.go_on(export):
            source.close()  # type: ignore[attr-defined]
            return False
    export.collected = True
    return bool(bundle.mine(export).update(collected=True))


def _piece(export: ArchiveExport, feed: Feed, source: Iterator[Item], first: Item) -> Item | None:
    """One piece from `first` on; returns the item with which the next begins."""
    name, until = f"{len(export.parts):05}.jsonl", feed.number + PORTIONS
    with bundle.part(export, name) as part:
        item: Item | None = first
        while item is not None and feed.number < until:
            part.add(line_of(item))
            item = next(source, None)
        export.done += part.rows
        export.cursor = str(feed.start or "")
        part.more = {"cursor": export.cursor, "done": export.done}
    return item


def line_of(item: Item) -> bytes:
    """An item as a line of a piece: its files still by their place in storage."""
    known: dict[str, Any] = {name: value for name, value in asdict(item).items() if name not in INNER}
    return (
        json.dumps(known, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n"
    )
