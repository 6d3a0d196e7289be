"""Make one file out of many pieces, in storage: a lease, pieces that outlive a killed worker, a zip that knows the checksum of
every file in it.

A row of a table that inherits `Bundle` is the bundle; domains say what goes into it.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, TypeVar

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import F

from masthead.kit.clock import now as clock
from masthead.kit.words import N_ as _
from masthead.media.keep import hash_of
from masthead.media.models import Bundle
from masthead.workspaces.apart import apart

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
MOST_TRIES = 5
ENDED = _("Making it ended five times without a result. Look at the worker's log, or ask for it once more.")
WHOLE = "export.zip"
CHUNK = 1 << 20
MAKING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="bundles")
"""Large files are made two at a time, and keep no other job waiting."""
Row = TypeVar("Row", bound=Bundle)


async def made(write: Callable[[int], bool], row_id: int) -> bool:
    """What `write` says of a row, in a thread of its own."""
    return await apart(MAKING, write, row_id)


def take(table: type[Row], row_id: int, now: datetime) -> Row | None:
    """The lease, by compare and set; None where it is made, or somebody makes it. What was taken five times in vain has failed."""
    rows: Any = table._default_manager
    free = rows.filter(pk=row_id, state=Bundle.State.WAITING, held_until__lte=now)
    if free.filter(tries__gte=MOST_TRIES).update(state=Bundle.State.FAILED, why=ENDED):
        log.error("an export is given up", table=table._meta.label, export=row_id)
        return None
    if not free.update(held_until=now + LEASE, tries=F("tries") + 1):
        return None
    found: Row = rows.select_related("workspace").get(pk=row_id)
    return found


def left_alone(table: type[Row], now: datetime) -> list[int]:
    """Ids of those that wait and that nobody holds, a hundred at most."""
    rows: Any = table._default_manager
    free = rows.filter(state=Bundle.State.WAITING, held_until__lte=now)
    return list(free.order_by("pk").values_list("pk", flat=True)[:100])


def mine(row: Bundle) -> Any:
    """The row in the database, while this worker holds it."""
    rows: Any = type(row)._default_manager
    return rows.filter(pk=row.pk, held_until=row.held_until, state=Bundle.State.WAITING)


def go_on(row: Bundle) -> bool:
    """Renew the lease; False where it was lost."""
    held, until = mine(row), clock() + LEASE
    row.held_until = until
    return bool(held.update(held_until=until))


def place(row: Bundle, name: str) -> str:
    """Where a piece lies in storage: under the workspace, so that it goes with it."""
    return f"{row.workspace_id}/exports/{row.key.hex}/{name}"


def has(row: Bundle, name: str) -> bool:
    """True where the piece is written."""
    return name in row.parts and default_storage.exists(place(row, name))


@contextmanager
def part(row: Bundle, name: str) -> Iterator[Part]:
    """Write a piece line by line; it counts, together with what is in `more`, once the block has ended well."""
    with Part() as made:
        yield made
        made.file.seek(0)
        put(place(row, name), made.file)
        row.parts[name] = {"sha256": made.digest.hexdigest(), "bytes": made.size, "rows": made.rows}
        if not mine(row).update(parts=row.parts, **made.more):
            drop(row, place(row, name))


class Part:
    """A piece that is being written, on the disk of this machine."""

    def __init__(self) -> None:
        self.digest, self.size, self.rows = hashlib.sha256(), 0, 0
        self.more: dict[str, Any] = {}

    def __enter__(self) -> Part:
        self.file: IO[bytes] = tempfile.TemporaryFile()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.file.close()

    def add(self, line: bytes) -> None:
        """A line, with its end."""
        self.file.write(line)
        self.digest.update(line)
        self.rows, self.size = self.rows + 1, self.size + len(line)


def put(where: str, file: IO[bytes]) -> None:
    """Into storage; what a killed worker left there is replaced."""
    if default_storage.exists(where):
        default_storage.delete(where)
    default_storage.save(where, File(file))


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """A file, piece by piece."""
    while piece := source.read(CHUNK):
        yield piece


class Zip:
    """The whole, on the disk of this machine: `files` says of each file its SHA-256 and size. One file is written at a time."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, content: Iterable[bytes], how: int = zipfile.ZIP_DEFLATED, **about: Any) -> None:
        """Stream a file into it. Pictures and films are stored as they are: they do not get smaller."""
        digest, size, told = hashlib.sha256(), 0, zipfile.ZipInfo(name)
        told.compress_type = how
        with self.archive.open(told, "w", force_zip64=True) as target:
            for piece in content:
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        self.files[name] = about | {"sha256": digest.hexdigest(), "bytes": size}

    def add_kept(self, name: str, where: str, **about: Any) -> bool:
        """A file out of storage, as it is; False where it is gone."""
        try:
            with default_storage.open(where, "rb") as source:
                self.add(name, pieces(source), zipfile.ZIP_STORED, **about)
        except FileNotFoundError:
            return False
        return True


