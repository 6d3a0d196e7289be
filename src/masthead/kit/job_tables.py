"""The job engine's tables: made, upgraded, kept small."""

from __future__ import annotations

import asyncpg
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries


async def install(dsn: str) -> None:
    """Make or upgrade the engine's tables."""
    connection = await asyncpg.connect(dsn)
    try:
        queries = Queries(AsyncpgDriver(connection))
        if await queries.has_table("pgqueuer"):
            await queries.upgrade()
        else:
            await queries.install(create_schema=False)
    finally:
        await connection.close()


async def prune(pool: asyncpg.Pool) -> None:
    """Forget what was counted and is older than a week."""
    await pool.execute("DELETE FROM pgqueuer_log WHERE aggregated AND created < now() - interval '7 days'")
