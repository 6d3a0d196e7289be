"""A tar, plain or in gzip, becomes a zip on disk, because it can be read in one direction only.

Everything that comes out of it is counted before it is kept, headers too, and no header may be longer than any needs: both can be
made to grow a thousandfold.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any, BinaryIO, cast

from masthead.contract.archive import Unreadable
from masthead.contract.archive_limits import (
    BOMB,
    DOWNLOAD_AGAIN,
    MOST_DIRECTORY_BYTES,
    MOST_NAMES,
    NOT_AN_ARCHIVE,
    RAISE_RATIO,
    RAISE_UNPACKED,
    TOO_MUCH,
    Limits,
)

GZIP = b"\x1f\x8b"
AT_ONCE = 1 << 20
MOST_HEADER = 2 * AT_ONCE
"""Bytes that may be read in one go: a piece of a file, or what stands before one."""
LINK, HOLES = 0o120000, 0o010000
"""Kinds of file under which links and files with holes stand in the zip, so that they are set aside."""
LISTED = 100
"""Bytes that a name takes in a zip's list besides itself."""


def is_tar(file: BinaryIO, name: str) -> bool:
    """By what the file begins with, or by its name."""
    file.seek(0)
    head = file.read(512)
    return head[:2] == GZIP or head[257:262] == b"ustar" or name.lower().endswith((".tar", ".tgz", ".tar.gz"))


def repack(file: BinaryIO, target: zipfile.ZipFile, limits: Limits) -> None:
    """Every file of a tar, into a zip. Raises Unreadable beyond the limits, and what tarfile, gzip and zipfile raise."""
    listed = 0
    with closing(_Unpacked(file, limits)) as stream:
        for number, (archive, member) in enumerate(_members(stream)):
            listed += len(member.name) + LISTED
            if number >= MOST_NAMES or listed > MOST_DIRECTORY_BYTES:
                raise Unreadable(TOO_MUCH, RAISE_UNPACKED)
            info, kind = zipfile.ZipInfo(member.name), _kind(member)
            info.external_attr = kind << 16
            with target.open(info, "w", force_zip64=True) as out:
                if not kind:
                    copy(cast(IO[bytes], archive.extractfile(member)), out)


def copy(source: IO[bytes], out: IO[bytes]) -> None:
    """All of a file, in pieces."""
    while data := source.read(AT_ONCE):
        out.write(data)


def _members(stream: _Unpacked) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
    """Files and links, in their order; none of them is kept in memory."""
    with tarfile.TarFile(fileobj=stream) as archive:
        while member := archive.next():
            cast(Any, archive).members.clear()
            if member.isfile() or member.issym() or member.islnk():
                yield archive, member
            stream.seek(stream.tell())


def _kind(member: tarfile.TarInfo) -> int:
    """0 for a plain file. One with holes may be any size without a byte in the archive."""
    if not member.isfile():
        return LINK
    return HOLES if member.issparse() else 0


class _Unpacked(io.RawIOBase):
    """What comes out of a tar, forward only and counted."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        super().__init__()
        packed = file.seek(0, io.SEEK_END)
        file.seek(0)
        self._raw: Any = gzip.GzipFile(fileobj=file) if file.read(2) == GZIP else file
        file.seek(0)
        self._at, self._goes_to = 0, MOST_HEADER
        self._grown, self._most = limits.grown(packed), limits.unpacked

    def tell(self) -> int:
        """How many bytes came out."""
        return self._at

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        """Step over what stands before that place; back is not possible."""
        while self._at < to and self._count(self._raw.read(min(to - self._at, AT_ONCE))):
            pass
        self._goes_to = self._at + MOST_HEADER
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Unreadable beyond a limit."""
        if size < 0 or self._at + size > self._goes_to:
            raise Unreadable(NOT_AN_ARCHIVE, DOWNLOAD_AGAIN)
        return self._count(self._raw.read(size))

    def _count(self, data: bytes) -> bytes:
        self._at += len(data)
        if self._at > self._grown:
            raise Unreadable(BOMB, RAISE_RATIO)
        if self._at > self._most:
            raise Unreadable(TOO_MUCH, RAISE_UNPACKED)
        return data
