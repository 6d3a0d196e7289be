"""Check a dataset without a network and without Masthead's database: signature, digests, counts, and nothing added. Pure.

A dataset is a folder (or a zip of it) with `croissant.json`, the files it names, `statement.dsse.json` and `public_key.pem`.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from masthead.rights.datasets.dsse import NotSigned, Statement, changed, key_id, read, read_public

MANIFEST, SIGNATURE, KEY = "croissant.json", "statement.dsse.json", "public_key.pem"
CLAIM = "urn:masthead:dataset:1"
LARGEST = 1 << 40
"""Bytes that a zip may unpack to."""


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


def check(place: Path, key: Ed25519PublicKey | None = None) -> Checked:
    """Look at the folder or zip. Without `key` the one in the folder is used, which proves only that nothing was changed since.

    Faults are sentences that name the file. Never raises for what lies in the folder.
    """
    try:
        with _opened(place) as folder:
            return _check(folder, key)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        return Checked((f"{place.name} cannot be read: {error}",), None, "", False)


def _check(folder: Path, key: Ed25519PublicKey | None) -> Checked:
    try:
        used = key or read_public((folder / KEY).read_bytes())
        statement = read((folder / SIGNATURE).read_bytes(), [used], CLAIM)
    except (OSError, ValueError, NotSigned) as error:
        return Checked((f"{SIGNATURE}: {error}",), None, "", False)
    faults = [f"{name} is missing or was changed" for name in changed(statement, folder)]
    faults += [f"{name} is not signed" for name in _unsigned(folder, statement)]
    if not faults:
        faults = list(_counts(folder, statement))
    return Checked(tuple(faults), statement, key_id(used), key is not None)


def _unsigned(folder: Path, statement: Statement) -> list[str]:
    there = {str(one.relative_to(folder)) for one in folder.rglob("*") if not one.is_dir()}
    return sorted(there - set(statement.subjects) - {SIGNATURE, KEY})


def _counts(folder: Path, statement: Statement) -> Iterator[str]:
    """The manifest and the signed claim say the same of the files that are there."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    told = {one["@id"]: one["sha256"] for one in manifest["distribution"]}
    signed = {name: digest for name, digest in statement.subjects.items() if name != MANIFEST}
    if told != signed:
        yield f"{MANIFEST} names other files than the signature"
    for name, rows in statement.predicate["rows"].items():
        if (found := _rows(folder / name)) != rows:
            yield f"{name} has {found} rows, {rows} were signed"
    refused = sum(int(one["mh:records"]) for one in manifest["mh:refused"])
    if refused != statement.predicate["refused"]:
        yield f"{MANIFEST} counts {refused} refused records, {statement.predicate['refused']} were signed"


def _rows(path: Path) -> int:
    if path.suffix == ".parquet":
        return int(import_module("masthead.rights.datasets.parquet").rows(path))
    with path.open("rb") as file:
        return sum(1 for _line in file)


@contextmanager
def _opened(place: Path) -> Iterator[Path]:
    """The folder itself, or a zip unpacked for the time of the check."""
    if place.is_dir():
        yield place
        return
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(place) as archive:
        if sum(one.file_size for one in archive.infolist()) > LARGEST:
            raise ValueError("it unpacks to more than a terabyte")
        for one in archive.infolist():
            if "/" in one.filename or "\\" in one.filename or one.filename.startswith("."):
                raise ValueError(f"{one.filename!r} does not belong into a dataset")
            archive.extract(one, name)
        yield Path(name)


def claim(rows: dict[str, int], refused: int, use: str, purpose: str, to: str) -> dict[str, Any]:
    """What is signed beside the digests: the decision of the gate in numbers, for which use, purpose and grantee."""
    return {"rows": rows, "refused": refused, "use": use, "purpose": purpose, "to": to}
