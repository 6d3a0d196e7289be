"""An archive as it arrives: in pieces of one size, each an object in storage, read afterwards as if it were one file.

A broken upload goes on with the piece that is missing; nothing is copied together, on disk or on S3.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from masthead.media.keep import reaching_storage
from masthead.rights.models import Import

PIECE = 4 << 20
"""Bytes of a piece; only the last is smaller."""
OPEN_AT_ONCE = 4


def length(row: Import, number: int) -> int:
    """How many bytes piece `number` must have; 0 or less where there is no such piece."""
    return min(PIECE, row.size - number * PIECE) if number >= 0 else 0


@reaching_storage()
def put(row: Import, number: int, data: bytes) -> None:
    """Keep a piece; what a broken upload left there is replaced."""
    where = place(row, number)
    if default_storage.exists(where):
        default_storage.delete(where)
    default_storage.save(where, ContentFile(data))


def body(read: Callable[[int], bytes]) -> bytes:
    """What a request carries, read to its end, but no more than one byte beyond a piece."""
    found = bytearray()
    while len(found) <= PIECE and (data := read(PIECE + 1 - len(found))):
        found += data
    return bytes(found)


def place(row: Import, number: int) -> str:
    """Where a piece lies in storage: under the workspace, so that it goes with it."""
    return f"{row.storage_path}/{number:06}"


def forget(row: Import) -> None:
    """Delete the pieces; no error where they are gone."""
    if row.storage_path:
        for number in range(-(-row.size // PIECE)):
            default_storage.delete(place(row, number))
        default_storage.delete(row.storage_path)


@contextmanager
def opened(row: Import) -> Iterator[BinaryIO]:
    """The archive as one file that can be sought in. Raises FileNotFoundError where a piece is gone."""
    with io.BufferedReader(_Joined(row), 1 << 16) as file:
        yield cast(BinaryIO, file)


class _Joined(io.RawIOBase):
    def __init__(self, row: Import) -> None:
        super().__init__()
        self._row, self._at = row, 0
        self._files: dict[int, Any] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._row.size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        number, behind = divmod(self._at, PIECE)
        wanted = min(len(buffer), length(self._row, number) - behind)
        if wanted <= 0:
            return 0
        file = self._piece(number)
        file.seek(behind)
        data = file.read(wanted)
        if len(data) != wanted:
            raise FileNotFoundError(place(self._row, number))
        buffer[:wanted] = data
        self._at += wanted
        return wanted

    def _piece(self, number: int) -> Any:
        if number not in self._files:
            while len(self._files) >= OPEN_AT_ONCE:
                self._files.pop(next(iter(self._files))).close()
            self._files[number] = default_storage.open(place(self._row, number), "rb")
        return self._files[number]

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()
        super().close()
