"""The sandbox's HTTP side: its API for programs, its pages for people, and its fault knobs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from masthead.contract import testing_inbox as inbox
from masthead.contract import testing_pages as pages
from masthead.contract import testing_sign_in as sign_in
from masthead.contract.testing_ads import AdMarket
from masthead.contract.testing_ads_app import MARKET, ad_routes
from masthead.contract.testing_failing import storing
from masthead.contract.testing_faults import Fault
from masthead.contract.testing_network import (
    ALT_LIMIT,
    MAX_ATTACHMENTS,
    MEDIA_BYTES,
    TEXT_LIMIT,
    Member,
    Problem,
    SandboxNetwork,
    Tokens,
)
from masthead.contract.testing_past import numbers_of

PAGE = 40
STYLE = Path(__file__).with_name("testing_style.css")
NETWORK: web.AppKey[SandboxNetwork] = web.AppKey("network", SandboxNetwork)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def sandbox_app(network: SandboxNetwork, market: AdMarket | None = None) -> web.Application:
    """The network as an aiohttp application, with an ad market."""
    app = web.Application(middlewares=[_answer_problems], client_max_size=max(MEDIA_BYTES.values()) + 1_000_000)
    app[NETWORK] = network
    app[MARKET] = market or AdMarket(network.store)
    app.add_routes(ad_routes())
    app.add_routes(
        [
            web.get("/api/me", me),
            web.post("/oauth/token", token),
            web.post("/oauth/revoke", revoke),
            web.post("/api/media", upload),
            web.post("/api/posts", create),
            web.get("/api/posts", listed),
            web.get("/api/numbers", numbers),
            web.get("/api/mentions", mentions),
            web.get("/api/direct", directs),
            web.post("/api/direct", write),
            web.get("/api/posts/{id}", show),
            web.patch("/api/posts/{id}", edit),
            web.delete("/api/posts/{id}", remove),
            web.get("/authorize", ask),
            web.post("/authorize", decide),
            web.get("/faults", knobs),
            web.post("/faults", turn),
            web.delete("/faults", clear),
            web.post("/clock", move_clock),
            web.get("/", timeline),
            web.get("/about", about),
            web.get("/style.css", style),
            web.get("/media/{id}", media),
            web.get("/@{handle}", profile),
            web.get("/@{handle}/{id}", thread),
            web.get("/health", health),
        ]
    )
    return app


def origin(request: web.Request) -> str:
    """The address under which we were called."""
    return f"{request.scheme}://{request.host}"


@web.middleware
async def _answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    request.app[NETWORK].calls += request.path.startswith(("/api/", "/oauth/", "/ads/"))
    try:
        response = await handler(request)
    except Problem as problem:
        response = web.json_response(
            {"error": problem.error, "message": problem.message, "field": problem.field_name}, status=problem.status
        )
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError):
        response = web.json_response(
            {"error": "bad_request", "message": "The request cannot be read.", "field": ""}, status=400
        )
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _member(request: web.Request) -> Member:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not secret:
        raise Problem(401, "token_dead", "A token is needed.")
    return request.app[NETWORK].whose(secret)


# For programs


async def me(request: web.Request) -> web.Response:
    """GET /api/me: whose token this is and what it may do."""
    member = _member(request)
    limits = {"text_limit": TEXT_LIMIT, "max_attachments": MAX_ATTACHMENTS, "alt_limit": ALT_LIMIT, **member.limits}
    return web.json_response(
        {
            "id": member.handle,
            "handle": member.handle,
            "name": member.name,
            "url": f"{origin(request)}/@{member.handle}",
            "limits": limits,
        }
    )


async def token(request: web.Request) -> web.Response:
    """POST /oauth/token: a code or a refresh token for new tokens."""
    form, network = await request.post(), request.app[NETWORK]
    if form.get("grant_type") == "refresh_token":
        return web.json_response(_tokens(network.refresh(str(form.get("refresh_token")))))
    found = network.exchange(str(form.get("code")), str(form.get("code_verifier")), str(form.get("redirect_uri")))
    return web.json_response(_tokens(found))


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.token,
        "refresh_token": tokens.refresh,
        "expires_in": int(tokens.seconds),
        "token_type": "Bearer",
    }


async def revoke(request: web.Request) -> web.Response:
    """POST /oauth/revoke: end a sign-in."""
    request.app[NETWORK].revoke(str((await request.post()).get("token")))
    return web.json_response({})


async def upload(request: web.Request) -> web.Response:
    """POST /api/media: the body is the file."""
    id_ = request.app[NETWORK].upload(_member(request), request.content_type, await request.read())
    return web.json_response({"id": id_}, status=201)


async def create(request: web.Request) -> web.StreamResponse:
    """POST /api/posts: a post, once for each Idempotency-Key; the fault knobs act here."""
    network, member, wish = request.app[NETWORK], _member(request), await request.json()
    key = request.headers.get("Idempotency-Key")
    return await _storing(request, member, lambda seconds: _post(request, network.post(member, wish, key, seconds)))


async def _storing(
    request: web.Request, member: Member, store: Callable[[float], dict[str, Any]]
) -> web.StreamResponse:
    return await storing(request, request.app[NETWORK].fault(member), store)


def _post(request: web.Request, post: Mapping[str, Any]) -> dict[str, Any]:
    now = request.app[NETWORK].now()
    ready = bool(post["ready_at"] <= now)
    return {name: post[name] for name in ("id", "key", "text", "media", "reply_to", "poll")} | {
        "state": "ready" if ready else "processing",
        "author": post["handle"],
        "created_at": post["created_at"],
        "numbers": numbers_of(post, now),
        **post["extra"],
        "url": f"{origin(request)}/@{post['handle']}/{post['id']}",
    }


async def listed(request: web.Request) -> web.Response:
    """GET /api/posts: one's own posts, newest first; ?key= the one with this idempotency key, ?before= those older."""
    network, member = request.app[NETWORK], _member(request)
    if key := request.query.get("key"):
        found = network.by_key(member, key)
        posts = [found] if found and not found["removed"] else []
    else:
        most = min(PAGE, int(request.query.get("limit", PAGE)))
        posts = network.page(member, request.query.get("before", ""), most)
    return web.json_response({"posts": [_post(request, post) for post in posts]})


