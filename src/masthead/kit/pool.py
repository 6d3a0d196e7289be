"""A pool of asyncpg connections whose JSON columns are Python values."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from masthead.kit.text import plain

APPLICATION = "masthead-worker"


async def _codecs(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=dumped, decoder=json.loads, schema="pg_catalog")


def dumped(value: Any) -> str:
    """JSON as the database takes it: what a platform sent with NUL or half a surrogate pair would fail a whole statement."""
    text = json.dumps(value, ensure_ascii=False)
    return plain(json.dumps(_without_nul(value), ensure_ascii=False) if "\\u0000" in text else text)


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
