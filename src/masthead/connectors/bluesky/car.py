"""A CAR file on disk: blocks found by their hash, records by walking the search tree from the signed commit.

The table of blocks takes 16 bytes for each. Cycles, missing and changed blocks, and a file that ends in the middle are named; the walk
goes on around them.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections.abc import Iterator
from typing import IO, Any

import libipld
import numpy as np

from masthead.contract.archive import NOT_UNDERSTOOD, Source, Trouble, Unreadable
from masthead.kit.words import N_ as _

MOST_BLOCK = 4_000_000
MOST_DEPTH = 128
MOST_ALIKE = 64
"""So many blocks may share what the table keeps of their names; by chance no two do."""
MOST_FOR_PREFIX = 100_000
"""Nodes looked at for the few records of a prefix; a tree that is sorted needs one for each level, twice."""
CID_BYTES = 36
SHA256 = b"\x01\x71\x12\x20"
"""CID version 1, dag-cbor, sha2-256 of 32 bytes."""
NO_CAR = _("This is no CAR file, or it has no signed commit.")
DOWNLOAD = _("Download the repository once more and import that.")
ENDS_EARLY = _("The file ends in the middle of a block.")
REST_READ = _("What stands before that place was read. Download the repository once more and import that too.")
MISSING = _("A block that the tree names is not in the file.")
CHANGED = _("A block is not what its hash says.")
CYCLE = _("The tree leads back to itself.")


class Broken(Unreadable):
    """No CAR file that could be walked."""


class Blocks:
    """The blocks of a CAR file that lies in a temporary file."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self.name = file, name
        self.trouble: Trouble | None = None
        self.root = b""
        self._keys, self._places = np.empty(0, np.uint64), np.empty(0, np.uint64)

    @classmethod
    def of(cls, source: Source, name: str) -> Blocks:
        """Copied out of an archive and listed. Raises Broken."""
        file = tempfile.TemporaryFile(prefix="masthead-car-")  # noqa: SIM115 (closed by close)
        with source.open(name) as packed:
            while data := packed.read(1 << 20):
                file.write(data)
        made = cls(file, name)
        made._list()
        return made

    def close(self) -> None:
        """Let the temporary file go."""
        self._file.close()

    def _list(self) -> None:
        self._file.seek(0)
        try:
            header = self._chunk()
            roots = libipld.decode_dag_cbor(header)["roots"] if header else []
            self.root = bytes(roots[0])
        except (Unreadable, ValueError, LookupError, TypeError, RecursionError):
            raise Broken(NO_CAR, DOWNLOAD) from None
        keys, places = array("Q"), array("Q")
        try:
            while True:
                place = self._file.tell()
                size = self._varint()
                if size is None:
                    break
                keys.append(_key(self._cid(size)))
                places.append(place)
        except Unreadable as error:
            self.trouble = Trouble(f"{self.name}, byte {place}", error.why, error.remedy)
        order = np.argsort(np.frombuffer(keys, np.uint64), kind="stable") if keys else np.empty(0, np.int64)
        self._keys = np.frombuffer(keys, np.uint64)[order] if keys else self._keys
        self._places = np.frombuffer(places, np.uint64)[order] if keys else self._places

    def _cid(self, size: int) -> bytes:
        """The name of the block that begins here; steps over its bytes."""
        cid = self._file.read(CID_BYTES)
        if len(cid) < CID_BYTES or size < CID_BYTES:
            raise Unreadable(ENDS_EARLY, REST_READ)
        here = self._file.tell()
        if self._file.seek(0, 2) < here + size - CID_BYTES:
            raise Unreadable(ENDS_EARLY, REST_READ)
        self._file.seek(here + size - CID_BYTES)
        return cid

    def _chunk(self) -> bytes:
        size = self._varint()
        if size is None or size > MOST_BLOCK:
            raise Broken(NO_CAR, DOWNLOAD)
        return self._file.read(size)

    def _varint(self) -> int | None:
        """A number of at most nine bytes; None at the end of the file."""
        number = 0
        for shift in range(0, 63, 7):
            byte = self._file.read(1)
            if not byte:
                if shift:
                    raise Unreadable(ENDS_EARLY, REST_READ)
                return None
            number |= (byte[0] & 127) << shift
            if byte[0] < 128:
                return number
        raise Unreadable(ENDS_EARLY, REST_READ)

    def __len__(self) -> int:
        """How many blocks it has."""
        return len(self._keys)

    def number(self, cid: bytes) -> int:
        """The place of a block in the table. Raises Unreadable where it is missing."""
        return self._find(_bare(cid))[0]

    def get(self, cid: bytes) -> Any:
        """A block decoded. Raises Unreadable where it is missing, changed, or no DAG-CBOR."""
        size = self._find(_bare(cid))[1]
        return _decoded(_bare(cid), self._file.read(min(size - CID_BYTES, MOST_BLOCK)))

    def _find(self, cid: bytes) -> tuple[int, int]:
        """Place in the table and size; the file then stands at what the block holds."""
        first = int(np.searchsorted(self._keys, np.uint64(_key(cid))))
        for at in range(first, min(first + MOST_ALIKE, len(self))):
            if int(self._keys[at]) != _key(cid):
                break
            self._file.seek(int(self._places[at]))
            size = self._varint() or 0
            if self._file.read(CID_BYTES) == cid:
                return at, size
        raise Unreadable(MISSING)

    def commit(self) -> dict[str, Any]:
        """The signed commit. Raises Broken."""
        try:
            found = self.get(self.root)
        except Unreadable as error:
            raise Broken(error.why, DOWNLOAD) from None
        if not isinstance(found, dict) or "data" not in found:
            raise Broken(NO_CAR, DOWNLOAD)
        return found