async def numbers(request: web.Request) -> web.Response:
    """GET /api/numbers?ids=a,b: what came back for posts of one's own; those that are gone are missing."""
    network, member = request.app[NETWORK], _member(request)
    posts = [network.found(id_) for id_ in request.query["ids"].split(",")[:PAGE]]
    mine = [post for post in posts if post and post["handle"] == member.handle]
    return web.json_response({"numbers": {post["id"]: numbers_of(post, network.now()) for post in mine}})


async def mentions(request: web.Request) -> web.Response:
    """GET /api/mentions?after=&limit=: others' posts that name the member or answer one of its own, oldest first."""
    network, member = request.app[NETWORK], _member(request)
    posts = inbox.mentions(network, member, *_place(request))
    told = [_post(request, post) | inbox.details(network, member, post) for post in posts]
    return web.json_response({"posts": told})


async def directs(request: web.Request) -> web.Response:
    """GET /api/direct?after=&limit=: private messages to and from the member, oldest first; ?key= the one with this key."""
    network, member = request.app[NETWORK], _member(request)
    found = inbox.directs(network, member, *_place(request), key=request.query.get("key", ""))
    return web.json_response({"messages": [inbox.direct(network, one) for one in found]})


async def write(request: web.Request) -> web.StreamResponse:
    """POST /api/direct: a private message, once for each Idempotency-Key; the fault knobs act here too."""
    network, member, wish = request.app[NETWORK], _member(request), await request.json()
    key = request.headers.get("Idempotency-Key")
    to, text = str(wish["to"]), str(wish["text"])
    return await _storing(
        request, member, lambda seconds: inbox.direct(network, inbox.write(network, member, to, text, key))
    )


def _place(request: web.Request) -> tuple[int | None, int]:
    after = request.query.get("after", "")
    return int(after) if after else None, min(PAGE, int(request.query.get("limit", PAGE)))


async def show(request: web.Request) -> web.Response:
    """GET /api/posts/{id}."""
    member, post = _member(request), request.app[NETWORK].found(request.match_info["id"])
    if not post or post["handle"] != member.handle:
        raise Problem(404, "no_such_post", "There is no such post.")
    return web.json_response(_post(request, post))


