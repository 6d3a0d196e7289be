"""OpenAPI 3.0 and Swagger 2.0 in the words of OpenAPI 3.1, whose schemas are plain JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

VERBS = ("get", "put", "post", "delete", "patch")


def modern(node: Any) -> Any:
    """OpenAPI 3.0's own words in JSON Schema's: nullable, exclusive bounds as booleans; binary strings are files."""
    if isinstance(node, list):
        return [modern(one) for one in node]
    if not isinstance(node, dict):
        return node
    new = {key: modern(value) for key, value in node.items()}
    if isinstance(new.get("nullable"), bool) and new.pop("nullable"):
        new = _with_null(new)
    for side, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(new.get(side), bool) and new.pop(side) and bound in new:
            new[side] = new.pop(bound)
    return new


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str) and not {"allOf", "anyOf", "oneOf"} & set(schema):
        more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return schema | {"type": [schema["type"], "null"]} | more
    return {"anyOf": [schema, {"type": "null"}]}


def as_version_3(old: Mapping[str, Any]) -> dict[str, Any]:
    """A Swagger 2.0 document with bodies, forms, answers and parameters where OpenAPI 3 has them."""
    paths = {
        path: {
            verb: _operation_3(entry, old) if verb in VERBS else [_parameter_3(one) for one in entry]
            for verb, entry in methods.items()
            if verb in (*VERBS, "parameters")
        }
        for path, methods in old["paths"].items()
    }
    return {"openapi": "3.0.0", "paths": paths, "definitions": old.get("definitions", {})}


def _operation_3(entry: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    given = entry.get("parameters", ())
    fields = [one for one in given if one.get("in") == "formData"]
    body = next((one for one in given if one.get("in") == "body"), None)
    takes = entry.get("consumes") or old.get("consumes") or ["application/json"]
    schema = body["schema"] if body else _form_3(fields)
    new = {
        "operationId": entry.get("operationId"),
        "parameters": [_parameter_3(one) for one in given if one.get("in") not in ("formData", "body")],
        "responses": {
            status: {"content": {"application/json": {"schema": one["schema"]}} if "schema" in one else {}}
            for status, one in entry.get("responses", {}).items()
        },
    }
    return new | ({"requestBody": {"content": {kind: {"schema": schema} for kind in takes}}} if given else {})


def _form_3(fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shape = {one["name"]: _parameter_3(one)["schema"] for one in fields}
    return {
        "type": "object",
        "properties": shape,
        "required": [one["name"] for one in fields if one.get("required")],
        "additionalProperties": False,
    }


def _parameter_3(one: Mapping[str, Any]) -> dict[str, Any]:
    outer = ("name", "in", "required", "description", "$ref", "schema")
    schema = {key: value for key, value in one.items() if key not in outer}
    if schema.get("type") == "file":
        schema = {"type": "string"}
    kept = {key: one[key] for key in outer if key in one}
    return kept if "$ref" in one or "schema" in one else kept | {"schema": schema}
