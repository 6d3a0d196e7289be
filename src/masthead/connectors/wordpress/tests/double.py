"""A strict WordPress site for tests: real HTTP, with state, rules, and troubles to ask for. Checked by hand against WordPress 6.1."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import App, Receive, Said, Scope, Send, Troubled
from masthead.connectors.wordpress.tests.memory import Fail, Memory, Row, User

ANSWERS = {
    Trouble.FAIL_BEFORE: Said(500, Fail(500, "internal_server_error", "There has been a critical error.").body),
    Trouble.LIMITED: Said(429, Fail(429, "too_many_requests").body, lambda: {"Retry-After": "120"}),
    Trouble.REFUSED: Said(
        400, Fail(400, "rest_invalid_param", "Invalid parameter(s): title", params={"title": "no"}).body
    ),
}
RELEASING = re.compile(r"/wp/v2/posts/\d+")
PASSWORDS = {"application-passwords": {"endpoints": {"authorization": "/wp-admin/authorize-application.php"}}}


def releases(method: str, path: str) -> bool:
    """True for a call that changes a post: the one that publishes, where nothing is edited."""
    return method == "POST" and bool(RELEASING.fullmatch(path))


def drafts(method: str, path: str) -> bool:
    """True for a call that makes a post."""
    return method == "POST" and path == "/wp/v2/posts"


class Routed:
    """Reads the route out of the query, as WordPress does, before the app inside sees the request."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its route; other addresses lead nowhere."""
        asked = parse_qs(scope["query_string"].decode()) if scope["type"] == "http" else {}
        whole = scope["path"].removesuffix("/index.php") + asked.get("rest_route", ["/nothing"])[0]
        await self.app({**scope, "path": whole}, receive, send)


class WordPressDouble:
    """The site. `seen` keeps method, route and body of each request; it lies below `path` ("" at the root of the host).

    `anonymous`: False where a plugin closes the API to strangers; `passwords`: False where application passwords are off.
    """

    def __init__(self, path: str = "") -> None:
        self.memory, self.path = Memory(), path
        self.seen: list[tuple[str, str, Any]] = []
        self.anonymous = self.passwords = True
        self.serving = Serving()
        self.url = self.serving.url + path
        self.troubled = Troubled(self._app(), self._creates, ANSWERS)
        self.creates: Callable[[str, str], bool] = releases

    def start(self) -> None:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(Routed(self.troubled))

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self.serving.stop()

    def asked(self, method: str, route: str) -> list[Any]:
        """The bodies of the requests to a route."""
        return [body for how, where, body in self.seen if (how, where) == (method, route)]

    def _creates(self, method: str, path: str) -> bool:
        return self.creates(method, path.removeprefix(self.path))

    def _app(self) -> Starlette:
        pages: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/", index),
            ("GET", "/wp/v2/users/me", me),
            ("GET", "/wp/v2/categories", categories),
            ("POST", "/wp/v2/tags", tag),
            ("GET", "/wp/v2/media", files),
            ("POST", "/wp/v2/media", upload),
            ("POST", "/wp/v2/media/{id:int}", describe),
            ("GET", "/wp/v2/posts", listing),
            ("POST", "/wp/v2/posts", create),
            ("GET", "/wp/v2/posts/{id:int}", show),
            ("POST", "/wp/v2/posts/{id:int}", change),
            ("GET", "/wp/v2/comments", comments),
        )
        routes = [Route(self.path + path, self._page(handle), methods=[method]) for method, path, handle in pages]
        return Starlette(
            routes=[*routes, Route("/moved/", lambda _: RedirectResponse(f"{self.url}/index.php?rest_route=/"))]
        )

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            raw = await request.body()
            typed = request.headers.get("content-type", "") == "application/json"
            body = await request.json() if typed and raw else raw
            self.seen.append((request.method, request.url.path.removeprefix(self.path), body))
            told = {"Date": format_datetime(self.memory.now(), usegmt=True)}
            try:
                made, more = handle(self, request, body)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status, headers=told)
            return JSONResponse(made, 200, headers=told | more)

        return answer

    def who(self, request: Request) -> User | None:
        """Whose user name and application password these are; nobody's where they are wrong, as WordPress 6.1 has it."""
        kind, _, pair = request.headers.get("authorization", "").partition(" ")
        name, _, password = base64.b64decode(pair).decode().partition(":") if kind == "Basic" else ("", "", "")
        user = self.memory.users.get(name)
        found = user if user and self.passwords and user.password == password else None
        if not found and not self.anonymous:
            raise Fail(401, "rest_login_required", "REST API restricted to authenticated users.")
        return found

    def signed_in(self, request: Request, code: str) -> User:
        """The user, or a refusal with that code."""
        user = self.who(request)
        if not user:
            raise Fail(401, code, "Sorry, you are not allowed to do that.")
        return user


def index(double: WordPressDouble, request: Request, body: Any) -> Any:
    """What the site tells of itself."""
    double.who(request)
    told = {"name": "Bakery &amp; sons", "home": double.url, "url": double.url, "namespaces": ["oembed/1.0", "wp/v2"]}
    return told | {"authentication": PASSWORDS if double.passwords else [], "site_icon_url": ""}, {}


