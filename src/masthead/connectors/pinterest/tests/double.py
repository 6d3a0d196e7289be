"""A strict Pinterest for tests: real HTTP, state, rules, troubles. All that passes is held against Pinterest's own description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.pinterest.tests.memory import SHARED_BOARD, Fail, Memory, Pin, Video
from masthead.connectors.tests.app_memory import Denied, Person
from masthead.connectors.tests.checked import Checked, Declining
from masthead.connectors.tests.described import Described
from masthead.connectors.tests.harness import Stored, Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled
from masthead.contract.authorization_code import basic

DESCRIBED = Described("Pinterest", "pinterest-5.23.0.json", prefix="/v5", undescribed=("/oauth/", "/allow", "/storage"))
SCOPES = "user_accounts:read,boards:read,boards:write,pins:read,pins:write"
LIMITED = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "120"}
ANSWERS = {
    Trouble.FAIL_BEFORE: Said(500, {"code": 0, "message": "Something went wrong on our end."}),
    Trouble.LIMITED: Said(429, {"code": 8, "message": "You have exceeded your rate limit."}, lambda: LIMITED),
    Trouble.TOKEN_EXPIRED: Said(401, {"code": 2, "message": "Authentication failed."}),
    Trouble.REFUSED: Said(400, {"code": 1, "message": "Invalid request: 'Not wanted' is not acceptable."}),
}
NOT_UNDERSTOOD = Said(400, {"code": 1, "message": "Invalid request"})


class PinterestDouble:
    """The server. `seen` keeps method, path and body of each request to the API."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, str, Any]] = []
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(Checked(Declining(self._app(), NOT_UNDERSTOOD), DESCRIBED), _creates, ANSWERS)

    def start(self) -> PinterestDouble:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening; nothing that passed may have been other than described."""
        self.serving.stop()
        assert not DESCRIBED.wrong, DESCRIBED.wrong[:5]

    def stored(self, who: str) -> Sequence[Stored]:
        """The Pins of an account."""
        mine = [one for one in self.memory.pins if one.owner == who]
        return [Stored(one.id, one.words["description"], (one.words["alt_text"],)) for one in mine]

    def asked(self, method: str, path: str) -> list[Any]:
        """The bodies of the requests to an address."""
        return [body for verb, where, body in self.seen if (verb, where) == (method, path)]

    def _app(self) -> Starlette:
        pages: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/user_account", me),
            ("GET", "/boards", boards),
            ("GET", "/boards/{id}/pins", on_board),
            ("GET", "/pins", own),
            ("POST", "/pins", create),
            ("GET", "/pins/{id}", one_pin),
            ("PATCH", "/pins/{id}", change),
            ("DELETE", "/pins/{id}", delete),
            ("POST", "/media", register),
            ("GET", "/media/{id}", status),
        )
        routes = [Route("/v5" + path, self._page(handle), methods=[verb]) for verb, path, handle in pages]
        plain = (("POST", "/v5/oauth/token", token), ("POST", "/v5/oauth/token/revoke", revoke))
        plain += (("GET", "/oauth/", authorize), ("GET", "/allow", allow), ("POST", "/storage", store))
        return Starlette(routes=[*routes, *(Route(path, self._open(do), methods=[verb]) for verb, path, do in plain)])

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = await request.json() if await request.body() else None
            self.seen.append((request.method, request.url.path, body))
            try:
                owner = self.memory.owner(request.headers.get("authorization", ""))
                made = handle(self, owner, request, body)
            except Denied:
                return JSONResponse({"code": 2, "message": "Authentication failed."}, 401)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status)
            return made if isinstance(made, Response) else JSONResponse(made)

        return answer

    def _open(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            form = await request.form() if request.method == "POST" else request.query_params
            told = {name: value if isinstance(value, str) else await value.read() for name, value in form.items()}
            try:
                return handle(self, request, told)  # type: ignore[no-any-return]
            except Denied:
                return JSONResponse({"code": 283, "message": "Invalid or expired code, token or client."}, 401)

        return answer


def _creates(method: str, path: str) -> bool:
    return (method, path) == ("POST", "/v5/pins")


def shown(pin: Pin, who: str, *, numbers: bool = False) -> dict[str, Any]:
    """A Pin as Pinterest writes it; what is empty is null, times have no zone in some answers and one in others."""
    sizes = {"600x": {"height": 900, "width": 600, "url": f"https://i.pinimg.com/600x/{pin.id}.jpg"}}
    media: dict[str, Any] = {"media_type": pin.media_type}
    if pin.media_type == "multiple_images":
        media["items"] = [{"images": sizes, "item_type": "image"}] * pin.pictures
    else:
        media["images"] = sizes
    told: dict[str, Any] = {name: value or None for name, value in pin.words.items()}
    if numbers:
        count = {"impression": 120, "pin_click": 9, "clickthrough": 4, "save": 3}
        told["pin_metrics"] = {"90d": count, "lifetime_metrics": count | {"reaction": 5, "comment": 1}}
    at = f"{pin.at:%Y-%m-%dT%H:%M:%S.%f}+00:00"
    return told | {"id": pin.id, "board_id": pin.board, "created_at": at, "is_owner": pin.owner == who, "media": media}


def me(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """Who am I?"""
    return {"id": owner.id, "username": owner.name, "account_type": "BUSINESS", "business_name": None}


def boards(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """Two pages of boards; one only takes ads."""
    if request.query_params.get("bookmark"):
        return {"items": [{"id": "1002", "name": "Ads", "is_ads_only": True}], "bookmark": None}
    return {"items": [{"id": SHARED_BOARD, "name": "Bread", "privacy": "PUBLIC"}], "bookmark": "more"}


def _listed(request: Request, pins: Sequence[Pin], who: str) -> dict[str, Any]:
    query = request.query_params
    size, at = int(query.get("page_size", "25")), int(query.get("bookmark", "0"))
    newest, numbers = list(pins)[::-1], query.get("pin_metrics") == "true"
    more = str(at + size) if at + size < len(newest) else None
    return {"items": [shown(one, who, numbers=numbers) for one in newest[at : at + size]], "bookmark": more}


def on_board(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """Everybody's Pins on a board, newest first."""
    here = [one for one in double.memory.pins if one.board == request.path_params["id"]]
    return _listed(request, here, owner.id)


