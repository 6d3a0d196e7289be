"""The check against a description notices what is wrong: a small description of ours, in all three versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from masthead.connectors.tests import described
from masthead.connectors.tests.checked import App, Checked, Declining
from masthead.connectors.tests.described import Described, Told
from masthead.connectors.tests.troubles import Said
from masthead.tests.tally import counted, tally

NOTE = {
    "type": "object",
    "properties": {"text": {"type": "string", "nullable": True}, "stars": {"type": "integer", "minimum": 1}},
    "required": ["text"],
    "additionalProperties": False,
}
TAGS = {"name": "tags", "in": "query", "explode": False, "schema": {"type": "array", "items": {"enum": ["a", "b"]}}}
IDENT = {"name": "id", "in": "path", "required": True, "schema": {"$ref": "#/components/schemas/Id"}}
THREE = {
    "openapi": "3.0.0",
    "components": {"schemas": {"Note": NOTE, "Id": {"type": "string", "pattern": "^[0-9]+$"}}},
    "paths": {
        "/notes": {
            "post": {
                "operationId": "write",
                "requestBody": {
                    "required": True,
                    "content": {
                        kind: {"schema": {"$ref": "#/components/schemas/Note"}}
                        for kind in ("application/json", "application/x-www-form-urlencoded")
                    },
                },
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
                },
            }
        },
        "/notes/{id}": {"parameters": [IDENT], "get": {"operationId": "read", "parameters": [TAGS], "responses": {}}},
        "/notes/last": {"get": {"operationId": "last", "responses": {}}},
    },
}
TWO = {
    "swagger": "2.0",
    "paths": {
        "/notes": {
            "post": {
                "operationId": "write",
                "consumes": ["application/x-www-form-urlencoded"],
                "parameters": [
                    {"name": "text", "in": "formData", "type": "string", "required": True},
                    {"name": "stars", "in": "formData", "type": "integer"},
                ],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Done"}}},
            }
        }
    },
    "definitions": {"Done": {"type": "object", "required": ["ok"], "properties": {"ok": {"type": "boolean"}}}},
}


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Described:
    return made(THREE, tmp_path, monkeypatch)


def made(document: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Described:
    monkeypatch.setattr(described, "FOLDER", folder)
    monkeypatch.setattr(described, "KNOWN", {})
    (folder / "notes.json").write_text(json.dumps(document))
    return Described("Notes", "notes.json", prefix="/v1", undescribed=("/sign-in/.*",))


def post(body: Any, kind: str = "application/json") -> Told:
    return Told("POST", "/v1/notes", (), body, kind)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (post({"text": "Bread"}), ""),
        (post({"text": None}), ""),
        (post({"text": 7}), "text: 7 is not of type"),
        (post({"stars": 1}), "'text' is a required property"),
        (post({"text": "Bread", "colour": "red"}), "colour"),
        (post({"text": "Bread", "stars": 0}), "less than the minimum"),
        (post(None), "the body is missing"),
        (post("Bread", "text/plain"), "a body of type text/plain is not described"),
        (post([("text", "Bread"), ("stars", "3")], FORM), ""),
        (post([("text", "Bread"), ("stars", "many")], FORM), "stars"),
        (Told("GET", "/v1/notes/12", [("tags", "a,b")]), ""),
        (Told("GET", "/v1/notes/12", [("tags", "a,c")]), "'c' is not one of"),
        (Told("GET", "/v1/notes/12", [("colour", "red")]), "query colour is not described"),
        (Told("GET", "/v1/notes/x"), "path id"),
        (Told("GET", "/v1/notes/last"), ""),
        (Told("GET", "/v1/notes/12", (), {"text": "x"}, "application/json"), "a body was sent where none"),
        (Told("PUT", "/v1/notes/12"), "is not described"),
        (Told("GET", "/v1/sign-in/page"), ""),
    ],
)
def test_requests(three: Described, told: Told, word: str) -> None:
    problems = three.check_request(told)
    assert bool(problems) == bool(word), problems
    assert word in "".join(problems)
    assert three.wrong == problems


def test_answers(three: Described) -> None:
    assert three.check_answer(post({}), 201, {"text": "Bread"}) == []
    assert "required" in three.check_answer(post({}), 201, {})[0]
    assert "status 500 is not described" in three.check_answer(post({}), 500, None)[0]
    assert three.answers["write"] == 3


def test_swagger_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = made(TWO, tmp_path, monkeypatch)
    assert two.check_request(post([("text", "Bread"), ("stars", "2")], FORM)) == []
    assert "'text' is a required property" in two.check_request(post([("stars", "2")], FORM))[0]
    assert "'ok' is a required property" in two.check_answer(post([]), 200, {"done": 1})[0]


async def test_the_door_checks_what_passes(three: Described) -> None:
    async def write(request: Request) -> JSONResponse:
        return JSONResponse({"text": 7} if (await request.json())["text"] == "Bad" else {"text": "Bread"}, 201)

    app = Checked(Starlette(routes=[Route("/v1/notes", write, methods=["POST"])]), three)
    assert await asked(app, {"text": "Good"}) == {"text": "Bread"}
    assert three.wrong == []
    await asked(app, {"text": "Bad"})
    assert three.wrong == ["write: answer 201: text: 7 is not of type 'string', 'null'"]
    assert tally(counted(described.KNOWN)) == [
        "Notes: 2 requests and 2 answers checked against notes.json, 1 operations, 1 not as described"
    ]


async def test_what_a_double_does_not_understand_is_refused() -> None:
    async def write(request: Request) -> JSONResponse:
        return JSONResponse((await request.json())["stars"])

    app = Declining(Starlette(routes=[Route("/v1/notes", write, methods=["POST"])]), Said(400, {"error": "No"}))
    assert await asked(app, {"stars": 3}) == 3
    assert await asked(app, {"text": "Bread"}) == {"error": "No"}


async def asked(app: App, body: Any) -> Any:
    """The answer to one request, without a network."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/notes", "query_string": b"", "http_version": "1.1"}
    await app(scope | {"headers": [(b"content-type", b"application/json")]}, receive, send)
    return json.loads(sent[1]["body"])


def test_without_the_description_nothing_is_checked(
    three: Described, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(described, "FOLDER", tmp_path / "away")
    assert three.check_request(post(None)) == [] and not three.requests
    with pytest.raises(pytest.skip.Exception, match="MASTHEAD_CONTRACTS"):
        three.needed()
