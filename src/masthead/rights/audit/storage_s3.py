"""Corpus files in S3, or in a store that speaks like it. Needs the extra `s3` (boto3), which is imported only here."""

from __future__ import annotations

import fnmatch
import io
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from masthead.rights.audit.storage import Stored, Unreadable

AHEAD = 8 << 20
"""Bytes asked for in one request while a file is read from front to back."""


@lru_cache(maxsize=1)
def client() -> Any:
    """One client per process. Keys, region and address come from where boto3 looks (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, ...)."""
    try:
        return import_module("boto3").client("s3")
    except ModuleNotFoundError as error:
        raise Unreadable("Reading from S3 needs boto3: pip install 'masthead[s3]'.") from error


def split(address: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`."""
    bucket, _, key = address.removeprefix("s3://").partition("/")
    if not bucket:
        raise Unreadable(f"{address}: names no bucket. Write s3://bucket/key.")
    return bucket, key


def listed(pattern: str) -> Iterator[Stored]:
    """The objects at an address, below it where it ends with `/` or is a bucket, or that match its `*`."""
    bucket, key = split(pattern)
    wild = any(mark in key for mark in "*?[")
    prefix = key[: min(key.index(mark) for mark in "*?[" if mark in key)] if wild else key
    for one in _objects(pattern, bucket, prefix):
        name = one["Key"]
        below = not key or key.endswith("/") or name.startswith(f"{key}/")
        if one["Size"] and (fnmatch.fnmatchcase(name, key) if wild else below or name == key):
            yield Stored(f"s3://{bucket}/{name}", one["Size"], one["ETag"].strip('"'))


def stored(address: str) -> Stored:
    """An object as it is now. Raises Unreadable."""
    bucket, key = split(address)
    about = _asked(address, "head_object", Bucket=bucket, Key=key)
    return Stored(address, about["ContentLength"], about["ETag"].strip('"'))


class Ranged(io.RawIOBase):
    """An object as a file that can be sought in; each request asks for a range of it."""

    def __init__(self, address: str, offset: int = 0) -> None:
        super().__init__()
        self.address, self.at = address, offset
        self.bucket, self.key = split(address)
        self.size = stored(address).size
        self._ahead, self._ahead_at = b"", 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """The next byte that is read."""
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; nothing is asked for until something is read."""
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        return self.at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as what was asked for ahead reaches."""
        view = memoryview(buffer).cast("B")
        skip = self.at - self._ahead_at
        if not 0 <= skip < len(self._ahead):
            self._ask(max(len(view), AHEAD))
            skip = 0
        part = self._ahead[skip : skip + len(view)]
        view[: len(part)] = part
        self.at += len(part)
        return len(part)

    def _ask(self, length: int) -> None:
        self._ahead_at, self._ahead = self.at, b""
        end = min(self.at + length, self.size)
        if self.at < end:
            where = {"Bucket": self.bucket, "Key": self.key, "Range": f"bytes={self.at}-{end - 1}"}
            self._ahead = _asked(self.address, "get_object", **where)["Body"].read()


def _objects(pattern: str, bucket: str, prefix: str) -> Iterator[dict[str, Any]]:
    try:
        for page in client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Contents", ())
    except _faults() as error:
        raise Unreadable(_told(pattern, error)) from error


def _asked(address: str, operation: str, **named: Any) -> Any:
    try:
        return getattr(client(), operation)(**named)
    except _faults() as error:
        raise Unreadable(_told(address, error)) from error


def _faults() -> tuple[type[Exception], ...]:
    faults = import_module("botocore.exceptions")
    return (faults.ClientError, faults.BotoCoreError)


def _told(address: str, error: Exception) -> str:
    return (
        f"{address}: {error} Look at the address, and at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL."
    )
