"""What a call says of itself: for whom, what for, how much was read, and what the platform told of its quota."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from masthead.contract.calls import NONE, OWN, Call, Purpose, charged_to, counted
from masthead.contract.headers import QuotaTold, quota_told
from masthead.contract.http import Http, Transport
from masthead.contract.operations import Operation, listed
from masthead.contract.tests.test_http import READ, Notes, server

__all__ = ["server"]
LIST = Operation("list", "GET", "/{what}", price_key="post.read", unit="resource", counts=("data", "items"))


@pytest.mark.parametrize(
    ("operation", "body", "expected"),
    [
        (READ, {"data": [1, 2]}, (1, ())),
        (LIST, {"data": {"items": [{"id": "a"}, {"id": 7}]}}, (2, ("a", "7"))),
        (LIST, {"data": {"items": {"id": "a"}}}, (1, ("a",))),
        (LIST, {"data": {"items": [{"id": None}, {"name": "b"}, "odd"]}}, (3, ())),
        (LIST, {"data": {"items": []}}, (0, ())),
        (LIST, {"data": None}, (0, ())),
        (LIST, {"errors": ["none"]}, (0, ())),
        (LIST, None, (0, ())),
        (LIST, b"bytes", (0, ())),
        (replace(LIST, ids="uri", counts=()), [{"uri": "a"}], (1, ("a",))),
        (replace(LIST, price_key=""), {"data": {"items": [{"id": "a"}]}}, (1, ())),
    ],
)
def test_units_of_an_answer(operation: Operation, body: Any, expected: tuple[int, tuple[str, ...]]) -> None:
    assert counted(operation, body) == expected


def test_whose_account_a_call_goes_to() -> None:
    assert charged_to({}) == {"app": "", "plan": "", "conditions": NONE}
    limits = {"app": "abc", "plan": "ppu", "own_app": True, "text_limit": 5}
    assert charged_to(limits) == {"app": "abc", "plan": "ppu", "conditions": OWN}
    assert charged_to({"app": None, "plan": None, "own_app": False}) == charged_to({})


async def test_the_meter_hears_all_of_it(server: str) -> None:
    notes, what = Notes(), replace(LIST, counts=())
    async with Transport(allow_private=True) as transport:
        http = Http(
            transport,
            platform="north",
            operations=listed(what, READ),
            meter=notes,
            purpose=Purpose.READ,
            **charged_to({"app": "abc", "plan": "ppu", "own_app": True}),
        )
        await http.call(what, server, path={"what": "json"})
        with pytest.raises(Exception, match="rate limit"):
            await http.call(READ, server, path={"what": "limited"})
    good, bad = notes
    assert (good.app, good.plan, good.conditions, good.purpose) == ("abc", "ppu", OWN, "read")
    assert (good.price_key, good.units, good.error) == ("post.read", 1, "")
    assert good.told is not None and good.told.remaining == 0
    assert good.resets_at == good.at + timedelta(minutes=1)
    assert (bad.units, bad.resources, bad.error, bad.status, bad.told) == (0, (), "try_again", 429, None)


def test_how_many_a_window_holds() -> None:
    headers = {"X-Rate-Limit-Limit": "900", "X-Rate-Limit-Remaining": "7", "X-Rate-Limit-Reset": "30"}
    assert quota_told(headers) == QuotaTold(7, 30.0, 900)
    assert quota_told(headers | {"X-Rate-Limit-Limit": "100, 100;w=60"}) == QuotaTold(7, 30.0, 0)


def test_a_call_without_told_quota_knows_no_reset() -> None:
    assert Call("north", "", 1, 2, "read", 1, 200, 0.1, "", "").resets_at is None
