"""An ASGI app that passes every request on to a real server, so that `Troubled` can break the answers of one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import aiohttp
from yarl import URL

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
OWN = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "date", "server"})


class Forward:
    """The door to the server at `inner`, an origin. The host that was asked for is passed on."""

    def __init__(self, inner: str) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and its answer back."""
        body, more = bytearray(), True
        while more:
            message = await receive()
            body.extend(message.get("body", b""))
            more = message.get("more_body", False)
        headers = [
            (name.decode(), value.decode("latin-1")) for name, value in scope["headers"] if name.decode() not in OWN
        ]
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        url = URL(f"{self.inner}{scope['raw_path'].decode()}{query}", encoded=True)
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(
                scope["method"], url, headers=headers, data=bytes(body) or None, allow_redirects=False
            ) as answer,
        ):
            content = await answer.read()
        told = [
            (name.lower().encode(), value.encode("latin-1"))
            for name, value in answer.headers.items()
            if name.lower() not in OWN
        ]
        told.append((b"content-length", str(len(content)).encode()))
        with contextlib.suppress(asyncio.CancelledError):
            await send({"type": "http.response.start", "status": answer.status, "headers": told})
            await send({"type": "http.response.body", "body": content})
