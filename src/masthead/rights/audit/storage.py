"""Where corpus files lie: on a disk or in S3. Both are read the same way, from any byte on."""

from __future__ import annotations

import glob
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

BLOCK = 1 << 20
S3 = "s3://"


class Unreadable(Exception):
    """A corpus, or a file of it, that cannot be read; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the corpus as it was when the run was planned."""

    place: str
    """Path or address."""
    size: int
    mark: str
    """Changes when the file does: the time of its last change, or the entity tag that S3 gives."""


def found(pattern: str) -> list[Stored]:
    """The files behind a path, folder, glob or `s3://` address, sorted by name. Raises Unreadable where there is none."""
    files = _in_s3(pattern) if pattern.startswith(S3) else _on_disk(pattern)
    if not files:
        raise Unreadable(
            f"{pattern}: there is no such file. Give a file, a folder, a glob in quotes or an s3:// address."
        )
    return sorted(files, key=lambda one: one.place)


def look(place: str) -> Stored:
    """One file as it is now. Raises Unreadable."""
    if place.startswith(S3):
        return cast(Stored, _s3().stored(place))
    try:
        about = os.stat(place)
    except OSError as error:
        raise Unreadable(f"{place}: {error.strerror}. Put the file back, or start a new run without it.") from error
    return Stored(place, about.st_size, str(about.st_mtime_ns))


def opened(place: str, offset: int = 0) -> BinaryIO:
    """The bytes of a file from `offset` on; the caller closes it. It can be sought in. Raises Unreadable."""
    if place.startswith(S3):
        return cast(BinaryIO, io.BufferedReader(_s3().Ranged(place, offset), BLOCK))
    try:
        # What is read is a megabyte or more at a time, which needs no second buffer.
        file = open(place, "rb", buffering=0)  # noqa: SIM115
        file.seek(offset)
    except OSError as error:
        raise Unreadable(f"{place}: {error.strerror}. Look at the file's owner and rights.") from error
    return cast(BinaryIO, file)


def read(place: str, offset: int, length: int) -> bytes:
    """Exactly these bytes, or fewer where the file ends before."""
    with opened(place, offset) as file:
        return whole(file, length)


def whole(file: BinaryIO, length: int) -> bytes:
    """`length` bytes of a file that may answer with fewer at a time."""
    parts = []
    while length > 0 and (part := file.read(length)):
        parts.append(part)
        length -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _on_disk(pattern: str) -> list[Stored]:
    # Whole paths, so that a run can be resumed from another folder.
    pattern = os.path.abspath(pattern)
    if os.path.isdir(pattern):
        return [look(str(path)) for path in _below(Path(pattern))]
    if os.path.exists(pattern):
        return [look(pattern)]
    return [look(one) for one in glob.glob(pattern, recursive=True) if os.path.isfile(one)]


def _below(folder: Path) -> Iterator[Path]:
    """Files of a folder; hidden ones and links to folders are left out."""
    for top, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(top, name) for name in files if not name.startswith(".") and Path(top, name).is_file())


def _in_s3(pattern: str) -> list[Stored]:
    return list(_s3().listed(pattern))


def _s3() -> Any:
    return import_module("masthead.rights.audit.storage_s3")
