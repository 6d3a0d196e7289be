"""Fixtures for the tests of the family: a harness's account and a client, and files to attach."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator

import pytest

from masthead.connectors.meta.tests.lending import Lending
from masthead.contract.http import Http, Transport
from masthead.contract.values import Account, Attachment, MediaKind


def running(made: type[Lending]) -> Iterator[Lending]:
    """A harness, started and stopped."""
    harness = made()
    harness.start()
    yield harness
    harness.stop()


@pytest.fixture
async def http(harness: Lending) -> AsyncIterator[Http]:
    """A client of the platform under test."""
    async with Transport(allow_private=True) as transport:
        yield harness.http(transport)


@pytest.fixture
async def account(harness: Lending) -> Account:
    """A connected account of a fresh person."""
    return await harness.account()


def clip(size: int = 200_000, *, public: bool = True) -> Attachment:
    """A file that counts as a video here; the double only counts its bytes."""
    content = bytes(range(256)) * (size // 256)

    async def load() -> bytes:
        return content

    async def public_url() -> str:
        return "https://files.masthead.example/clip.mp4"

    sha = hashlib.sha256(content).hexdigest()
    return Attachment(
        MediaKind.VIDEO,
        "video/mp4",
        len(content),
        sha,
        load,
        1080,
        1920,
        7.0,
        file_name="clip.mp4",
        public_url=public_url if public else None,
    )
