"""Check a dataset without a network and without Masthead's database: signature, digests, counts, and nothing added. Pure.

A dataset is a folder (or a zip of it) with `croissant.json`, the files it names, `statement.dsse.json` and `public_key.pem`. Whoever
made it may mean harm: a zip is not unpacked, no link is followed, and only files that were signed are read.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from masthead.rights.datasets.dsse import NotSigned, Statement, digest_of, key_id, read, read_public

MANIFEST, SIGNATURE, KEY = "croissant.json", "statement.dsse.json", "public_key.pem"
CLAIM = "urn:masthead:dataset:1"
AT_ONCE = 1 << 20
LARGEST_TEXT = 64 << 20
"""Bytes of a manifest or a signature, which are read whole."""
SHAPE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
FAULTS = (OSError, EOFError, RuntimeError, ValueError, LookupError, struct.error, zlib.error, zipfile.BadZipFile)
"""What opening and reading a folder or zip raises. RuntimeError: locked, or packed in a way that is not known."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `trusted`: the signature is of a key that was named, not only of the one that lies in the folder."""

    faults: tuple[str, ...]
    statement: Statement | None
    key_id: str
    trusted: bool

    @property
    def good(self) -> bool:
        """Nothing is wrong."""
        return not self.faults


class _Place(Protocol):
    """A folder or a zip: its files by name. `odd`: what does not belong into a dataset."""

    names: frozenset[str]
    odd: list[str]

    def open(self, name: str) -> IO[bytes]: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path
        there = {one.relative_to(path).as_posix(): one for one in path.rglob("*")}
        plain = {name for name, one in there.items() if one.is_file() and not one.is_symlink()}
        self.names = frozenset(plain)
        self.odd = [
            f"{name} is a link or no file"
            for name, one in there.items()
            if name not in plain and (one.is_symlink() or not one.is_dir())
        ]

    def open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("rb")


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        names = archive.namelist()
        self.names = frozenset(names)
        self.odd = [f"{name!r} does not belong into a dataset" for name in self.names if set("/\\") & set(name)]
        self.odd += ["two files of the zip have the same name"] if len(self.names) < len(names) else []

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


def check(place: Path, key: Ed25519PublicKey | None = None) -> Checked:
    """Look at the folder or zip. Without `key` the one in the folder is used, which proves only that nothing was changed since.

    Faults are sentences that name the file. Never raises for what lies in the folder.
    """
    try:
        with _opened(place) as found:
            return _check(found, key)
    except FAULTS as error:
        return Checked((f"{place.name} cannot be read: {error}",), None, "", False)


def _check(place: _Place, key: Ed25519PublicKey | None) -> Checked:
    try:
        used = key or read_public(_text(place, KEY))
        statement = read(_text(place, SIGNATURE), [used], CLAIM)
    except (*FAULTS, NotSigned) as error:
        return Checked((f"{SIGNATURE}: {error}",), None, "", False)
    faults = [*sorted(place.odd), *_changed(place, statement)]
    faults += [f"{name} is not signed" for name in sorted(place.names - set(statement.subjects) - {SIGNATURE, KEY})]
    if not faults:
        faults = _counted(place, statement)
    return Checked(tuple(faults), statement, key_id(used), key is not None)


def _text(place: _Place, name: str) -> bytes:
    """A small file. Raises FAULTS."""
    if name not in place.names:
        raise FileNotFoundError(f"{name} is missing")
    with place.open(name) as file:
        text = file.read(LARGEST_TEXT + 1)
    if len(text) > LARGEST_TEXT:
        raise ValueError(f"{name} is too large")
    return text


def _changed(place: _Place, statement: Statement) -> Iterator[str]:
    for name, told in statement.subjects.items():
        if name not in place.names or _digest(place, name) != told:
            yield f"{name} is missing or was changed"


def _digest(place: _Place, name: str) -> str:
    with place.open(name) as file:
        return digest_of(file)


def _counted(place: _Place, statement: Statement) -> list[str]:
    try:
        return list(_counts(place, statement))
    except SHAPE:
        return [f"{MANIFEST} or what was signed does not have the form of a dataset's"]


def _counts(place: _Place, statement: Statement) -> Iterator[str]:
    """The manifest and the signed claim say the same of the files that are there."""
    manifest = json.loads(_text(place, MANIFEST))
    told = {one["@id"]: one["sha256"] for one in manifest["distribution"]}
    signed = {name: digest for name, digest in statement.subjects.items() if name != MANIFEST}
    if told != signed:
        yield f"{MANIFEST} names other files than the signature"
    for name, rows in statement.predicate["rows"].items():
        if (found := _rows(place, name) if name in signed else 0) != rows:
            yield f"{name} has {found} rows, {rows} were signed"
    refused = sum(int(one["mh:records"]) for one in manifest["mh:refused"])
    if refused != statement.predicate["refused"]:
        yield f"{MANIFEST} counts {refused} refused records, {statement.predicate['refused']} were signed"


def _rows(place: _Place, name: str) -> int:
    with place.open(name) as file:
        if name.endswith(".parquet"):
            return int(import_module("masthead.rights.datasets.parquet").rows(file))
        rows, last = 0, b"\n"
        while piece := file.read(AT_ONCE):
            rows, last = rows + piece.count(b"\n"), piece[-1:]
        return rows + (last != b"\n")


@contextmanager
def _opened(place: Path) -> Iterator[_Place]:
    if place.is_dir():
        yield _Folder(place)
        return
    with zipfile.ZipFile(place) as archive:
        yield _Zip(archive)


def claim(rows: dict[str, int], refused: int, use: str, purpose: str, to: str) -> dict[str, Any]:
    """What is signed beside the digests: the decision of the gate in numbers, for which use, purpose and grantee."""
    return {"rows": rows, "refused": refused, "use": use, "purpose": purpose, "to": to}
