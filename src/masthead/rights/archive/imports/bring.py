"""Read an archive to its end: a lease, the readers that know it, batches that are written with the place they end at.

Records and cursor are written in one transaction, so that a killed reader is gone on with at the last batch and nothing is there
twice. A stop takes the lease away; the next batch notices.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from django.conf import settings
from django.db import transaction

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.archive import (
    NOT_UNDERSTOOD,
    SHAPE,
    ArchiveReader,
    Cursor,
    Entry,
    Owner,
    Step,
    Trouble,
    Unreadable,
    read,
)
from masthead.contract.archive_limits import Limits
from masthead.contract.archive_source import ZipSource, opened
from masthead.contract.errors import ConnectorError
from masthead.kit.clock import now as clock
from masthead.kit.text import plain
from masthead.kit.words import N_ as _
from masthead.media.keep import workbench
from masthead.rights.archive.imports import files, pieces, rows
from masthead.rights.models import Import

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
BATCH = 2_000
SECONDS = 2.0
"""A batch is written at the latest after so long, so that people see it move."""
MOST_PROBLEMS = 200
State = Import.State
NOT_KNOWN = _("This is not an export that can be read here.")
SEE_GUIDES = _(
    "The page of imports says what each platform calls its export. An export in HTML cannot be read: ask for JSON."
)
MOST_TRIES = 5
"""So often in a row may a reader die at the same place."""
DIED = _("Reading it ended five times without a word, always at the same place.")
LOOK_AT_LOG = _("What was read before is kept. Look at the worker's log, or ask for the archive once more.")
PIECE_GONE = _("A part of the uploaded file is no longer in storage.")
UPLOAD_AGAIN = _("Upload the archive again; what was read is not read twice.")
NOT_KEPT = _("The file of a record could not be put into storage.")
NOT_TAKEN = _("The database does not take this entry: it has too many words, or too long a name.")
RECORD_KEPT = _("The record is kept without it. Import the archive again once storage works.")


class LostLease(Exception):
    """The import was stopped, or somebody else reads it."""


def limits() -> Limits:
    """What the installation allows."""
    return Limits(settings.IMPORT_UNPACKED_BYTES, settings.IMPORT_ENTRY_BYTES, settings.IMPORT_RATIO)


def take(import_id: int, now: datetime) -> Import | None:
    """The lease, by compare and set; None where it is stopped or finished, or somebody reads it."""
    mine = Import.objects.filter(pk=import_id, state__in=(State.WAITING, State.READING), held_until__lte=now)
    if not mine.filter(cursor__whole=True).update(held_until=now + LEASE, state=State.READING):
        return None
    row = Import.objects.select_related("workspace").get(pk=import_id)
    row.cursor = {**row.cursor, "tries": row.cursor.get("tries", 0) + 1}
    row.save(update_fields=["cursor"])
    return row


def bring(import_id: int, file: BinaryIO | None = None) -> bool:
    """Read an import that waits, from storage or from `file`; True where it is finished now. Safe to run twice and at the same time."""
    row = take(import_id, clock())
    if row is None:
        return False
    if row.cursor["tries"] > MOST_TRIES:
        return _fail(row, DIED, LOOK_AT_LOG)
    try:
        with workbench() as bench, _file(row, file) as archive, opened(archive, row.name, limits(), bench) as source:
            _Reading(row, source, bench).to_the_end()
    except LostLease:
        return False
    except Unreadable as error:
        return _fail(row, error.why, error.remedy)
    except FileNotFoundError:
        return _fail(row, PIECE_GONE, UPLOAD_AGAIN)
    return _finish(row)


@contextmanager
def _file(row: Import, file: BinaryIO | None) -> Iterator[BinaryIO]:
    if file is not None:
        yield file
        return
    with pieces.opened(row) as joined:
        yield joined


def _fail(row: Import, why: str, remedy: str) -> bool:
    mine = Import.objects.filter(pk=row.pk, held_until=row.held_until)
    problem = {"entry": row.name, "why": why, "remedy": remedy}
    mine.update(
        state=State.FAILED,
        why=why,
        finished_at=clock(),
        troubled=row.troubled + 1,
        problems=[problem, *row.problems[:199]],
    )
    return False


def _finish(row: Import) -> bool:
    mine = Import.objects.filter(pk=row.pk, held_until=row.held_until, state=State.READING)
    if not mine.update(state=State.FINISHED, finished_at=clock(), done=row.cursor.get("total") or row.size):
        return False
    pieces.forget(row)
    return True


@dataclass
class _Batch:
    """What was read and is not written yet."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    @property
    def due(self) -> bool:
        """True where it is time to write it down."""
        return len(self.rows) >= BATCH or time.monotonic() - self.since > SECONDS


