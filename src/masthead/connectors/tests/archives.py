"""Made-up archives for tests: packed as the platforms pack them, opened and read as an import does."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from masthead.connectors import PLATFORMS
from masthead.contract.archive import Cursor, Entry, Owner, Step, Trouble, read
from masthead.contract.archive_limits import Limits
from masthead.contract.archive_source import ZipSource, opened


def pack(files: Mapping[str, str | bytes]) -> io.BytesIO:
    """A zip with these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made


@contextmanager
def source(file: io.BytesIO, name: str = "archive.zip", limits: Limits | None = None) -> Iterator[ZipSource]:
    """An archive, opened."""
    with tempfile.TemporaryDirectory() as bench, opened(file, name, limits or Limits(), Path(bench)) as found:
        yield found


def steps(platform: str, file: io.BytesIO, name: str = "archive.zip", at: Cursor | None = None) -> list[Step]:
    """Every step of reading it."""
    with source(file, name) as found:
        reader = PLATFORMS[platform].archive
        assert reader and reader.recognise(found.names)
        return list(read(reader.parts(found, reader.owner(found)), at or Cursor()))


def told(
    platform: str, files: Mapping[str, str | bytes] | io.BytesIO, name: str = "archive.zip"
) -> tuple[list[Entry], list[Trouble]]:
    """What an archive holds, and what is wrong with it. Going on from any place gives the rest, and only that."""
    file = files if isinstance(files, io.BytesIO) else pack(files)
    every = steps(platform, file, name)
    for number in (0, len(every) // 2, len(every) - 2):
        assert steps(platform, file, name, every[max(number, 0)].at) == every[max(number, 0) + 1 :]
    found = [one for step in every for one in step.found]
    return [one for one in found if isinstance(one, Entry)], [one for one in found if isinstance(one, Trouble)]


def owner(platform: str, files: Mapping[str, str | bytes] | io.BytesIO, name: str = "archive.zip") -> Owner:
    """Whose it is."""
    with source(files if isinstance(files, io.BytesIO) else pack(files), name) as found:
        reader = PLATFORMS[platform].archive
        assert reader
        return reader.owner(found)
