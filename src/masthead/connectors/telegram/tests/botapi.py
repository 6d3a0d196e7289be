"""The description of the Bot API (its methods and types, as read from Telegram's page) in the words of OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from masthead.connectors.tests import described
from masthead.connectors.tests.described import Described

PLAIN = {"Integer": "integer", "String": "string", "Boolean": "boolean", "Float": "number", "True": "boolean"}
LIST = "Array of "
TEXT = {"type": "string"}
REFUSAL = {
    "type": "object",
    "properties": {
        "ok": {"const": False},
        "error_code": {"type": "integer"},
        "description": {"type": "string"},
        "parameters": {"$ref": "#/components/schemas/ResponseParameters"},
    },
    "required": ["ok", "error_code", "description"],
}


class BotApi(Described):
    """`Described` for a file of methods and types."""

    @cached_property
    def _document(self) -> dict[str, Any]:
        told = json.loads((described.FOLDER / self.file).read_text())
        return {
            "openapi": "3.1.0",
            "paths": {f"/bot{{token}}/{name}": {"post": method(name, one)} for name, one in told["methods"].items()},
            "components": {"schemas": {name: shape(one) for name, one in told["types"].items()}},
        }


def method(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """A method as an operation, taken as JSON or as a form in which what is not plain stands as text."""
    fields = one.get("fields", ())
    good = {
        "type": "object",
        "properties": {"ok": {"const": True}, "result": types(one["returns"])},
        "required": ["ok", "result"],
    }
    return {
        "operationId": name,
        "parameters": [{"name": "token", "in": "path", "schema": {"type": "string", "pattern": r"^\d+:[\w-]{30,}$"}}],
        "requestBody": {
            "content": {
                "application/json": {"schema": record(fields)},
                "multipart/form-data": {"schema": record(fields, as_text=True)},
            }
        },
        "responses": {
            "200": {"content": {"application/json": {"schema": good}}},
            "default": {"content": {"application/json": {"schema": REFUSAL}}},
        },
    }


def shape(one: Mapping[str, Any]) -> dict[str, Any]:
    """A type: a record, one of several, or (InputFile) the name of a file."""
    if one.get("subtypes"):
        return {"anyOf": [types([name]) for name in one["subtypes"]]}
    return record(one["fields"]) if one.get("fields") else {"type": ["string", "object"]}


def record(fields: Sequence[Mapping[str, Any]], *, as_text: bool = False) -> dict[str, Any]:
    """An object with these fields and no others; in a form also files of an album by names of their own."""
    kinds = {one["name"]: types(one["types"]) for one in fields}
    if as_text:
        kinds = {name: kind if kind.get("type", "array") != "array" else TEXT for name, kind in kinds.items()}
    required = [one["name"] for one in fields if one["required"]]
    made = {"type": "object", "properties": kinds, "required": required, "additionalProperties": False}
    return made | ({"patternProperties": {r"^file\d+$": TEXT}} if as_text else {})


def types(names: Sequence[str]) -> dict[str, Any]:
    """One of several types; lists of several types are one list, as an album mixes pictures and videos."""
    lists = [one.removeprefix(LIST) for one in names if one.startswith(LIST)]
    if lists:
        return {"type": "array", "items": types(lists)}
    if all(one in PLAIN for one in names):
        kinds = [PLAIN[one] for one in names]
        return {"type": kinds[0] if len(kinds) == 1 else kinds}
    return {"anyOf": [types([one]) if one in PLAIN else {"$ref": f"#/components/schemas/{one}"} for one in names]}
