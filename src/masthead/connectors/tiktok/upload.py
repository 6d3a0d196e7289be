"""Sending a video in chunks. It is out once the last one arrived; TikTok's number for the post tells whether it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from masthead.connectors.tiktok.operations import SEND_CHUNK, SEND_LAST_CHUNK
from masthead.contract.errors import OutcomeUnknown
from masthead.contract.http import Http
from masthead.contract.values import Account

MEGABYTE = 1024 * 1024
WHOLE, CHUNK = 64 * MEGABYTE, 32 * MEGABYTE


def video_source(size: int) -> dict[str, Any]:
    """How a video will come: whole up to 64 MB, else in chunks of 32 MB, the last one with what is left over."""
    chunk = size if size <= WHOLE else CHUNK
    return {
        "source": "FILE_UPLOAD",
        "video_size": size,
        "chunk_size": chunk,
        "total_chunk_count": max(1, size // chunk),
    }


def spans(size: int) -> Iterator[tuple[int, int]]:
    """First and last byte of each chunk."""
    source = video_source(size)
    chunk, count = source["chunk_size"], source["total_chunk_count"]
    for number in range(count):
        yield number * chunk, (size if number == count - 1 else (number + 1) * chunk) - 1


async def send(http: Http, account: Account, url: str, content: bytes, mime: str) -> None:
    """All chunks, in order. A lost answer to the last one is no matter: the post's number tells what became of it."""
    for start, end in spans(len(content)):
        last = end == len(content) - 1
        headers = {"Content-Type": mime, "Content-Range": f"bytes {start}-{end}/{len(content)}"}
        part = content[start : end + 1]
        try:
            operation = SEND_LAST_CHUNK if last else SEND_CHUNK
            await http.call(operation, account.server, url=url, headers=headers, data=part, raw=True)
        except OutcomeUnknown:
            return