class Changed(Exception):
    """A piece is not what was put into storage."""


def lines_of(row: Bundle, name: str) -> Iterator[bytes]:
    """The lines of a piece. Where it was changed in storage (Changed) or is gone (FileNotFoundError), the whole is begun anew."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(place(row, name), "rb") as source:
            for line in source:
                digest.update(line)
                yield line
        if digest.hexdigest() != row.parts[name]["sha256"]:
            raise Changed(name)
    except (Changed, FileNotFoundError):
        for where in begin_anew(row, tries=row.tries) if mine(row).exists() else ():
            default_storage.delete(where)
        raise


def finish(row: Bundle, path: Path, left_out: list[dict[str, str]]) -> bool:
    """Into storage, then on the row; the pieces are not needed any more. False where the lease was lost."""
    if not go_on(row):
        return False
    whole = store(row, path)
    if not ready(row, left_out=left_out, **whole):
        drop(row, whole["storage_path"])
        return False
    for name in row.parts:
        default_storage.delete(place(row, name))
    return True


def store(row: Bundle, path: Path) -> dict[str, Any]:
    """The whole into storage; what the row is to say of it."""
    where = place(row, WHOLE)
    with path.open("rb") as file:
        put(where, file)
    return {"storage_path": where, "size": path.stat().st_size, "sha256": hash_of(path)}


def ready(row: Bundle, **told: Any) -> bool:
    """It can be fetched from now on. False where the lease was lost."""
    done = {"state": Bundle.State.READY, "ready_at": clock(), "held_until": F("created_at")}
    if not mine(row).update(**done, **told):
        return False
    log.info("export ready", table=row._meta.label, export=row.pk)
    return True


def begin_anew(row: Bundle, *, tries: int = 0) -> list[str]:
    """Have one that is being made begin anew, in a place of its own: whoever makes it now has lost it. Returns where its pieces lie."""
    rows: Any = type(row)._default_manager
    waiting = rows.filter(pk=row.pk, state=Bundle.State.WAITING)
    waiting.update(**row.ANEW, key=uuid.uuid4(), tries=tries, held_until=clock() - LEASE)
    return files_of(row)


def drop(row: Bundle, where: str) -> None:
    """What was written for a row that was begun anew elsewhere, or is gone, goes; where another worker writes there it stays."""
    rows: Any = type(row)._default_manager
    if not rows.filter(pk=row.pk, key=row.key).exists():
        default_storage.delete(where)


def files_of(row: Bundle) -> list[str]:
    """Where its pieces and the whole lie in storage."""
    return [one for one in (row.storage_path, *(place(row, name) for name in row.parts)) if one]


def forget(row: Bundle) -> None:
    """The file, the pieces that a stopped export left, and the row."""
    for where in files_of(row):
        default_storage.delete(where)
    row.delete()
