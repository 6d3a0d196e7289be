"""Opening what somebody brought: a zip, a tar, or one file. Nothing is unpacked to disk by the names it carries.

Limits hold for what really comes out, not for what the archive says of itself: how large one file's contents may be against
its packed size, and how large everything may be. Entries whose names would lead outside, that are links, or that carry a
name twice are set aside and named.
"""

from __future__ import annotations

import io
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from masthead.contract.archive import Trouble, Unreadable
from masthead.contract.archive_limits import (
    BOMB,
    DAMAGED,
    DOWNLOAD_AGAIN,
    MOST_DIRECTORY_BYTES,
    MOST_NAMES,
    NOT_AN_ARCHIVE,
    RAISE_UNPACKED,
    TOO_MUCH,
    Limits,
)
from masthead.contract.archive_tar import HOLES, LINK, copy, is_tar, repack
from masthead.kit.words import N_ as _

IGNORED = ("__MACOSX/", ".DS_Store", "/.DS_Store", "Thumbs.db")
BAD_NAME = _("Its name leads outside the archive or cannot be a file's name.")
ODD_KINDS = {LINK: _("It is a link, not a file."), HOLES: _("It is a file with holes, which no platform packs.")}
TWICE = _("Another entry has the same name.")
LOCKED = _("It is protected by a password.")
UNLOCK = _("Unpack the archive with its password, pack it again without, and import that.")
ASIDE = _("It was set aside; everything else was read.")
# RuntimeError: packed in a way that zipfile does not know, or locked.
FAULTS = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError)


class ZipSource:
    """A zip archive, with its limits."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        self._left = limits.unpacked
        self._known, self.troubles = _sorted_out(archive)
        self._by_ending: dict[str, list[str]] | None = None
        self.position = 0

    @property
    def names(self) -> Sequence[str]:
        """Its files."""
        return list(self._known)

    @property
    def longest(self) -> int:
        """How many characters one entry may have."""
        return self._limits.entry

    def size(self, name: str) -> int:
        """How many bytes a file says it has."""
        return self._known[name].file_size

    def open(self, name: str) -> BinaryIO:
        """A file to be read from the beginning, within the limits. Raises Unreadable."""
        info = self._known[name]
        if info.flag_bits & 1:
            raise Unreadable(LOCKED, UNLOCK)
        try:
            raw = self._archive.open(info)
        except FAULTS:
            raise Unreadable(DAMAGED, DOWNLOAD_AGAIN) from None
        self.position = 0
        return cast(BinaryIO, _Metered(raw, self, self._limits.grown(info.compress_size)))

    def locate(self, name: str) -> str:
        """The file that ends with this path; "" where none does, or several do."""
        wanted = name.strip("/")
        if wanted in self._known:
            return wanted
        if self._by_ending is None:
            self._by_ending = {}
            for one in self._known:
                self._by_ending.setdefault(one.rpartition("/")[2], []).append(one)
        found = [one for one in self._by_ending.get(wanted.rpartition("/")[2], ()) if one.endswith(f"/{wanted}")]
        return found[0] if len(found) == 1 else ""

    def take(self, size: int) -> None:
        """Count what came out. Raises Unreadable beyond the limit of everything."""
        self._left -= size
        self.position += size
        if self._left < 0:
            raise Unreadable(TOO_MUCH, RAISE_UNPACKED)


class _Metered(io.RawIOBase):
    """A file of an archive that counts what comes out of it."""

    def __init__(self, raw: IO[bytes], source: ZipSource, most: int) -> None:
        super().__init__()
        self._raw, self._source, self._most, self._out = raw, source, most, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; a mebibyte where that is not given."""
        try:
            data = self._raw.read(size if size > 0 else 1 << 20)
        except FAULTS:
            raise Unreadable(DAMAGED, DOWNLOAD_AGAIN) from None
        self._out += len(data)
        if self._out > self._most:
            raise Unreadable(BOMB, ASIDE)
        self._source.take(len(data))
        return data

    def readinto(self, buffer: Any) -> int:
        """The next bytes, into a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what is below as well."""
        self._raw.close()
        super().close()


