"""A strict Reddit for tests: real HTTP, state, rules, troubles. It refuses calls that do not say who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.reddit.tests.memory import FLAIR, Fail, Invalid, Memory, Post
from masthead.connectors.tests.app_memory import Denied, Person
from masthead.connectors.tests.harness import Stored, Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled
from masthead.contract.authorization_code import basic

SCOPES = "identity submit edit read history flair"
LIMITED = {"X-Ratelimit-Used": "100", "X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "120"}
ANSWERS = {
    Trouble.FAIL_BEFORE: Said(503, {"message": "Service Unavailable", "error": 503}),
    Trouble.LIMITED: Said(429, {"message": "Too Many Requests", "error": 429}, lambda: LIMITED),
    Trouble.TOKEN_EXPIRED: Said(401, {"message": "Unauthorized", "error": 401}),
    Trouble.REFUSED: Said(
        200, {"json": {"errors": [["SUBREDDIT_NOTALLOWED", "you aren't allowed to post there.", "sr"]]}}
    ),
}


class RedditDouble:
    """The server. `seen` keeps path, form and User-Agent of each request with a token."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, Mapping[str, str], str]] = []
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(self._app(), _creates, ANSWERS)

    def start(self) -> RedditDouble:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening."""
        self.serving.stop()

    def stored(self, who: str) -> Sequence[Stored]:
        """The submissions of an account."""
        mine = [one for one in self.memory.posts if one.owner == who and not one.deleted]
        return [Stored(one.name, one.text, ("",)) for one in mine]

    def asked(self, path: str) -> list[Mapping[str, str]]:
        """The forms sent to an address."""
        return [form for where, form, _ in self.seen if where == path]

    def _app(self) -> Starlette:
        pages: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/api/v1/me", me),
            ("POST", "/api/submit", submit),
            ("POST", "/api/submit_gallery_post.json", submit_gallery),
            ("POST", "/api/editusertext", edit),
            ("POST", "/api/del", delete),
            ("GET", "/user/{name}/submitted", submitted),
            ("GET", "/api/info", info),
            ("GET", "/r/{subreddit}/api/link_flair_v2", flairs),
            ("POST", "/api/media/asset.json", lend),
        )
        routes = [Route(path, self._page(handle), methods=[verb]) for verb, path, handle in pages]
        plain = (("POST", "/api/v1/access_token", token), ("POST", "/api/v1/revoke_token", revoke))
        plain += (("GET", "/api/v1/authorize", authorize), ("GET", "/allow", allow), ("POST", "/storage", store))
        return Starlette(routes=[*routes, *(Route(path, self._open(do), methods=[verb]) for verb, path, do in plain)])

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            plain = request.headers.get("content-type", "") != "application/json"
            form = (
                {name: str(value) for name, value in (await request.form()).items()} if plain else await request.json()
            )
            name = request.headers.get("user-agent", "")
            self.seen.append((request.url.path, form, name))
            if not name.startswith("web:masthead:"):
                return JSONResponse({"message": "Too Many Requests", "error": 429}, 429)
            try:
                return JSONResponse(handle(self, self.memory.owner(request.headers["authorization"]), request, form))
            except Denied:
                return JSONResponse({"message": "Unauthorized", "error": 401}, 401)
            except Fail as fail:
                return JSONResponse(fail.body)
            except Invalid as fail:
                return JSONResponse(fail.body, 400)

        return answer

    def _open(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            form = await request.form() if request.method == "POST" else request.query_params
            told = {name: value if isinstance(value, str) else await value.read() for name, value in form.items()}
            try:
                return handle(self, request, told)  # type: ignore[no-any-return]
            except Denied:
                return JSONResponse({"error": "invalid_grant"}, 400)

        return answer


def _creates(method: str, path: str) -> bool:
    return method == "POST" and path in ("/api/submit", "/api/submit_gallery_post.json")


def me(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """Who am I?"""
    return {"id": owner.id, "name": owner.name, "icon_img": "https://styles.redditmedia.example/a?b=1&amp;c=2"}


def submit(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """Make a submission. Of one with a picture or video Reddit tells no id."""
    assert form["api_type"] == "json"
    post = double.memory.submit(owner, form, f"{double.url}/storage/")
    if form["kind"] in ("image", "video"):
        told = {
            "user_submitted_page": f"https://www.reddit.com/user/{owner.name}/submitted/",
            "websocket_url": "wss://x",
        }
        return {"json": {"errors": [], "data": told}}
    where = f"https://www.reddit.com/r/{form['sr']}/comments/{post.id}/x/"
    return {"json": {"errors": [], "data": {"url": where, "id": post.id, "name": post.name}}}


def submit_gallery(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, Any]) -> Any:
    """Make a gallery, of which the id is told without a name."""
    assert form["api_type"] == "json" and 2 <= len(form["items"]) <= 20
    post = double.memory.submit(owner, {**form, "kind": "gallery"}, "")
    where = f"https://www.reddit.com/gallery/{post.id}"
    return {"json": {"errors": [], "data": {"url": where, "id": post.name}}}


def edit(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """Change the text of a text post."""
    post = double.memory.mine(owner, form["thing_id"])
    if not post or post.form["kind"] != "self":
        raise Fail("NOT_AUTHOR", "you can't do that")
    post.text = form["text"]
    return {"json": {"errors": [], "data": {"things": []}}}


def delete(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """Delete; nothing is said of one that is gone."""
    if post := double.memory.mine(owner, form["id"]):
        post.deleted = True
    return {}


def _files(post: Post) -> dict[str, Any]:
    kind = post.form["kind"]
    if kind == "gallery":
        names = [one["media_id"] for one in post.form["items"]]
        known = {
            name: {"status": "valid", "e": "Image", "s": {"u": f"https://preview.redd.it/{name}"}} for name in names
        }
        return {
            "is_gallery": True,
            "gallery_data": {"items": [{"media_id": name, "id": 1, "caption": None} for name in names]},
            "media_metadata": known,
        }
    if kind == "video":
        film = {"fallback_url": "https://v.redd.it/x/DASH_720.mp4", "duration": 3}
        return {"is_video": True, "post_hint": "hosted:video", "media": {"reddit_video": film}}
    return {"post_hint": "image"} if kind == "image" else {}


def _thing(post: Post, name: str) -> dict[str, Any]:
    where, kind = post.form["sr"], post.form["kind"]
    told = {
        "name": post.name,
        "title": post.form["title"],
        "selftext": post.text,
        "url": post.form.get("url", ""),
        "permalink": f"/r/{where}/comments/{post.id}/x/",
        "subreddit": where.title(),
        "is_self": kind == "self",
        "created_utc": post.at.timestamp(),
        "author": "[deleted]" if post.deleted else name,
    }
    return {
        "kind": "t3",
        "data": told | _files(post) | {"score": 7, "num_comments": 2, "num_crossposts": 0, "upvote_ratio": 0.9},
    }


def _listing(things: list[dict[str, Any]], after: str | None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": things, "after": after}}


def submitted(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """Own submissions, newest first."""
    query = request.query_params
    assert request.path_params["name"] == owner.name and query["sort"] == "new" and query["raw_json"] == "1"
    mine = [one for one in reversed(double.memory.posts) if one.owner == owner.id and not one.deleted]
    shown = [one for one in mine if one.seen_after <= 0]
    for one in mine:
        one.seen_after -= 1
    names = [one.name for one in shown]
    at, size = names.index(query["after"]) + 1 if query.get("after") else 0, int(query["limit"])
    page = shown[at : at + size]
    more = page[-1].name if at + size < len(shown) else None
    return _listing([_thing(one, owner.name) for one in page], more)


def info(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """Things by their full ids; deleted ones without their author."""
    wanted = request.query_params["id"].split(",")
    return _listing([_thing(one, owner.name) for one in double.memory.posts if one.name in wanted], None)


def flairs(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """The flairs of a subreddit."""
    return [{"id": FLAIR, "text": "Recipe", "type": "text"}, {"id": FLAIR[:-1] + "6", "text": "Question"}]


def lend(double: RedditDouble, owner: Person, request: Request, form: Mapping[str, str]) -> Any:
    """A place for a file."""
    number = double.memory.new_id()
    key = f"rte_images/{number}"
    double.memory.assets[number] = form["mimetype"]
    fields = [{"name": "key", "value": key}, {"name": "policy", "value": "p"}, {"name": "acl", "value": "private"}]
    return {
        "args": {"action": f"{double.url}/storage", "fields": fields},
        "asset": {"asset_id": number, "websocket_url": "w"},
    }


def store(double: RedditDouble, request: Request, form: Mapping[str, Any]) -> Response:
    """The storage: the fields must come along, and no token; it answers in XML."""
    if form.get("policy") != "p" or "authorization" in request.headers:
        return Response("<Error>AccessDenied</Error>", 403, media_type="application/xml")
    double.memory.uploads[form["key"]] = form["file"]
    return Response("<PostResponse/>", 201, media_type="application/xml")


def token(double: RedditDouble, request: Request, form: Mapping[str, str]) -> Response:
    """Tokens for a code; for a refresh token an access token alone."""
    if request.headers.get("authorization") != basic(*double.memory.app):
        return JSONResponse({"message": "Unauthorized", "error": 401}, 401)
    if not request.headers.get("user-agent", "").startswith("web:masthead:"):
        return JSONResponse({"message": "Too Many Requests", "error": 429}, 429)
    made = double.memory.exchanged(form)
    if form["grant_type"] == "refresh_token":
        double.memory.refresh.pop(made.pop("refresh_token"))
    return JSONResponse({"token_type": "bearer", "expires_in": 86_400, "scope": SCOPES} | made)


def revoke(double: RedditDouble, request: Request, form: Mapping[str, str]) -> Response:
    """The token no longer works; with a refresh token its access tokens end too."""
    if who := double.memory.refresh.get(form["token"]):
        double.memory.end(who)
    return Response(status_code=204)


def authorize(double: RedditDouble, request: Request, form: Mapping[str, str]) -> Response:
    """The page on which a person allows it, if what is asked for is right."""
    wanted = {"response_type": "code", "client_id": double.memory.app[0], "scope": SCOPES, "duration": "permanent"}
    right = all(form.get(name) == value for name, value in wanted.items()) and form.get("state")
    return HTMLResponse("Allow?" if right else "Something is wrong", 200 if right else 400)


def allow(double: RedditDouble, request: Request, form: Mapping[str, str]) -> Response:
    """What the page's button does."""
    code = double.memory.code(form["person"], form["redirect_uri"])
    return RedirectResponse(form["redirect_uri"] + "?" + urlencode({"state": form["state"], "code": code}))
