"""Tars made to hurt: what may come out of one before it is refused."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from masthead.contract.archive import Unreadable
from masthead.contract.archive_limits import FREE_BYTES, Limits
from masthead.contract.archive_source import opened
from masthead.contract.archive_tar import AT_ONCE

TIGHT = Limits(unpacked=1_000_000_000, ratio=200)


class Zeros(io.RawIOBase):
    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        size = min(self.left, size)
        self.left -= size
        return bytes(size)


def packed(**files: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return made


def kept(file: io.BytesIO, limits: Limits = TIGHT, name: str = "a.tar.gz") -> dict[str, bytes]:
    """What can be read of it, by name."""
    with tempfile.TemporaryDirectory() as bench, opened(file, name, limits, Path(bench)) as found:
        return {one: found.open(one).read(AT_ONCE) for one in found.names}


def on_disk(file: io.BytesIO, limits: Limits = TIGHT, name: str = "a.tar.gz") -> int:
    """How many bytes of it came to the disk before it was refused."""
    with tempfile.TemporaryDirectory() as bench:
        with pytest.raises(Unreadable), opened(file, name, limits, Path(bench)):
            pass
        return sum(one.stat().st_size for one in Path(bench).iterdir())


def header(kind: bytes, size: int, change: Callable[[bytearray], None] = lambda made: None) -> bytes:
    """A header of a kind that the library does not write."""
    info = tarfile.TarInfo("outbox.json")
    info.type, info.size = kind, size
    made = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    change(made)
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made[:512])
    return bytes(made)


def test_files_of_all_lengths_come_out_whole() -> None:
    fate = random.Random(5)
    sizes = (0, 1, 511, 512, 513, AT_ONCE - 1, AT_ONCE)
    files = {f"{size}.json": fate.randbytes(size) for size in sizes}
    assert kept(packed(**files)) == files
    assert kept(io.BytesIO(gzip.decompress(packed(**files).getvalue())), name="a.tar") == files


def test_what_stands_before_a_file_is_measured_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.contract.archive_tar.MOST_HEADER", 20_000)
    files = {f"{number}.json": b"" for number in range(60)}
    assert len(kept(packed(**files))) == len(files)


def test_a_bomb_is_refused_before_it_is_on_the_disk() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", compresslevel=1) as tar:
        info = tarfile.TarInfo("outbox.json")
        info.size = 60_000_000
        tar.addfile(info, Zeros(info.size))
    assert on_disk(made, Limits(ratio=20)) <= max(FREE_BYTES, len(made.getvalue()) * 20) + AT_ONCE < 30_000_000


def test_everything_together_has_a_limit() -> None:
    assert on_disk(packed(a=random.Random(1).randbytes(900_000)), Limits(unpacked=500_000)) <= 500_000 + AT_ONCE


def test_a_file_with_holes_is_set_aside() -> None:
    def holes(made: bytearray) -> None:
        made[386:398], made[398:410] = b"00000000000\0", b"00000001000\0"
        made[482], made[483:495] = 0, b"%011o\0" % 500_000_000

    data = io.BytesIO(header(tarfile.GNUTYPE_SPARSE, 512, holes) + bytes(512) + bytes(1024))
    with tempfile.TemporaryDirectory() as bench, opened(data, "a.tar", TIGHT, Path(bench)) as found:
        assert not found.names and "holes" in found.troubles[0].why


ENDLESS_MAP = header(tarfile.GNUTYPE_SPARSE, 512, lambda made: made.__setitem__(482, 1))


@pytest.mark.parametrize(
    "start",
    [
        header(tarfile.XHDTYPE, 60_000_000),
        header(tarfile.XGLTYPE, 60_000_000),
        header(tarfile.GNUTYPE_LONGNAME, 60_000_000),
        ENDLESS_MAP,
    ],
    ids=["pax", "global", "long name", "map of holes"],
)
def test_a_header_that_grows_is_refused_in_little_memory(start: bytes) -> None:
    made = io.BytesIO()
    with gzip.open(made, "wb", 1) as packing:
        packing.write(start + b"\1" * 60_000_000)
    tracemalloc.start()
    try:
        assert on_disk(made, Limits(ratio=10_000)) < AT_ONCE
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_what_is_no_file_is_stepped_over_and_counted() -> None:
    made = io.BytesIO()
    with gzip.open(made, "wb") as packing:
        packing.write(header(b"Z", 60_000_000))
        packing.write(bytes(60_000_000))
    assert on_disk(made) < AT_ONCE


def test_names_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.contract.archive_tar.MOST_DIRECTORY_BYTES", 10_000)
    assert on_disk(packed(**{"n" * 200 + str(number): b"" for number in range(100)})) < 100_000


def test_one_that_ends_early_is_refused() -> None:
    whole = packed(a=random.Random(1).randbytes(90_000)).getvalue()
    for end in (3, 20, 500, len(whole) // 2):
        on_disk(io.BytesIO(whole[:end]))