def _sorted_out(archive: zipfile.ZipFile) -> tuple[dict[str, zipfile.ZipInfo], list[Trouble]]:
    """The entries that can be used by name, and those set aside."""
    known: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    troubles: list[Trouble] = []
    for info in archive.infolist():
        if info.is_dir() or info.filename.startswith(IGNORED[0]) or info.filename.endswith(IGNORED[1:]):
            continue
        name = info.filename.replace("\\", "/")
        fold = unicodedata.normalize("NFC", name).casefold()
        why = _fault(info, name) or (TWICE if fold in folded else "")
        if why:
            troubles.append(Trouble(shown(info.orig_filename), why, ASIDE))
            continue
        known[name] = info
        folded.add(fold)
    return known, troubles


def _fault(info: zipfile.ZipInfo, name: str) -> str:
    if odd := ODD_KINDS.get((info.external_attr >> 16) & 0o170000):
        return odd
    pieces = name.split("/")
    outside = ".." in pieces or name.startswith("/") or ":" in pieces[0] or "\x00" in info.orig_filename
    return BAD_NAME if outside or not name or len(name) > 1000 else ""


def shown(name: str) -> str:
    """A name as it may stand in a page or a log."""
    return "".join(char if char.isprintable() else "?" for char in name)[:200]


@contextmanager
def opened(file: BinaryIO, name: str, limits: Limits, bench: Path) -> Iterator[ZipSource]:
    """The archive in a file that can be sought in. `bench` is a folder to work in. Raises Unreadable.

    A tar is packed into a plain zip first, since it cannot be read in any order; what is neither is an archive of one file.
    """
    with ExitStack() as closing:
        if zipfile.is_zipfile(file):
            _check_directory(file)
        else:
            file = closing.enter_context(_repacked(file, name, limits, bench))
        try:
            archive = closing.enter_context(zipfile.ZipFile(file))
        except FAULTS:
            raise Unreadable(NOT_AN_ARCHIVE, DOWNLOAD_AGAIN) from None
        yield ZipSource(archive, limits)


def _check_directory(file: BinaryIO) -> None:
    """A zip lists its files at its end, and all of that is read at once: refuse a list that would fill the memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - 66_000, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    count, length = struct.unpack_from("<HL", tail, at + 10) if 0 <= at <= len(tail) - 22 else (0, 0)
    wide = tail.rfind(b"PK\x06\x06", 0, max(at, 0))
    if 0 <= wide <= len(tail) - 56:
        count, length = struct.unpack_from("<QQ", tail, wide + 32)
    if count > MOST_NAMES or length > MOST_DIRECTORY_BYTES:
        raise Unreadable(TOO_MUCH, RAISE_UNPACKED)
    file.seek(0)


@contextmanager
def _repacked(file: BinaryIO, name: str, limits: Limits, bench: Path) -> Iterator[BinaryIO]:
    place = bench / "repacked.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as target:
        try:
            repack(file, target, limits) if is_tar(file, name) else _repack_one(file, target, name)
        except FileNotFoundError:  # a piece of an upload has gone, which says nothing about the archive
            raise
        except FAULTS:
            raise Unreadable(NOT_AN_ARCHIVE, DOWNLOAD_AGAIN) from None
    with place.open("rb") as packed:
        yield packed
    place.unlink()


def _repack_one(file: BinaryIO, target: zipfile.ZipFile, name: str) -> None:
    """One file is not packed, so that it grows to nothing more than it is."""
    plain = name.replace("\\", "/").rpartition("/")[2].replace("\x00", "") or "archive"
    file.seek(0)
    with target.open(plain, "w", force_zip64=True) as out:
        copy(file, out)