class _Reading:
    def __init__(self, row: Import, source: ZipSource, bench: Path) -> None:
        self.row, self.source, self.bench = row, source, bench
        self.batch = _Batch()

    def to_the_end(self) -> None:
        """Every reader that knows the archive, from the one that was at it."""
        known = {
            key: one.archive
            for key, one in PLATFORMS.items()
            if one.archive and one.archive.recognise(self.source.names)
        }
        if not known:
            raise Unreadable(NOT_KNOWN, SEE_GUIDES)
        if "platform" not in self.row.cursor:
            self.batch.troubles += self.source.troubles
        keys = list(known)
        first = self.row.cursor.get("platform", keys[0])
        for key in keys[keys.index(first) if first in keys else 0 :]:
            self._one(key, known[key])
            self.row.cursor = {name: self.row.cursor[name] for name in ("whole", "owners") if name in self.row.cursor}

    def _one(self, key: str, reader: ArchiveReader) -> None:
        owner = _owner(reader, self.source)
        parts = reader.parts(self.source, owner)
        before = [0]
        for part in parts:
            before.append(before[-1] + part.size)
        origin = self._origin(key, owner)
        cursor = self.row.cursor
        at = Cursor(cursor.get("part", 0), cursor.get("done", 0))
        self.row.cursor = {**cursor, "platform": key, "total": before[-1]}
        for step in read(parts, at):
            self._gather(origin, step)
            at = step.at
            if self.batch.due:
                self._write(at, before[at.part] + (self.source.position if at.done else 0))
        self._write(at, before[-1])

    def _origin(self, key: str, owner: Owner) -> rows.Origin:
        """The account keeps the name that it had in an earlier import, so that a new handle doubles nothing."""
        row = self.row
        name = f"{key}:{plain(owner.remote_id)[:500]}"
        known = Import.objects.filter(workspace=row.workspace_id, cursor__owners__has_key=name)
        earlier = known.exclude(pk=row.pk).order_by("pk").first() if owner.remote_id else None
        account = earlier.cursor["owners"][name] if earlier else plain(owner.handle or owner.remote_id)[:250]
        if owner.remote_id:
            row.cursor = {**row.cursor, "owners": {**row.cursor.get("owners", {}), name: account}}
        channel = _channel(row.workspace_id, key, owner)
        if not row.platform:
            row.platform, row.account, row.channel_id = key, plain(owner.handle or owner.name)[:250], channel
        return rows.Origin(row.workspace_id, channel, row.pk, key, account, row.created_at)

    def _gather(self, origin: rows.Origin, step: Step) -> None:
        for found in step.found:
            if isinstance(found, Entry):
                self._take(origin, found)
            else:
                self.batch.troubles.append(found)

    def _take(self, origin: rows.Origin, entry: Entry) -> None:
        media = [self._kept(one) for one in entry.media]
        try:
            self.batch.rows.append(rows.row(origin, entry, media))
        except SHAPE:
            self.batch.troubles.append(Trouble(f"{entry.kind} {entry.remote_id}", NOT_UNDERSTOOD))

    def _kept(self, one: Any) -> dict[str, Any]:
        try:
            return files.kept(self.row.workspace_id, self.source, one, self.bench)
        except Unreadable as error:
            self.batch.troubles.append(Trouble(one.name, error.why, error.remedy))
        except ConnectorError:
            self.batch.troubles.append(Trouble(one.name, NOT_KEPT, RECORD_KEPT))
        return {"kind": one.kind, "alt": one.alt, "url": one.url}

    def _write(self, at: Cursor, done: int) -> None:
        """Records, cursor and lease in one transaction."""
        row, batch, until = self.row, self.batch, clock() + LEASE
        cursor = {**row.cursor, "part": at.part, "done": at.done, "tries": 0}
        with transaction.atomic():
            added, bad = rows.insert(batch.rows) if batch.rows else (0, [])
            named = _named([*batch.troubles, *(Trouble(rows.name_of(one), NOT_TAKEN) for one in bad)])
            changed = {
                "seen": row.seen + len(batch.rows),
                "added": row.added + added,
                "troubled": row.troubled + len(named),
                "problems": (row.problems + named)[:MOST_PROBLEMS],
                "cursor": cursor,
                "done": done,
                "platform": row.platform,
                "account": row.account,
                "channel_id": row.channel_id,
            }
            mine = Import.objects.filter(pk=row.pk, held_until=row.held_until, state=State.READING)
            if not mine.update(**changed, held_until=until):
                raise LostLease
        for name, value in changed.items():
            setattr(row, name, value)
        row.held_until, self.batch = until, _Batch()


def _named(troubles: Sequence[Trouble]) -> list[dict[str, str]]:
    """Troubles as an import keeps them."""
    return [{"entry": plain(one.entry)[:300], "why": one.why, "remedy": one.remedy} for one in troubles]


def _owner(reader: ArchiveReader, source: ZipSource) -> Owner:
    try:
        return reader.owner(source)
    except (Unreadable, *SHAPE):
        return Owner()


def _channel(workspace_id: int, platform: str, owner: Owner) -> int | None:
    """The workspace's channel of the same account: by its lasting id, else by its handle."""
    handle = owner.handle.lstrip("@").casefold()
    for one in Channel.objects.filter(workspace=workspace_id, platform=platform).order_by("pk"):
        if (owner.remote_id and one.remote_id == owner.remote_id) or (
            handle and one.handle.lstrip("@").casefold() == handle
        ):
            return int(one.pk)
    return None