def me(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Who am I?"""
    user = double.signed_in(request, "rest_not_logged_in")
    told = {
        "id": user.id,
        "username": user.name,
        "slug": user.name,
        "name": user.name.title(),
        "avatar_urls": {"96": ""},
    }
    return told | {"capabilities": dict.fromkeys(sorted(user.rights), True) or []}, {}


def categories(double: WordPressDouble, request: Request, body: Any) -> Any:
    """The site's categories."""
    return [
        {"id": number, "name": name, "parent": parent} for number, (name, parent) in double.memory.categories.items()
    ], {}


def tag(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Make a tag."""
    double.signed_in(request, "rest_cannot_create")
    return {"id": double.memory.tag(body["name"])}, {}


def files(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Files of that name in the library."""
    slug = request.query_params["slug"]
    return [_file(double, one) for one in double.memory.rows.values() if (one.kind, one.slug) == ("file", slug)], {}


def upload(double: WordPressDouble, request: Request, body: bytes) -> Any:
    """A file into the library."""
    user = double.signed_in(request, "rest_cannot_create")
    named = re.fullmatch(r'attachment; filename="([a-z0-9-]+\.[a-z0-9]+)"', request.headers["content-disposition"])
    assert named
    mime, slug = request.headers["content-type"], request.query_params.get("slug", "")
    return _file(double, double.memory.upload(user, named[1], mime, slug, body)), {}


def describe(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Tell what a picture shows."""
    double.signed_in(request, "rest_cannot_edit")
    one = double.memory.row(request.path_params["id"], "file")
    one.fields |= body
    return _file(double, one), {}


def create(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Make a post."""
    return _post(double, double.memory.create(double.signed_in(request, "rest_cannot_create"), body)), {}


def show(double: WordPressDouble, request: Request, body: Any) -> Any:
    """One post, to be edited."""
    double.signed_in(request, "rest_forbidden_context")
    return _post(double, double.memory.row(request.path_params["id"])), {}


def change(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Change a post, or delete it where the header says so."""
    one = double.memory.row(request.path_params["id"])
    if request.headers.get("x-http-method-override") == "DELETE":
        user = double.signed_in(request, "rest_cannot_delete")
        double.memory.trash(user, one, force=request.query_params.get("force") == "true")
        return {"id": one.id}, {}
    double.memory.change(double.signed_in(request, "rest_cannot_edit"), one, body)
    return _post(double, one), {}


def listing(double: WordPressDouble, request: Request, body: Any) -> Any:
    """Somebody's posts, newest first. Those one may not edit count and are left out."""
    asked, user = request.query_params, double.who(request)
    statuses = set(asked.get("status", "publish").split(","))
    if statuses != {"publish"} and not user:
        raise Fail(400, "rest_invalid_param", "Invalid parameter(s): status", params={"status": "Status is forbidden."})
    if asked.get("context") == "edit" and not user:
        raise Fail(401, "rest_forbidden_context", "Sorry, you are not allowed to edit posts in this post type.")
    found = [one for one in double.memory.rows.values() if one.kind == "post" and str(one.owner) == asked["author"]]
    found = [one for one in found if one.status in statuses or ("any" in statuses and one.status != "trash")]
    found = [one for one in found if str(one.id) in asked.get("include", str(one.id)).split(",")]
    by_date = asked.get("orderby") == "date"
    found.sort(key=lambda one: (one.date or one.modified, one.id) if by_date else one.id, reverse=True)  # type: ignore[arg-type,return-value]
    size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
    pages = -(-len(found) // size)
    if page > max(pages, 1):
        raise Fail(
            400, "rest_post_invalid_page_number", "The page number requested is larger than the number of pages."
        )
    readable = [one for one in found[(page - 1) * size : page * size] if _may_edit(user, one)]
    return [_post(double, one) for one in readable], {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}


def comments(double: WordPressDouble, request: Request, body: Any) -> Any:
    """How many comments a post has."""
    total = double.memory.comments.get(int(request.query_params["post"]), 0)
    return [{"id": 1}][:total], {"X-WP-Total": str(total), "X-WP-TotalPages": str(total)}


def _may_edit(user: User | None, one: Row) -> bool:
    return bool(user and ("edit_published_posts" in user.rights or one.status != "publish"))


def _file(double: WordPressDouble, one: Row) -> dict[str, Any]:
    return {"id": one.id, "slug": one.slug, "source_url": f"{double.url}/wp-content/uploads/{one.fields['name']}"}


def _post(double: WordPressDouble, one: Row) -> dict[str, Any]:
    return {
        "id": one.id,
        "status": one.status,
        "slug": one.slug,
        "link": f"{double.url}/{one.slug}/" if one.status == "publish" else f"{double.url}/?p={one.id}",
        "title": {"raw": one.fields.get("title", "")},
        "content": {"raw": one.fields.get("content", "")},
        "date_gmt": (one.date or one.modified).isoformat().removesuffix("+00:00"),
        "modified_gmt": one.modified.isoformat().removesuffix("+00:00"),
    }
