"""A pool of asyncpg connections whose JSON columns are Python values."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from masthead.kit.jsonb import dumped

APPLICATION = "masthead-worker"
_DECODER = json.JSONDecoder()


async def _codecs(connection: asyncpg.Connection) -> None:
    for kind, decoder in (("json", json.loads), ("jsonb", _loaded)):
        await connection.set_type_codec(kind, encoder=dumped, decoder=decoder, schema="pg_catalog")


def _loaded(text: str) -> Any:
    """What jsonb says of itself has no space around it, which `json.loads` looks for twice with a regular expression."""
    return _DECODER.raw_decode(text)[0]


async def connect(dsn: str, size: int = 8) -> asyncpg.Pool:
    """Open a pool of up to `size` connections; statements may take 30 s."""
    return await asyncpg.create_pool(
        dsn,
        min_size=2,
        max_size=size,
        init=_codecs,
        command_timeout=30,
        server_settings={"application_name": APPLICATION},
    )
