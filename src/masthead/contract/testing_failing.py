"""How a turned fault knob makes the sandbox answer, before or after something was stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from masthead.contract.testing_faults import Fault, Knob
from masthead.contract.testing_network import Problem, stores


async def storing(
    request: web.Request,
    knob: Knob | None,
    store: Callable[[float], Mapping[str, Any]],
    *,
    field: str = "text",
    status: int = 201,
) -> web.StreamResponse:
    """Store what is wanted and answer, unless the knob is turned. `store` is told how long it stays in processing."""
    if not stores(knob):
        return _refusal(knob, field)
    if knob and knob.fault is Fault.HELD:
        await asyncio.sleep(knob.seconds)
    body = json.dumps(store(knob.seconds if knob and knob.fault is Fault.SLOW else 0.0))
    if knob and knob.fault not in (Fault.SLOW, Fault.HELD):
        return await _after_storing(request, knob, body)
    return web.Response(text=body, status=status, content_type="application/json")


def _refusal(knob: Knob | None, field: str) -> web.Response:
    fault = knob.fault if knob else None
    if knob and fault is Fault.LIMITED:
        return web.json_response({"error": "limited"}, status=429, headers={"Retry-After": str(int(knob.seconds))})
    if fault is Fault.TOKEN_EXPIRED:
        raise Problem(401, "token_expired", "This token ran out.")
    if fault is Fault.REFUSED:
        raise Problem(422, "refused", "This text is not wanted here.", field)
    return web.Response(status=500, text="Internal Server Error")


async def _after_storing(request: web.Request, knob: Knob, body: str) -> web.StreamResponse:
    if knob.fault is Fault.STORE_THEN_500:
        return web.Response(status=500, text="Internal Server Error")
    if knob.fault is Fault.STORE_THEN_CUT:
        return web.Response(text=body[: len(body) // 2], content_type="application/json")
    if knob.fault is Fault.STORE_THEN_HANG:
        await asyncio.sleep(knob.seconds)
    if request.transport:
        request.transport.abort()
    return web.Response()
