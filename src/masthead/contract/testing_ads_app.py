"""The HTTP side of the sandbox's ad market: its API for programs under /ads, and its knobs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web

from masthead.contract import testing_ads_results as told
from masthead.contract import testing_ads_spend as spending
from masthead.contract.testing_ads import KINDS, AdAccount, AdMarket, Row
from masthead.contract.testing_ads_checks import OVER_DELIVERY
from masthead.contract.testing_failing import storing
from masthead.contract.testing_faults import Fault
from masthead.contract.testing_network import Problem

MARKET: web.AppKey[AdMarket] = web.AppKey("market", AdMarket)
KIND = f"{{kind:{'|'.join(KINDS)}}}"
MOST = 200
LEARNT = 50
"""An ad group learns until it had so many conversions within seven days."""
KNOBS = {"withdrawn": bool, "hungry": bool, "late": bool, "minimum": int}
DAY = 86_400


def ad_routes() -> list[web.RouteDef]:
    """All under /ads."""
    return [
        web.get("/ads/account", account),
        web.post("/ads/assets", upload),
        web.post(f"/ads/{KIND}", create),
        web.get(f"/ads/{KIND}", listed),
        web.get(f"/ads/{KIND}/{{id}}", show),
        web.patch(f"/ads/{KIND}/{{id}}", change),
        web.delete(f"/ads/{KIND}/{{id}}", remove),
        web.get("/ads/results", results),
        web.get("/ads/clicks", clicks),
        web.get("/ads/clock", clock),
        web.post("/ads/clock", move),
        web.post("/ads/faults", turn),
        web.delete("/ads/faults", clear),
        web.post("/ads/market", knobs),
    ]


def _whose(request: web.Request) -> AdAccount:
    """The account of the request's token, with what was to be spent spent."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not secret:
        raise Problem(401, "token_dead", "A token is needed.")
    market = request.app[MARKET]
    found = market.whose(secret)
    spending.settle(market, found)
    return found


# For programs


async def account(request: web.Request) -> web.Response:
    """GET /ads/account: whose token this is, the currency, the time zone and the smallest daily budget in micros."""
    found = _whose(request)
    return web.json_response(
        {
            "id": found.id,
            "name": found.curve.name,
            "currency": found.currency,
            "time_zone": found.time_zone,
            "minimum_daily": found.minimum,
            "over_delivery": OVER_DELIVERY,
        }
    )


async def create(request: web.Request) -> web.StreamResponse:
    """POST /ads/<kind>: a new piece, paused; the same request again makes another one. The fault knobs act here."""
    found, kind, wish = _whose(request), request.match_info["kind"], await request.json()
    return await _creating(request, found, kind, wish)


async def upload(request: web.Request) -> web.StreamResponse:
    """POST /ads/assets?name=: the body is the picture."""
    found, content = _whose(request), await request.read()
    wish = {"name": request.query.get("name", ""), "mime": request.content_type, "size": len(content)}
    return await _creating(request, found, "assets", wish | {"sha256": hashlib.sha256(content).hexdigest()})


async def _creating(request: web.Request, found: AdAccount, kind: str, wish: Mapping[str, Any]) -> web.StreamResponse:
    market = request.app[MARKET]
    knob = market.knobs["create"].take(found.id)
    return await storing(
        request, knob, lambda seconds: _piece(market, found, market.create(found, kind, wish)), field="headlines"
    )


async def listed(request: web.Request) -> web.StreamResponse:
    """GET /ads/<kind>?name=&has=&parent=&after=: the pieces that were not removed, oldest first, a page at a time."""
    market, found, query = request.app[MARKET], _whose(request), request.query
    asked = {name: query.get(name, "") for name in ("name", "has", "parent")}
    rows = market.listed(found, request.match_info["kind"], **asked)
    rows = [row for row in rows if row["seq"] > int(query.get("after", 0))]
    last = str(rows[MOST - 1]["seq"]) if len(rows) > MOST else ""
    body = {"pieces": [_piece(market, found, row) for row in rows[:MOST]], "next": last}
    return await storing(request, market.knobs["read"].take(found.id), lambda seconds: body, status=200)


async def show(request: web.Request) -> web.StreamResponse:
    """GET /ads/<kind>/<id>."""
    market, found = request.app[MARKET], _whose(request)
    body = _piece(market, found, market.must_find(found, request.match_info["kind"], request.match_info["id"]))
    return await storing(request, market.knobs["read"].take(found.id), lambda seconds: body, status=200)


