"""Made-up repositories as CAR files: a search tree over records, a commit, and ways to break them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

import libipld

Cid = bytes


class Link:
    """A link to another block, as DAG-CBOR writes it."""

    def __init__(self, cid: Cid) -> None:
        self.cid = cid


def cid_of(data: bytes) -> Cid:
    return b"\x01\x71\x12\x20" + hashlib.sha256(data).digest()


def varint(number: int) -> bytes:
    made = b""
    while number >= 128:
        made += bytes([number & 127 | 128])
        number >>= 7
    return made + bytes([number])


def head(major: int, size: int) -> bytes:
    if size < 24:
        return bytes([major << 5 | size])
    return bytes([major << 5 | 25]) + size.to_bytes(2, "big")


def cbor(value: Any) -> bytes:
    """DAG-CBOR with links; what holds none is left to the library."""
    if isinstance(value, Link):
        return b"\xd8\x2a\x58\x25\x00" + value.cid
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda pair: (len(pair[0]), pair[0]))
        return head(5, len(value)) + b"".join(cbor(name) + cbor(one) for name, one in ordered)
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return libipld.encode_dag_cbor(value)


class Repository:
    """Blocks by their hash; `tree` puts records under a node, or under several."""

    def __init__(self, did: str = "did:plc:ada") -> None:
        self.did, self.blocks = did, dict[Cid, bytes]()
        self.root = b""

    def put(self, value: Any) -> Cid:
        data = cbor(value)
        self.blocks[cid_of(data)] = data
        return cid_of(data)

    def node(self, records: Mapping[str, Any], left: Cid | None = None, rights: Mapping[str, Cid] | None = None) -> Cid:
        """One node of the tree; `rights` are the subtrees behind a key."""
        entries, before = [], b""
        for key, value in sorted(records.items()):
            now = key.encode()
            shared = next(
                (n for n, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now))
            )
            right = (rights or {}).get(key)
            entries.append(
                {"k": now[shared:], "p": shared, "t": Link(right) if right else None, "v": Link(self.put(value))}
            )
            before = now
        return self.put({"e": entries, "l": Link(left) if left else None})

    def commit(self, tree: Cid) -> Repository:
        self.root = self.put({"did": self.did, "rev": "1", "sig": b"s", "data": Link(tree), "prev": None, "version": 3})
        return self

    def car(self) -> io.BytesIO:
        header = cbor({"roots": [Link(self.root)], "version": 1})
        pieces = [varint(len(header)) + header]
        pieces += [varint(len(cid) + len(data)) + cid + data for cid, data in self.blocks.items()]
        return io.BytesIO(b"".join(pieces))


def post(text: str, **more: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2025-01-01T00:00:00.000Z"} | more
