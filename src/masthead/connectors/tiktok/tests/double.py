"""A strict TikTok for tests: real HTTP, state, rules, troubles, after the pages of TikTok for Developers (see README.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.tests.app_memory import Denied, Person
from masthead.connectors.tests.harness import Stored, Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled
from masthead.connectors.tiktok.tests.memory import Fail, Memory, Post

SCOPES = "user.info.basic,video.publish,video.list"
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
MEGABYTE = 1024 * 1024
COUNTS = {"view_count", "like_count", "comment_count", "share_count"}
FIELDS = COUNTS | {"id", "create_time", "title", "video_description", "share_url", "cover_image_url", "duration"}


def _error(code: str) -> dict[str, Any]:
    return {"data": {}, "error": {"code": code, "message": "", "log_id": "2026"}}


ANSWERS = {
    Trouble.FAIL_BEFORE: Said(500, _error("internal_error")),
    Trouble.LIMITED: Said(429, _error("rate_limit_exceeded"), lambda: {"Retry-After": "120"}),
    Trouble.TOKEN_EXPIRED: Said(401, _error("access_token_invalid")),
    Trouble.REFUSED: Said(400, _error("invalid_params")),
}


class TikTokDouble:
    """The server. `seen` keeps path and body of each request to the API."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, Any]] = []
        self.scopes = SCOPES
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(self._app(), _creates, ANSWERS)

    def start(self) -> TikTokDouble:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)
        return self

    def stop(self) -> None:
        """Stop listening."""
        self.serving.stop()

    def stored(self, who: str) -> Sequence[Stored]:
        """The posts of an account that are out."""
        mine = [one for one in self.memory.posts if one.owner == who and one.out]
        return [Stored(one.id, one.text, ("",)) for one in mine]

    def asked(self, path: str) -> list[Any]:
        """The bodies of the requests to an address."""
        return [body for where, body in self.seen if where == path]

    def _app(self) -> Starlette:
        pages: tuple[tuple[str, str, Callable[..., Any]], ...] = (
            ("GET", "/v2/user/info/", me),
            ("POST", "/v2/post/publish/creator_info/query/", creator),
            ("POST", "/v2/post/publish/video/init/", begin_video),
            ("POST", "/v2/post/publish/content/init/", post_photos),
            ("POST", "/v2/post/publish/status/fetch/", status),
            ("POST", "/v2/video/list/", listing),
            ("POST", "/v2/video/query/", by_id),
        )
        routes = [Route(path, self._page(handle), methods=[verb]) for verb, path, handle in pages]
        plain = (("POST", "/v2/oauth/token/", token), ("POST", "/v2/oauth/revoke/", revoke))
        plain += (("GET", "/v2/auth/authorize/", authorize), ("GET", "/allow", allow))
        routes += [Route(path, self._open(handle), methods=[verb]) for verb, path, handle in plain]
        return Starlette(routes=[*routes, Route("/upload/{number}", self._chunk, methods=["PUT"])])

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = await request.json() if request.method == "POST" else None
            self.seen.append((request.url.path, body))
            try:
                owner = self.memory.owner(request.headers.get("authorization", ""))
                data = handle(self, owner, request, body)
            except Denied:
                return JSONResponse(_error("access_token_invalid"), 401)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status)
            return JSONResponse({"data": data, "error": {"code": "ok", "message": "", "log_id": "2026"}})

        return answer

    def _open(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            form = await request.form() if request.method == "POST" else request.query_params
            try:
                return handle(self, {name: str(value) for name, value in form.items()})  # type: ignore[no-any-return]
            except Denied:
                return JSONResponse({"error": "invalid_grant", "error_description": "It is expired.", "log_id": "1"})

        return answer

    async def _chunk(self, request: Request) -> Response:
        """One chunk: in order, of the size that was told, and without a token."""
        post = next(one for one in self.memory.posts if one.number == request.path_params["number"])
        part, told = await request.body(), RANGE.fullmatch(request.headers["content-range"])
        assert told and "authorization" not in request.headers
        start, end, size = (int(one) for one in told.groups())
        if start != len(post.content) or size != post.size or len(part) != end - start + 1:
            return Response(status_code=416)
        post.content += part
        return Response(status_code=201 if end == size - 1 else 206)


def _creates(method: str, path: str) -> bool:
    return path == "/v2/post/publish/content/init/"


def me(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """Who am I?"""
    assert request.query_params["fields"] == "open_id,display_name,avatar_url"
    return {
        "user": {"open_id": owner.id, "display_name": owner.name.title(), "avatar_url": "https://p.tiktok.example/1"}
    }


def creator(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """What the account allows."""
    return {"creator_username": owner.name, "creator_nickname": owner.name.title(), **double.memory.allowed}


def begin_video(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """Begin a video; sizes and counts of chunks must be right."""
    source = body["source_info"]
    size, chunk = source["video_size"], source["chunk_size"]
    whole = chunk == size and size <= 64 * MEGABYTE
    if source["source"] != "FILE_UPLOAD" or not (whole or 5 * MEGABYTE <= chunk <= 64 * MEGABYTE):
        raise Fail(400, "invalid_params", "The chunk size is invalid.")
    if source["total_chunk_count"] != max(1, size // chunk):
        raise Fail(400, "invalid_params", "The total chunk count is invalid.")
    post = double.memory.begin(owner, body, size)
    return {"publish_id": post.number, "upload_url": f"{double.url}/upload/{post.number}"}


def post_photos(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """Photos to be fetched."""
    images = body["source_info"]["photo_images"]
    right = (body["media_type"], body["post_mode"], body["source_info"]["source"])
    if right != ("PHOTO", "DIRECT_POST", "PULL_FROM_URL") or not 0 < len(images) <= 35:
        raise Fail(400, "invalid_params")
    if not all(one.startswith("https://files.masthead.example/") for one in images):
        raise Fail(403, "url_ownership_unverified")
    return {"publish_id": double.memory.begin(owner, body, 0).number}


def status(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """How far TikTok is with a post. Only posts for everyone get an id that is told."""
    post = next((one for one in double.memory.posts if one.number == body["publish_id"]), None)
    if not post or post.owner != owner.id:
        raise Fail(400, "invalid_publish_id")
    post.left -= 1
    if post.fail_reason:
        return {"status": "FAILED", "fail_reason": post.fail_reason}
    if post.left > 0 or not post.out:
        return {"status": "PROCESSING_UPLOAD" if post.size else "PROCESSING_DOWNLOAD"}
    shown = post.info["privacy_level"] == "PUBLIC_TO_EVERYONE" and not double.memory.moderating
    return {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [int(post.id)] if shown else []}


def _video(post: Post, name: str) -> dict[str, Any]:
    counts = {"view_count": 100, "like_count": 5, "comment_count": 1, "share_count": 2}
    text = post.text[:150]
    told = {"id": post.id, "create_time": int(post.at.timestamp()), "title": text, "video_description": text}
    kind = "video" if post.size else "photo"
    return (
        told | counts | {"share_url": f"https://www.tiktok.com/@{name}/{kind}/{post.id}", "duration": min(post.size, 9)}
    )


def listing(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """Public posts, newest first. The cursor is a place here, a time at TikTok: a number in any case."""
    if not set(request.query_params["fields"].split(",")) <= FIELDS or not 0 < body["max_count"] <= 20:
        raise Fail(400, "invalid_params")
    at, shown = body.get("cursor", 0), double.memory.public(owner)
    page = shown[at : at + body["max_count"]]
    more = at + len(page) < len(shown)
    return {"videos": [_video(one, owner.name) for one in page], "cursor": at + len(page), "has_more": more}


def by_id(double: TikTokDouble, owner: Person, request: Request, body: Any) -> Any:
    """Posts by their ids."""
    wanted = body["filters"]["video_ids"]
    return {"videos": [_video(one, owner.name) for one in double.memory.public(owner) if one.id in wanted]}


def token(double: TikTokDouble, form: Mapping[str, str]) -> Response:
    """Tokens for a code or a refresh token; errors come with 200."""
    if (form.get("client_key"), form.get("client_secret")) != double.memory.app:
        raise Denied
    told = {"token_type": "Bearer", "expires_in": 7200, "refresh_expires_in": 15_552_000, "scope": double.scopes}
    return JSONResponse(told | {"open_id": "-"} | double.memory.exchanged(form))


def revoke(double: TikTokDouble, form: Mapping[str, str]) -> Response:
    """The token no longer works."""
    double.memory.forget(form["token"])
    return Response(status_code=200)


def authorize(double: TikTokDouble, form: Mapping[str, str]) -> Response:
    """The page on which a person allows it, if what is asked for is right."""
    wanted = {"response_type": "code", "client_key": double.memory.app[0], "scope": SCOPES}
    right = all(form.get(name) == value for name, value in wanted.items()) and form.get("state")
    return HTMLResponse("Authorize?" if right else "Something is wrong", 200 if right else 400)


def allow(double: TikTokDouble, form: Mapping[str, str]) -> Response:
    """What the page's button does."""
    code = double.memory.code(form["person"], form["redirect_uri"])
    query = {"state": form["state"], "code": code, "scopes": double.scopes}
    return RedirectResponse(form["redirect_uri"] + "?" + urlencode(query))