async def edit(request: web.Request) -> web.Response:
    """PATCH /api/posts/{id}: another text."""
    member, wish = _member(request), await request.json()
    return web.json_response(
        _post(request, request.app[NETWORK].edit(member, request.match_info["id"], str(wish["text"])))
    )


async def remove(request: web.Request) -> web.Response:
    """DELETE /api/posts/{id}."""
    request.app[NETWORK].remove(_member(request), request.match_info["id"])
    return web.Response(status=204)


async def health(request: web.Request) -> web.Response:
    """GET /health: this is a sandbox."""
    return web.json_response({"sandbox": "ok"})


# For people


def _page(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


async def timeline(request: web.Request) -> web.Response:
    """GET /: everybody's posts."""
    return _page(pages.timeline(request.app[NETWORK]))


async def profile(request: web.Request) -> web.Response:
    """GET /@handle: one member's posts."""
    member = request.app[NETWORK].member(request.match_info["handle"])
    return _page(pages.profile(request.app[NETWORK], member)) if member else _page(pages.missing(), 404)


async def thread(request: web.Request) -> web.Response:
    """GET /@handle/id: a post with the thread it belongs to."""
    post = request.app[NETWORK].shown(request.match_info["id"])
    if not post or post["handle"] != request.match_info["handle"]:
        return _page(pages.missing(), 404)
    return _page(pages.thread(request.app[NETWORK], post))


async def about(request: web.Request) -> web.Response:
    """GET /about: the limits in words."""
    return _page(pages.about(request.app[NETWORK]))


async def style(request: web.Request) -> web.StreamResponse:
    """GET /style.css."""
    return web.Response(body=STYLE.read_bytes(), content_type="text/css", headers={"Cache-Control": "max-age=3600"})


async def media(request: web.Request) -> web.Response:
    """GET /media/{id}: a file."""
    found = request.app[NETWORK].file(request.match_info["id"])
    if not found:
        return _page(pages.missing(), 404)
    return web.Response(body=found[1], content_type=found[0], headers={"Cache-Control": "max-age=86400, immutable"})


async def ask(request: web.Request) -> web.Response:
    """GET /authorize: may this application post for you?"""
    wish = sign_in.read(request.query)
    return _page(pages.authorize(request.app[NETWORK], wish)) if wish else _page(pages.bad_sign_in(), 400)


async def decide(request: web.Request) -> web.StreamResponse:
    """POST /authorize: yes or no, and back to the application."""
    form = await request.post()
    wish = sign_in.read({name: str(value) for name, value in form.items()})
    if wish is None:
        return _page(pages.bad_sign_in(), 400)
    chosen = str(form.get("handle")) if form.get("answer") == "allow" else ""
    raise web.HTTPFound(sign_in.back(request.app[NETWORK], wish, chosen, origin(request)))


# Fault knobs and clock


async def knobs(request: web.Request) -> web.Response:
    """GET /faults: the page with the knobs."""
    return _page(pages.faults(request.app[NETWORK]))


async def turn(request: web.Request) -> web.StreamResponse:
    """POST /faults: turn a knob, from the page's form or as JSON {fault, times, handle, seconds}."""
    _from_here(request)
    form = await request.json() if request.content_type == "application/json" else await request.post()
    request.app[NETWORK].turn(
        Fault(str(form["fault"])),
        times=int(str(form.get("times", 1))),
        handle=str(form.get("handle", "")),
        seconds=float(str(form.get("seconds", 120))),
    )
    if request.content_type == "application/json":
        return web.json_response({}, status=201)
    raise web.HTTPSeeOther("/faults")


async def clear(request: web.Request) -> web.Response:
    """DELETE /faults: all knobs back."""
    request.app[NETWORK].knobs.clear()
    return web.Response(status=204)


async def move_clock(request: web.Request) -> web.Response:
    """POST /clock {seconds}: move the network's clock on, for tests."""
    _from_here(request)
    request.app[NETWORK].shift += float((await request.json())["seconds"])
    return web.json_response({"now": request.app[NETWORK].now()})


def _from_here(request: web.Request) -> None:
    """Other sites' pages may not turn knobs in a visitor's browser."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Problem(403, "elsewhere", "This came from another site.")
