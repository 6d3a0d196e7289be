"""OpenAPI 3.0, Swagger 2.0 and Google's discovery documents in the words of OpenAPI 3.1, whose schemas are plain JSON Schema."""

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


def from_discovery(old: Mapping[str, Any]) -> dict[str, Any]:
    """A discovery document of Google's, as OpenAPI. Objects take no more than is described; uploads are addresses too."""
    paths: dict[str, Any] = {}
    for method in _methods(old):
        entry = _discovered(method, old.get("parameters", {}))
        upload = method.get("mediaUpload", {}).get("protocols", {}).get("simple", {}).get("path")
        for path in ("/" + method["path"].lstrip("/"), upload):
            if path:
                paths.setdefault(path.replace("{+", "{"), {})[method["httpMethod"].lower()] = entry
    return {"openapi": "3.1.0", "paths": paths, "schemas": {name: _shape(one) for name, one in old["schemas"].items()}}


def _methods(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    below = [one for inner in node.get("resources", {}).values() for one in _methods(inner)]
    return [*node.get("methods", {}).values(), *below]


def _discovered(method: Mapping[str, Any], everywhere: Mapping[str, Any]) -> dict[str, Any]:
    given = {**everywhere, **method.get("parameters", {})}
    shapes = {
        name: {"type": "string"} if one.get("repeated") else {k: one[k] for k in ("type", "enum") if k in one}
        for name, one in given.items()
    }
    body, answer = method.get("request"), method.get("response")
    return {
        "operationId": method["id"],
        "parameters": [
            {"name": name, "in": one["location"], "required": bool(one.get("required")), "schema": shapes[name]}
            for name, one in given.items()
        ],
        "responses": {
            "200": {"content": {"application/json": {"schema": _shape(answer)}} if answer else {}},
            "default": {},
        },
    } | _taken(body, method)


def _taken(body: Mapping[str, Any] | None, method: Mapping[str, Any]) -> dict[str, Any]:
    """What a request carries: what is described, else the file of an upload, else nothing."""
    if body:
        return {"requestBody": {"content": {"application/json": {"schema": _shape(body)}}}}
    return {"requestBody": {"content": {"*/*": {"schema": {}}}}} if "mediaUpload" in method else {}


def _shape(old: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in old:
        return {"$ref": f"#/schemas/{old['$ref']}"}
    new = {key: old[key] for key in ("type", "enum") if key in old and old[key] != "any"}
    if "properties" in old:
        new["properties"] = {name: _shape(one) for name, one in old["properties"].items()}
        new["additionalProperties"] = False
    elif isinstance(old.get("additionalProperties"), Mapping):
        new["additionalProperties"] = _shape(old["additionalProperties"])
    return new | ({"items": _shape(old["items"])} if "items" in old else {})