def _bare(cid: bytes) -> bytes:
    return cid.removeprefix(b"\x00") if len(cid) == CID_BYTES + 1 else cid


def _key(cid: bytes) -> int:
    return int.from_bytes(cid[4:12], "big")


def _decoded(cid: bytes, data: bytes) -> Any:
    if cid[:4] == SHA256 and hashlib.sha256(data).digest() != cid[4:]:
        raise Unreadable(CHANGED)
    try:
        return libipld.decode_dag_cbor(data)
    except (ValueError, RecursionError, TypeError):
        raise Unreadable(NOT_UNDERSTOOD) from None


def records(blocks: Blocks, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Key (collection/rkey) and record, in the order of the tree, those that begin with `prefix`; a Trouble in place of what is broken."""
    if not prefix and blocks.trouble:
        yield "", blocks.trouble
    yield from _Walk(blocks, prefix).under(bytes(blocks.commit()["data"]), 0)


class _Walk:
    """One way through the tree. A node is walked once: where several names lead to it, each level would double the work."""

    def __init__(self, blocks: Blocks, prefix: str) -> None:
        self._blocks, self._prefix = blocks, prefix
        self._seen, self._nodes = bytearray(len(blocks)), 0

    def under(self, cid: bytes, depth: int) -> Iterator[tuple[str, Any]]:
        """One node: what is left of it, then each of its entries and what lies between it and the next."""
        try:
            entries, left = self._node(cid, depth)
        except (LookupError, TypeError, ValueError, AttributeError):
            yield "", Trouble(f"{self._blocks.name}, {cid.hex()[:24]}", NOT_UNDERSTOOD)
            return
        except Broken:
            raise
        except Unreadable as error:
            yield "", Trouble(f"{self._blocks.name}, {cid.hex()[:24]}", error.why, error.remedy)
            return
        prefix = self._prefix
        if left and (not prefix or not entries or entries[0][0] >= prefix):
            yield from self.under(bytes(left), depth + 1)
        for number, (key, value, right) in enumerate(entries):
            if key.startswith(prefix):
                yield key, _record(self._blocks, key, value)
            after = entries[number + 1][0] if number + 1 < len(entries) else ""
            if right and (not prefix or _may_hold(prefix, key, after)):
                yield from self.under(bytes(right), depth + 1)

    def _node(self, cid: bytes, depth: int) -> tuple[list[tuple[str, bytes, Any]], Any]:
        """Entries and what is left of them. Raises Unreadable, and Broken where the walk would not end in time."""
        place = self._blocks.number(cid)
        if self._seen[place] or depth > MOST_DEPTH:
            raise Unreadable(CYCLE)
        self._seen[place], self._nodes = 1, self._nodes + 1
        if self._prefix and self._nodes > MOST_FOR_PREFIX:
            raise Broken(NOT_UNDERSTOOD, DOWNLOAD)
        node = self._blocks.get(cid)
        return list(_keyed(node["e"])), node.get("l")


def _may_hold(prefix: str, before: str, after: str) -> bool:
    """True where keys between these two may begin with the prefix."""
    return before[: len(prefix)] <= prefix and (not after or after >= prefix)


def _keyed(entries: list[dict[str, Any]]) -> Iterator[tuple[str, bytes, Any]]:
    """Keys are written as what differs from the one before."""
    key = b""
    for one in entries:
        key = key[: one["p"]] + one["k"]
        yield key.decode("ascii", "replace"), bytes(one["v"]), one.get("t")


def _record(blocks: Blocks, key: str, cid: bytes) -> Any:
    try:
        found = blocks.get(cid)
    except Unreadable as error:
        return Trouble(f"{blocks.name}, {key}", error.why, error.remedy)
    return found if isinstance(found, dict) else Trouble(f"{blocks.name}, {key}", NOT_UNDERSTOOD)
