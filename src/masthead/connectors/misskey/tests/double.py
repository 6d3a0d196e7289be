"""A strict Misskey server for tests: real HTTP, with state, rules, and troubles to ask for. Written by hand from Misskey's own code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from masthead.connectors.misskey.tests.memory import Fail, File, Memory, Note, Person
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.serving import Serving
from masthead.connectors.tests.troubles import Said, Troubled

ANSWERS = {
    Trouble.FAIL_BEFORE: Said(500, Fail(500, "INTERNAL_ERROR", "Internal error occurred.").body),
    Trouble.LIMITED: Said(429, Fail(429, "RATE_LIMIT_EXCEEDED").body, lambda: {"Retry-After": "120"}),
    Trouble.REFUSED: Said(400, Fail(400, "CONTAINS_PROHIBITED_WORDS").body),
}


class MisskeyDouble:
    """The server; `seen` keeps path and body of each request. `since_known` set to False ignores `sinceDate`, as a server may."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.since_known = True
        self.serving = Serving()
        self.url = self.serving.url
        self.troubled = Troubled(self._app(), _creates, ANSWERS)

    def start(self) -> None:
        """Listen on a free port, in a thread of its own."""
        self.serving.start(self.troubled)

    def stop(self) -> None:
        """Stop listening and end the thread."""
        self.serving.stop()

    def asked(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the requests to an address."""
        return [body for where, body in self.seen if where == path]

    def _app(self) -> Starlette:
        pages: tuple[tuple[str, Callable[..., Any]], ...] = (
            ("/api/i", me),
            ("/api/meta", meta),
            ("/api/drive/files/create", upload),
            ("/api/notes/create", create),
            ("/api/notes/show", show),
            ("/api/notes/delete", delete),
            ("/api/users/notes", listing),
        )
        return Starlette(routes=[Route(path, self._page(handle), methods=["POST"]) for path, handle in pages])

    def _page(self, handle: Callable[..., Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            body = await _body(request)
            self.seen.append((request.url.path, body))
            told = {"Date": format_datetime(self.memory.now().astimezone(UTC), usegmt=True)}
            try:
                made = handle(self, body)
            except Fail as fail:
                return JSONResponse(fail.body, fail.status, headers=told)
            return Response(status_code=204, headers=told) if made is None else JSONResponse(made, headers=told)

        return answer


def _creates(method: str, path: str) -> bool:
    return path == "/api/notes/create"


async def _body(request: Request) -> dict[str, Any]:
    """JSON, or a form up to its file: what stands behind the file is not read."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    fields: dict[str, Any] = {}
    for name, value in (await request.form(max_part_size=64_000_000)).multi_items():
        if not isinstance(value, str):
            return fields | {name: (value.content_type, await value.read())}
        fields[name] = value
    return fields


def me(double: MisskeyDouble, body: dict[str, Any]) -> Any:
    """Who am I?"""
    person = double.memory.owner(body.get("i"))
    return {"id": person.id, "username": person.username, "name": None, "host": None, "policies": {"maxFileSizeMb": 30}}


def meta(double: MisskeyDouble, body: dict[str, Any]) -> Any:
    """What the server tells about itself."""
    return {"uri": double.url, "version": "2026.10.0", "maxNoteTextLength": double.memory.text_limit}


def upload(double: MisskeyDouble, body: dict[str, Any]) -> Any:
    """A file into the drive."""
    person = double.memory.owner(body.get("i"))
    type_, content = body["file"]
    return _file(double, double.memory.upload(person, body, type_, content))


def create(double: MisskeyDouble, body: dict[str, Any]) -> Any:
    """Make a note."""
    person = double.memory.owner(body.get("i"))
    return {"createdNote": _note(double, double.memory.create(person, body))}


def show(double: MisskeyDouble, body: dict[str, Any]) -> Any:
    """One note."""
    double.memory.owner(body.get("i"))
    return _note(double, double.memory.note(body.get("noteId")))


def delete(double: MisskeyDouble, body: dict[str, Any]) -> None:
    """Delete one's own note."""
    person, note = double.memory.owner(body.get("i")), double.memory.note(body.get("noteId"))
    if note.owner != person.id:
        raise Fail(400, "ACCESS_DENIED", "Access denied.")
    double.memory.notes.remove(note)


def listing(double: MisskeyDouble, body: dict[str, Any]) -> Any:
    """Somebody's notes, newest first; from a moment or an id on, oldest first. Replies only where they are asked for."""
    person: Person = double.memory.owner(body.get("i"))
    own = [one for one in double.memory.notes if one.owner == body["userId"] == person.id]
    own = [one for one in own if body.get("withReplies") or not one.body.get("replyId")]
    own = [one for one in own if body.get("withRenotes", True) or not one.body.get("renoteId")]
    limit = int(body.get("limit", 10))
    if body.get("sinceId"):
        chosen = [one for one in own if one.id > body["sinceId"]][:limit]
    elif body.get("sinceDate") and double.since_known:
        start = datetime.fromtimestamp(body["sinceDate"] / 1000, UTC)
        chosen = [one for one in own if one.at > start][:limit]
    else:
        chosen = [one for one in reversed(own) if one.id < body.get("untilId", "~")][:limit]
    return [_note(double, one) for one in chosen]


def _file(double: MisskeyDouble, one: File) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "url": f"{double.url}/files/{one.id}",
        "comment": one.comment,
        "isSensitive": one.sensitive,
    }


def _note(double: MisskeyDouble, one: Note) -> dict[str, Any]:
    poll = one.body.get("poll")
    shown = {name: one.body.get(name) for name in ("text", "cw", "replyId", "renoteId", "visibility")}
    return (
        shown
        | {
            "id": one.id,
            "createdAt": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "userId": one.owner,
            "files": [_file(double, file) for file in one.files],
            "reactions": one.reactions,
            "reactionCount": sum(one.reactions.values()),
            "renoteCount": 0,
            "repliesCount": sum(other.body.get("replyId") == one.id for other in double.memory.notes),
        }
        | ({"poll": {"choices": [{"text": text, "votes": 0} for text in poll["choices"]]}} if poll else {})
    )
