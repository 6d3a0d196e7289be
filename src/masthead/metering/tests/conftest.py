"""A plain asyncpg connection to the test database, as the worker has."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from django.db import connection as django_connection

Connect = Callable[[], Awaitable[asyncpg.Connection]]


@pytest.fixture
async def connect(transactional_db: None) -> AsyncIterator[Connect]:
    """Open further connections; they are closed at the end."""
    name, opened = django_connection.settings_dict["NAME"], []

    async def one() -> asyncpg.Connection:
        opened.append(await asyncpg.connect(os.environ["DATABASE_URL"], database=name))
        return opened[-1]

    yield one
    for connection in opened:
        await connection.close()


@pytest.fixture
async def database(connect: Connect) -> asyncpg.Connection:
    """One connection."""
    return await connect()
