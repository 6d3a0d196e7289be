"""A pool of asyncpg connections whose JSON columns are Python values."""

from __future__ import annotations

import json

import asyncpg

APPLICATION = "masthead-worker"


async def _codecs(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


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
