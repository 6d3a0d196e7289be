"""A proxy in front of a real server that breaks chosen answers on purpose. Runs in a thread with its own event loop."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

import aiohttp
from aiohttp import web
from yarl import URL

from masthead.connectors.tests.harness import Trouble

WAIT = 120
HANG_SECONDS = 60
HELD_SECONDS = 1.5
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "date", "server"})
SAID = {
    Trouble.FAIL_BEFORE: (500, "InternalServerError", "Internal Server Error"),
    Trouble.FAIL_AFTER: (500, "InternalServerError", "Internal Server Error"),
    Trouble.LIMITED: (429, "RateLimitExceeded", "Rate Limit Exceeded"),
    Trouble.TOKEN_EXPIRED: (400, "ExpiredToken", "Token has expired"),
    Trouble.REFUSED: (400, "InvalidRequest", "Invalid app.bsky.feed.post record: Record/text must not be rude"),
}
STORES = frozenset({Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT, Trouble.HANG_AFTER, Trouble.HELD})


@dataclass(frozen=True)
class Passed:
    """A request that came by: method, path and whether it created a post."""

    method: str
    path: str
    creates: bool


@dataclass
class Gate:
    """Listens on `outer`, forwards to `inner`; `trouble` says what happens to the next requests that create a post."""

    outer: int
    inner: int
    creates: Callable[[str, bytes], bool]
    passed: list[Passed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pending: deque[Trouble] = deque()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)

    def trouble(self, kind: Trouble, times: int = 1) -> None:
        """Do this to the next `times` requests that create a post."""
        self._pending.extend([kind] * times)

    def reset(self) -> None:
        """Forget pending troubles and what passed."""
        self._pending.clear()
        self.passed.clear()

    def __enter__(self) -> Gate:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the gate did not open")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application(client_max_size=200_000_000)
        app.router.add_route("*", "/{rest:.*}", self._pass)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.outer).start()
        self._session = aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())
        self._ready.set()
        await self._stop.wait()
        await self._session.close()
        await runner.cleanup()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        creating = request.method == "POST" and self.creates(request.path, body)
        self.passed.append(Passed(request.method, request.path, creating))
        kind = self._pending.popleft() if creating and self._pending else None
        if kind is None:
            return await self._forward(request, body)
        if kind not in STORES:
            return _said(kind)
        if kind is Trouble.HELD:
            await asyncio.sleep(HELD_SECONDS)
            return await self._forward(request, body)
        return await self._broken(kind, request, await self._forward(request, body))

    async def _broken(self, kind: Trouble, request: web.Request, answer: web.Response) -> web.StreamResponse:
        """The post is stored; its answer does not arrive as it should."""
        if kind is Trouble.HANG_AFTER:
            await asyncio.sleep(HANG_SECONDS)
        if kind in (Trouble.CLOSE_AFTER, Trouble.HANG_AFTER) and request.transport:
            request.transport.abort()
        if kind is Trouble.CUT_SHORT and isinstance(answer.body, bytes):
            return web.Response(status=200, body=answer.body[: len(answer.body) // 2], content_type="application/json")
        return _said(Trouble.FAIL_AFTER)

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        url = URL(f"http://127.0.0.1:{self.inner}{request.raw_path}", encoded=True)
        async with self._session.request(
            request.method, url, headers=headers, data=body or None, allow_redirects=False
        ) as answer:
            content = await answer.read()
            reply = web.Response(status=answer.status, body=content)
            reply.headers.popall("Content-Type", None)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    reply.headers.add(name, value)
            return reply


def _said(kind: Trouble) -> web.Response:
    status, word, message = SAID[kind]
    headers = {"Content-Type": "application/json"}
    if kind is Trouble.LIMITED:
        headers |= {
            "RateLimit-Limit": "5000",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(int(time.time()) + WAIT),
            "RateLimit-Policy": "5000;w=3600",
            "Retry-After": str(WAIT),
        }
    return web.Response(status=status, body=json.dumps({"error": word, "message": message}).encode(), headers=headers)
