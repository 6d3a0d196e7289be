"""A pool of asyncpg connections whose JSON columns are Python values."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from masthead.kit.text import plain

APPLICATION = "masthead-worker"
# Made once: `json.dumps` makes one each time when it is not to write ASCII.
_ENCODER = json.JSONEncoder(ensure_ascii=False)
_DECODER = json.JSONDecoder()


async def _codecs(connection: asyncpg.Connection) -> None:
    for kind, decoder in (("json", json.loads), ("jsonb", _loaded)):
        await connection.set_type_codec(kind, encoder=dumped, decoder=decoder, schema="pg_catalog")


def _loaded(text: str) -> Any:
    """What jsonb says of itself has no space around it, which `json.loads` looks for twice with a regular expression."""
    return _DECODER.raw_decode(text)[0]


def dumped(value: Any) -> str:
    """JSON as the database takes it: what a platform sent with NUL or half a surrogate pair would fail a whole statement."""
    text = _ENCODER.encode(value)
    return plain(_ENCODER.encode(_without_nul(value)) if "\\u0000" in text else text)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return [_without_nul(one) for one in value] if isinstance(value, list | tuple) else value


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