async def change(request: web.Request) -> web.StreamResponse:
    """PATCH /ads/<kind>/<id>: status, and daily, total and ends_at of an ad group."""
    market, found, wish = request.app[MARKET], _whose(request), await request.json()
    kind, id_ = request.match_info["kind"], request.match_info["id"]
    knob = market.knobs["change"].take(found.id)
    wanted = {name: wish[name] for name in ("status", "daily", "total", "ends_at") if name in wish}
    return await storing(
        request, knob, lambda seconds: _piece(market, found, market.change(found, kind, id_, wanted)), status=200
    )


async def remove(request: web.Request) -> web.StreamResponse:
    """DELETE /ads/<kind>/<id>: for good, with what belongs to it."""
    market, found = request.app[MARKET], _whose(request)

    def taken(seconds: float) -> dict[str, Any]:
        market.remove(found, request.match_info["kind"], request.match_info["id"])
        return {}

    return await storing(request, market.knobs["change"].take(found.id), taken, status=200)


async def results(request: web.Request) -> web.StreamResponse:
    """GET /ads/results?groups=a,b&since=&until=&by_place=: by ad and day, spend and value in micros."""
    market, found, query = request.app[MARKET], _whose(request), request.query
    since, until = (date.fromisoformat(query[name]).isoformat() for name in ("since", "until"))
    own = [one for one in query["groups"].split(",") if _own(market, found, one)]
    rows = told.results(market, found, own, since, until, by_place=query.get("by_place") == "yes")
    return await storing(request, market.knobs["read"].take(found.id), lambda seconds: {"results": rows}, status=200)


def _own(market: AdMarket, found: AdAccount, group: str) -> bool:
    sql = "select 1 as one from ad_piece where id = ? and account = ? and kind = 'groups'"
    return market.store.row(sql, group, found.id) is not None


async def clicks(request: web.Request) -> web.Response:
    """GET /ads/clicks?day=: every click of a day, where it led and what came of it, so that a test can walk the same way."""
    market, found = request.app[MARKET], _whose(request)
    return web.json_response(
        {"clicks": told.clicks(market, found, date.fromisoformat(request.query["day"]).isoformat())}
    )


def _piece(market: AdMarket, found: AdAccount, row: Row) -> dict[str, Any]:
    details = {
        name: value for name, value in row["details"].items() if name not in ("highest", "highest_on", "verdict")
    }
    details |= {name: _iso(details[name]) for name in ("starts_at", "ends_at", "ready_at") if name in details}
    shown = {name: row[name] for name in ("id", "name", "parent", "status")} | details
    if row["kind"] == "groups":
        shown |= {"state": spending.state(market, found, row), "learning": _learning(market, found, row)}
    if row["kind"] == "ads":
        shown |= {"review": spending.review(market, found, row, market.now())}
    return shown


def _learning(market: AdMarket, found: AdAccount, group: Row) -> bool:
    since, until = (found.day(market.now() - days * DAY) for days in (6, 0))
    rows = told.results(market, found, [group["id"]], since, until, by_place=False)
    return float(sum(row["conversions"] for row in rows)) < LEARNT


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


# Clock and knobs


async def clock(request: web.Request) -> web.Response:
    """GET /ads/clock: the market's time."""
    return web.json_response({"now": _iso(request.app[MARKET].now())})


async def move(request: web.Request) -> web.Response:
    """POST /ads/clock {days or seconds}: move the market's clock on; what runs spends in between."""
    _from_here(request)
    market, wish = request.app[MARKET], await request.json()
    market.move(float(wish.get("days", 0)) * DAY + float(wish.get("seconds", 0)))
    for one in market.accounts():
        spending.settle(market, one)
    return web.json_response({"now": _iso(market.now())})


async def turn(request: web.Request) -> web.Response:
    """POST /ads/faults {fault, on: create, change or read, times, account, seconds}: let the next requests go wrong."""
    _from_here(request)
    wish = await request.json()
    request.app[MARKET].fault(
        Fault(wish["fault"]),
        on=str(wish.get("on", "create")),
        times=int(wish.get("times", 1)),
        account=str(wish.get("account", "")),
        seconds=float(wish.get("seconds", 120)),
    )
    return web.json_response({}, status=201)


async def clear(request: web.Request) -> web.Response:
    """DELETE /ads/faults: all of them back."""
    _from_here(request)
    for one in request.app[MARKET].knobs.values():
        one.clear()
    return web.Response(status=204)


async def knobs(request: web.Request) -> web.Response:
    """POST /ads/market {account, withdrawn, hungry, late, minimum}: how an account behaves from now on."""
    _from_here(request)
    market, wish = request.app[MARKET], await request.json()
    spending.settle(market, market.account(str(wish["account"])))
    market.turn(str(wish["account"]), **{name: kind(wish[name]) for name, kind in KNOBS.items() if name in wish})
    return web.json_response({})


def _from_here(request: web.Request) -> None:
    """Other sites' pages may not turn knobs in a visitor's browser."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Problem(403, "elsewhere", "This came from another site.")