def own(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """One's own Pins."""
    return _listed(request, [one for one in double.memory.pins if one.owner == owner.id], owner.id)


def create(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """Make a Pin."""
    return JSONResponse(shown(double.memory.make(owner, body), owner.id), 201)


def one_pin(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """One Pin."""
    pin = double.memory.mine(owner, request.path_params["id"])
    return shown(pin, owner.id, numbers=request.query_params.get("pin_metrics") == "true")


def change(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """Change what a Pin says."""
    if not double.memory.beta:
        raise Fail(403, 29, "This endpoint is in beta and not available to your app.")
    pin = double.memory.mine(owner, request.path_params["id"])
    pin.words |= {name: str(value or "") for name, value in body.items() if name in pin.words}
    return shown(pin, owner.id)


def delete(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """Delete one's own Pin."""
    double.memory.pins.remove(double.memory.mine(owner, request.path_params["id"]))
    return Response(status_code=204)


def register(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """A place for a video."""
    video = Video(double.memory.new_id(), owner.id)
    double.memory.videos[video.id] = video
    told = {"media_id": video.id, "media_type": "video", "upload_url": f"{double.url}/storage"}
    return JSONResponse(
        told | {"upload_parameters": {"key": video.id, "policy": "p", "Content-Type": "multipart/form-data"}}, 201
    )


def store(double: PinterestDouble, request: Request, form: Mapping[str, Any]) -> Response:
    """The storage: the parameters must come along, and no token; its answers are empty."""
    right = form.get("policy") == "p" and "authorization" not in request.headers
    if not right:
        return Response("<Error>AccessDenied</Error>", 403, media_type="application/xml")
    double.memory.videos[form["key"]].content = form["file"]
    return Response(status_code=204)


def status(double: PinterestDouble, owner: Person, request: Request, body: Any) -> Any:
    """How far Pinterest is with a video."""
    video = double.memory.videos[request.path_params["id"]]
    state = "processing" if video.left > 0 else "failed" if video.content.startswith(b"broken") else "succeeded"
    video.left -= 1
    return {"media_id": video.id, "media_type": "video", "status": state}


def token(double: PinterestDouble, request: Request, form: Mapping[str, str]) -> Response:
    """Tokens for a code or a refresh token."""
    if request.headers.get("authorization") != basic(*double.memory.app):
        raise Denied
    kind = form["grant_type"]
    told = {"token_type": "bearer", "expires_in": 2_592_000, "scope": SCOPES, "response_type": kind}
    ends = {"refresh_token_expires_in": 5_184_000, "refresh_token_expires_at": 2_000_000_000}
    return JSONResponse(told | ends | double.memory.exchanged(form))


def revoke(double: PinterestDouble, request: Request, form: Mapping[str, str]) -> Response:
    """The token no longer works."""
    double.memory.forget(form["token"])
    return Response(status_code=200)


def authorize(double: PinterestDouble, request: Request, form: Mapping[str, str]) -> Response:
    """The page on which a person allows it, if what is asked for is right."""
    wanted = {"response_type": "code", "client_id": double.memory.app[0], "scope": SCOPES}
    right = all(form.get(name) == value for name, value in wanted.items()) and form.get("state")
    return HTMLResponse("Give access?" if right else "Something is wrong", 200 if right else 400)


def allow(double: PinterestDouble, request: Request, form: Mapping[str, str]) -> Response:
    """What the page's button does."""
    code = double.memory.code(form["person"], form["redirect_uri"])
    return RedirectResponse(form["redirect_uri"] + "?" + urlencode({"state": form["state"], "code": code}))
