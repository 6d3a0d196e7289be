"""A door in front of a real relay that breaks chosen answers, and a small Blossom media server beside it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
import time
from collections import deque
from typing import Any

import aiohttp
from aiohttp import web
from coincurve import PublicKeyXOnly

from masthead.connectors.tests.harness import Trouble

HELD_SECONDS = 1.5
STORING = frozenset({Trouble.FAIL_AFTER, Trouble.CLOSE_AFTER, Trouble.CUT_SHORT, Trouble.HANG_AFTER, Trouble.HELD})
SAID = {
    Trouble.FAIL_BEFORE: "error: could not save the note",
    Trouble.FAIL_AFTER: "error: could not save the note",
    Trouble.LIMITED: "rate-limited: slow down there chief",
    Trouble.REFUSED: "invalid: this relay takes no such words",
}


class Gate:
    """Listens on a free port of its own; `trouble` says what happens to the next notes. `banned` keys are turned away."""

    def __init__(self, relay_port: int) -> None:
        self.relay = f"http://127.0.0.1:{relay_port}"
        self.port = 0
        self.banned: set[str] = set()
        self.blobs: dict[str, bytes] = {}
        self.changes_files = False
        self.pending: deque[Trouble] = deque()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reset(self) -> None:
        """Forget pending troubles."""
        self.pending.clear()
        self.changes_files = False

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10), "the gate did not open"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._stop, self._loop = asyncio.Event(), asyncio.get_running_loop()
        app = web.Application(client_max_size=50_000_000)
        app.router.add_get("/", self._relay)
        app.router.add_put("/upload", self._upload)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        async with aiohttp.ClientSession() as self._session:
            self._ready.set()
            await self._stop.wait()
        await runner.cleanup()

    async def _relay(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            async with self._session.get(self.relay, headers={"Accept": request.headers["Accept"]}) as answer:
                return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)
        outer = web.WebSocketResponse()
        await outer.prepare(request)
        async with self._session.ws_connect(self.relay) as inner:
            async for message in outer:
                await self._pass(json.loads(message.data), request, outer, inner)
        return outer

    async def _pass(self, frame: list[Any], request: web.Request, outer: Any, inner: Any) -> None:
        if self._banned(frame):
            told = ["OK", frame[1]["id"], False, "blocked: you are banned"] if frame[0] == "EVENT" else None
            await outer.send_json(told or ["CLOSED", frame[1], "restricted: you are banned"])
            return
        creates = frame[0] == "EVENT" and frame[1]["kind"] == 1
        kind = self.pending.popleft() if creates and self.pending else None
        if kind is not None and kind not in STORING:
            await outer.send_json(["OK", frame[1]["id"], False, SAID[kind]])
            return
        if kind is Trouble.HELD:
            await asyncio.sleep(HELD_SECONDS)
        await inner.send_json(frame)
        last = ""
        while not last.startswith(('["OK"', '["EOSE"', '["CLOSED"')):
            last = (await inner.receive_str(timeout=10)).strip()
            if kind in (None, Trouble.HELD) and not outer.closed:
                await outer.send_str(last)
        if kind not in (None, Trouble.HELD):
            await self._break(kind, last, frame, request, outer)

    async def _break(self, kind: Any, last: str, frame: list[Any], request: web.Request, outer: Any) -> None:
        """The note is stored; its answer does not arrive as it should."""
        if kind is Trouble.FAIL_AFTER:
            await outer.send_json(["OK", frame[1]["id"], False, SAID[kind]])
        elif kind is Trouble.CUT_SHORT:
            await outer.send_str(last[: len(last) // 2])
        elif kind is Trouble.HANG_AFTER:
            await outer.receive()
        elif request.transport:
            request.transport.abort()

    def _banned(self, frame: list[Any]) -> bool:
        if frame[0] == "EVENT":
            return frame[1]["pubkey"] in self.banned
        return bool(self.banned & {key for one in frame[2:] for key in one.get("authors", ())})

    async def _upload(self, request: web.Request) -> web.Response:
        body = await request.read()
        digest = hashlib.sha256(body).hexdigest()
        if not allowed(request.headers.get("Authorization", ""), digest):
            return web.json_response({}, status=401, headers={"X-Reason": "The right to upload is missing."})
        self.blobs[digest] = body
        told = "0" * 64 if self.changes_files else digest
        return web.json_response(
            {"url": f"{self.url}/{told}", "sha256": told, "size": len(body), "uploaded": int(time.time())}
        )


def allowed(header: str, digest: str) -> bool:
    """What BUD-01 and BUD-02 ask a media server to check before it takes a file."""
    scheme, _, packed = header.partition(" ")
    if scheme != "Nostr":
        return False
    right = json.loads(base64.b64decode(packed))
    tags = {one[0]: one[1] for one in right["tags"]}
    wanted = (right["kind"], tags["t"], tags["x"]) == (24242, "upload", digest)
    timely = right["created_at"] <= time.time() < int(tags["expiration"])
    return wanted and timely and valid(right)


def valid(event: dict[str, Any]) -> bool:
    """An event's id is the hash of what it says, and its signature fits (NIP-01)."""
    parts = [0, *(event[name] for name in ("pubkey", "created_at", "kind", "tags", "content"))]
    digest = hashlib.sha256(json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    key = PublicKeyXOnly(bytes.fromhex(event["pubkey"]))
    return digest.hex() == event["id"] and bool(key.verify(bytes.fromhex(event["sig"]), digest))
