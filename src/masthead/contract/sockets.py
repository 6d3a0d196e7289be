"""One exchange over a WebSocket as a listed operation: guarded, bounded and metered like any other call."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from masthead.contract.errors import ConnectorError, TryAgain
from masthead.contract.guard import check_url, describe
from masthead.contract.http import Http, lost
from masthead.contract.operations import Operation

OPENED = 101


async def exchange(http: Http, operation: Operation, server: str, frame: Any, done: Callable[[Any], bool]) -> list[Any]:
    """Connect, send one JSON frame, and take JSON frames until `done` says that one was the last; all of them, in order.

    `server` is written with https (or http); the same address serves the socket. Raises TryAgain where nothing was sent
    (or the operation creates nothing) and OutcomeUnknown where a creating frame was sent and no clear answer came.
    """
    http.must_list(operation)
    target = server + operation.path
    check_url(target, allow_private=http.transport.allow_private, field="server")
    started, status, error = time.perf_counter(), 0, "transport"
    try:
        frames = await _bounded(http, operation, target, frame, done)
        status, error = OPENED, ""
        return frames
    except ConnectorError as problem:
        status, error = problem.status or status, problem.code
        raise
    finally:
        http.note(operation, server, status, started, error)


async def _bounded(http: Http, operation: Operation, target: str, frame: Any, done: Callable[[Any], bool]) -> list[Any]:
    limits, sent = aiohttp.ClientTimeout(total=operation.seconds), False
    try:
        async with (
            asyncio.timeout(limits.total),
            http.transport.session.ws_connect(target, max_msg_size=operation.max_bytes) as socket,
        ):
            sent = True
            await socket.send_json(frame)
            return await _frames(socket, operation, done)
    except (aiohttp.ClientError, TimeoutError, OSError) as problem:
        if sent:
            raise lost(operation, describe(problem)) from None
        raise TryAgain(f"The server could not be reached ({describe(problem)}).", after=30) from None


async def _frames(
    socket: aiohttp.ClientWebSocketResponse[bool], operation: Operation, done: Callable[[Any], bool]
) -> list[Any]:
    frames: list[Any] = []
    size = 0
    while not frames or not done(frames[-1]):
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise lost(operation, "the connection was closed")
        size += len(message.data)
        if size > operation.max_bytes:
            raise lost(operation, "the answer is too large")
        frames.append(_parsed(message.data, operation))
    return frames


def _parsed(text: str, operation: Operation) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise lost(operation, "the answer was cut off or is not JSON") from None
