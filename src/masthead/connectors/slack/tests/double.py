"""A strict Slack for tests: real HTTP, state, rules, troubles to ask for. What passes is held against Slack's description."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from masthead.connectors.slack.operations import SCOPES
from masthead.connectors.slack.tests import shapes
from masthead.connectors.slack.tests.described import SlackDescribed
from masthead.connectors.slack.tests.memory import Fail, File, Memory, Message
from masthead.connectors.tests.checked import Checked, Declining
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

LATER = (
    "/oauth.v2.access",
    "/files.(getUploadURLExternal|completeUploadExternal)",
    "/upload/.*",
    "/oauth/.*",
    "/allow",
)
"""What the description of 2021 leaves out, or has in another form."""
SLACK = SlackDescribed("Slack", "slack-webapi-2021.json", prefix="/api", undescribed=LATER, strict_query=False)
CREATING = ("/api/chat.postMessage", "/api/files.completeUploadExternal")
ANSWERS = {
    Trouble.FAIL_BEFORE: Said(503, {"ok": False, "error": "service_unavailable"}),
    Trouble.LIMITED: Said(429, {"ok": False, "error": "ratelimited"}, lambda: {"Retry-After": "120"}),
    Trouble.TOKEN_EXPIRED: Said(200, {"ok": False, "error": "token_expired"}),
    Trouble.REFUSED: Said(200, {"ok": False, "error": "msg_too_long"}),
}
Told = Mapping[str, str]
NOT_UNDERSTOOD = Said(200, {"ok": False, "error": "invalid_arguments"})


class SlackDouble:
    """The server; `seen` keeps method and what it was told."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(
            Checked(Declining(self._app(), NOT_UNDERSTOOD), SLACK), lambda _, path: path in CREATING, ANSWERS
        )

    def start(self) -> None:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self.serving.stop()

    def asked(self, method: str) -> list[dict[str, str]]:
        """What the calls of a method were told."""
        return [told for name, told in self.seen if name == method]

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self._answer, methods=["GET", "POST"]),
                Route("/upload/{file}", self._upload, methods=["POST"]),
                Route("/oauth/v2/authorize", self._authorize, methods=["GET"]),
                Route("/allow", self._allow, methods=["GET"]),
            ]
        )

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        form = request.query_params if request.method == "GET" else await request.form()
        told = {name: str(value) for name, value in form.items()}
        self.seen.append((method, told))
        try:
            if method == "oauth.v2.access":
                return JSONResponse(exchanged(self, told))
            user = self.memory.owner(request.headers.get("authorization", ""))
            return JSONResponse({"ok": True, **PAGES[method](self, user, told)})
        except Fail as fail:
            return JSONResponse({"ok": False, "error": str(fail)})

    async def _upload(self, request: Request) -> Response:
        one = self.memory.files[request.path_params["file"]]
        one.content = await request.body()
        if len(one.content) != one.length:
            return PlainTextResponse("error", 400)
        return PlainTextResponse(f"OK - {one.length}")

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        right = asked.get("client_id") == self.memory.app[0] and asked.get("scope") == ",".join(SCOPES)
        return HTMLResponse("Masthead wants to post.", 200 if right else 400)

    async def _allow(self, request: Request) -> Response:
        asked, code = request.query_params, secrets.token_hex(8)
        self.memory.codes[code] = self.memory.bot()[0]
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code})}")


def exchanged(double: SlackDouble, told: Told) -> Any:
    """Tokens for a code or a refresh token; each is used once."""
    if (told.get("client_id"), told.get("client_secret")) != double.memory.app:
        raise Fail("bad_client_secret")
    if told["grant_type"] == "refresh_token":
        user = double.memory.refresh.pop(told["refresh_token"], "")
        if not user:
            raise Fail("invalid_refresh_token")
        return double.memory.grant(user)
    user = double.memory.codes.pop(told["code"], "")
    if not user:
        raise Fail("invalid_code")
    return double.memory.grant(user)


def who(double: SlackDouble, user: str, told: Told) -> Any:
    """Whose token it is."""
    return {
        "url": "https://bakery.slack.com/",
        "team": "Bakery",
        "user": "baker",
        "team_id": "T00000001A",
        "user_id": user,
    }


def channel_list(double: SlackDouble, user: str, told: Told) -> Any:
    """Public channels and private ones the bot is in, in pages."""
    seen = [one for one in double.memory.channels.values() if not one.private or user in one.members]
    seen = [one for one in seen if not one.archived]
    at, size = int(told.get("cursor", "0")), int(told["limit"])
    following = str(at + size) if at + size < len(seen) else ""
    shown = [shapes.channel(one, user) for one in seen[at : at + size]]
    return {"channels": shown, "response_metadata": {"next_cursor": following}}


