"""Exchanges over a WebSocket: guarded, bounded, metered, and clear about what may have happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from masthead.contract.errors import OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Call, Http, Transport
from masthead.contract.operations import Operation, listed
from masthead.contract.sockets import exchange

pytestmark = pytest.mark.alone  # an answer of the server here must come within a second or two
SAY = Operation("say", "WS", "", creates=True, seconds=2.0, max_bytes=2000)
ASK = Operation("ask", "WS", "", seconds=2.0)


class Notes:
    def __init__(self) -> None:
        self.calls: list[Call] = []

    def note(self, call: Call) -> None:
        self.calls.append(call)


async def _serve(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    if not socket.can_prepare(request):
        return web.Response(status=426)
    await socket.prepare(request)
    word = (await socket.receive_json())[0]
    if word == "close":
        await socket.close()
    elif word == "broken":
        await socket.send_str('["a", "b')
    elif word == "flood":
        for _ in range(20):
            await socket.send_json(["x" * 300])
    elif word == "silence":
        await asyncio.sleep(5)
    else:
        await socket.send_json(["one"])
        await socket.send_json(["end"])
    return socket


async def _plain(_request: web.Request) -> web.Response:
    return web.Response(text="no socket here")


@pytest.fixture
async def server() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/", _serve)
    app.router.add_get("/plain", _plain)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with Transport(allow_private=True) as transport:
        yield Http(transport, platform="any", operations=listed(SAY, ASK), meter=Notes(), channel_id=7)


def _end(frame: Any) -> bool:
    return bool(frame == ["end"])


async def test_frames_until_the_last_one(server: str, http: Http) -> None:
    assert await exchange(http, ASK, server, ["hello"], _end) == [["one"], ["end"]]
    (call,) = http.meter.calls  # type: ignore[attr-defined]
    assert (call.operation, call.status, call.error, call.channel_id, call.server) == ("ask", 101, "", 7, server)


@pytest.mark.parametrize("word", ["close", "broken", "flood"])
@pytest.mark.parametrize(("operation", "kind"), [(SAY, OutcomeUnknown), (ASK, TryAgain)])
async def test_a_lost_answer(server: str, http: Http, word: str, operation: Operation, kind: type[Exception]) -> None:
    if (word, operation) == ("flood", ASK):
        return
    with pytest.raises(kind):
        await exchange(http, operation, server, [word], _end)
    assert [call.error for call in http.meter.calls] == [kind.code]  # type: ignore[attr-defined]


async def test_silence_ends_with_the_operations_time(server: str, http: Http) -> None:
    quick = replace(SAY, seconds=0.3)
    http.operations = listed(quick)
    with pytest.raises(OutcomeUnknown):
        await exchange(http, quick, server, ["silence"], _end)


@pytest.mark.parametrize("where", ["http://127.0.0.1:9", "{server}/plain", "{server}/nowhere"])
async def test_before_anything_is_sent_nothing_is_unclear(server: str, http: Http, where: str) -> None:
    with pytest.raises(TryAgain):
        await exchange(http, SAY, where.format(server=server), ["hello"], _end)


async def test_private_addresses_and_unlisted_calls_are_refused(server: str, http: Http) -> None:
    with pytest.raises(LookupError):
        await exchange(http, replace(ASK, name="other"), server, ["hello"], _end)
    async with Transport() as guarded:
        http.transport = guarded
        with pytest.raises(Refused):
            await exchange(http, ASK, server, ["hello"], _end)
        with pytest.raises((Refused, TryAgain)):
            await exchange(http, ASK, server.replace("127.0.0.1", "localtest.invalid"), ["hello"], _end)