def channel_info(double: SlackDouble, user: str, told: Told) -> Any:
    """One channel."""
    found = double.memory.channels.get(told["channel"])
    if not found or (found.private and user not in found.members):
        raise Fail("channel_not_found")
    return {"channel": shapes.channel(found, user)}


def join(double: SlackDouble, user: str, told: Told) -> Any:
    """Join a public channel."""
    place = double.memory.place(told["channel"])
    if place.private:
        raise Fail("method_not_supported_for_channel_type")
    place.members.add(user)
    return {"channel": shapes.channel(place, user)}


def post(double: SlackDouble, user: str, told: Told) -> Any:
    """Make a message."""
    place = double.memory.place(told["channel"], user)
    made = double.memory.post(user, place, told, [])
    return {"channel": place.id, "ts": made.ts, "message": shapes.message(made)}


def update(double: SlackDouble, user: str, told: Told) -> Any:
    """Change one's own message."""
    found = double.memory.message(double.memory.place(told["channel"], user), told["ts"])
    if found.user != user:
        raise Fail("cant_update_message")
    if len(told["text"]) > 4000:
        raise Fail("msg_too_long")
    found.text, found.metadata = told["text"], json.loads(told["metadata"])
    return {"channel": told["channel"], "ts": found.ts, "text": found.text, "message": {"text": found.text}}


def delete(double: SlackDouble, user: str, told: Told) -> Any:
    """Delete a message."""
    place = double.memory.place(told["channel"], user)
    place.messages.remove(double.memory.message(place, told["ts"]))
    return {"channel": place.id, "ts": told["ts"]}


def _listed(double: SlackDouble, place: Any, found: list[Message], told: Told) -> dict[str, Any]:
    found = found[::-1] if place.slow <= 0 else [one for one in found[::-1] if not one.files]
    place.slow -= 1
    oldest, latest = float(told.get("oldest", "0")), float(told.get("latest", "1e12"))
    found = [one for one in found if oldest <= float(one.ts) <= latest]
    at, size = int(told.get("cursor") or "0"), int(told["limit"])
    counts = {one.ts: sum(1 for other in place.messages if other.thread == one.ts) for one in found}
    more = at + size < len(found)
    messages = [shapes.message(one, 0 if one.thread else counts[one.ts]) for one in found[at : at + size]]
    following = {"response_metadata": {"next_cursor": str(at + size)}} if more else {}
    return {"messages": messages, "has_more": more, **following}


def messages(double: SlackDouble, user: str, told: Told) -> Any:
    """What stands in a channel itself, newest first."""
    place = double.memory.place(told["channel"], user)
    found = [one for one in place.messages if not one.thread]
    rest = {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}
    return _listed(double, place, found, told) | rest


def replies(double: SlackDouble, user: str, told: Told) -> Any:
    """A thread with its first message."""
    place = double.memory.place(told["channel"], user)
    found = [one for one in place.messages if told["ts"] in (one.thread, one.ts)]
    if not found:
        raise Fail("thread_not_found")
    return _listed(double, place, found, told)


def upload_url(double: SlackDouble, user: str, told: Told) -> Any:
    """Where a file is to be sent."""
    if len(told.get("alt_txt", "")) > 1000:
        raise Fail("alt_txt_too_large")
    one = File(double.memory.id("F"), told["filename"], int(told["length"]), told.get("alt_txt", ""))
    double.memory.files[one.id] = one
    return {"upload_url": f"{double.url}/upload/{one.id}", "file_id": one.id}


def share(double: SlackDouble, user: str, told: Told) -> Any:
    """Share uploaded files as one message; which one is not said."""
    place = double.memory.place(told["channel_id"], user)
    files = [double.memory.files[one["id"]] for one in json.loads(told["files"])]
    if not all(one.content for one in files):
        raise Fail("file_not_found")
    for one, given in zip(files, json.loads(told["files"]), strict=True):
        one.title = given["title"]
    double.memory.post(user, place, told, files)
    return {"files": [{"id": one.id, "title": one.title} for one in files]}


def delete_file(double: SlackDouble, user: str, told: Told) -> Any:
    """Delete a file."""
    if not double.memory.files.pop(told["file"], None):
        raise Fail("file_not_found")
    return {}


PAGES: dict[str, Callable[..., Any]] = {
    "auth.test": who,
    "conversations.list": channel_list,
    "conversations.info": channel_info,
    "conversations.join": join,
    "conversations.history": messages,
    "conversations.replies": replies,
    "chat.postMessage": post,
    "chat.update": update,
    "chat.delete": delete,
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": share,
    "files.delete": delete_file,
}
