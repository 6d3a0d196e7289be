"""Google's discovery documents in the words of OpenAPI 3.1. https://developers.google.com/discovery/v1/type-format, read 2026-11-24.

Objects take no more than is described. What is sent is held against shapes of its own for each method: without the fields that
only Google writes, and with those that the method wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FORMATS: Mapping[str, Mapping[str, Any]] = {
    "date-time": {"format": "date-time"},
    "google-datetime": {"format": "date-time"},
    "google-fieldmask": {"pattern": r"^[\w.]+(,[\w.]+)*$"},
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "uint32": {"minimum": 0, "maximum": 2**32 - 1},
    "int64": {"pattern": r"^-?\d+$"},
    "uint64": {"pattern": r"^\d+$"},
}
"""Numbers of 64 bits are written as texts. Other formats are not checked."""
ANYTHING = {"requestBody": {"content": {"*/*": {"schema": {}}}}}


def from_discovery(old: Mapping[str, Any]) -> dict[str, Any]:
    """A discovery document as OpenAPI. Methods that take a file have the address of uploads too."""
    paths: dict[str, Any] = {}
    sent: dict[str, Any] = {}
    for method in _methods(old):
        if "request" in method:
            sent[method["id"]] = _sent(old["schemas"], method)
        entry = _entry(method, old.get("parameters", {}))
        upload = method.get("mediaUpload", {}).get("protocols", {}).get("simple", {}).get("path")
        for path in (_flat(method), upload):
            if path:
                paths.setdefault(path, {})[method["httpMethod"].lower()] = entry
    shapes = {name: _shape(one, "#/schemas") for name, one in old["schemas"].items()}
    return {"openapi": "3.1.0", "paths": paths, "schemas": shapes, "sent": sent}


def _methods(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    below = [one for inner in node.get("resources", {}).values() for one in _methods(inner)]
    return [*node.get("methods", {}).values(), *below]


def _flat(method: Mapping[str, Any]) -> str:
    """The path with one name for each part: a name such as {+parent} holds several parts, and a slash."""
    path = str(method["path"])
    return "/" + str(method.get("flatPath", path) if "{+" in path else path).lstrip("/")


def _entry(method: Mapping[str, Any], everywhere: Mapping[str, Any]) -> dict[str, Any]:
    given, answer = {**everywhere, **method.get("parameters", {})}, method.get("response")
    told = {"content": {"application/json": {"schema": _shape(answer, "#/schemas")}} if answer else {}}
    return {
        "operationId": method["id"],
        "parameters": [_parameter(name, one) for name, one in given.items()],
        "responses": {"200": told, "default": {}},
    } | _taken(method)


def _parameter(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"type": "string"} if one.get("repeated") else _plain(one)
    return {"name": name, "in": one["location"], "required": bool(one.get("required")), "schema": schema}


def _taken(method: Mapping[str, Any]) -> dict[str, Any]:
    """What a request carries: what is described, else the file of an upload, else nothing."""
    if "request" not in method:
        return ANYTHING if "mediaUpload" in method else {}
    schema = {"$ref": f"#/sent/{method['id']}/{method['request']['$ref']}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _sent(schemas: Mapping[str, Any], method: Mapping[str, Any]) -> dict[str, Any]:
    """The shapes that a method's request leads to."""
    found: dict[str, Any] = {}
    waiting = [method["request"]["$ref"]]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _shape(schemas[name], f"#/sent/{method['id']}", method["id"])
            waiting += _names(schemas[name])
    return found


def _names(node: Any) -> list[str]:
    """The names of all shapes that a shape refers to."""
    if isinstance(node, list):
        return [name for one in node for name in _names(one)]
    if not isinstance(node, Mapping):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [name for one in node.values() for name in _names(one)]


def _shape(old: Mapping[str, Any], home: str, method: str = "") -> Any:
    """A schema whose references lead to `home`. `method`: the one that sends it, "" for answers."""
    if method and old.get("readOnly"):
        return False
    if "$ref" in old:
        return {"$ref": f"{home}/{old['$ref']}"}
    new = _plain(old)
    if "properties" in old:
        new["properties"] = {name: _shape(one, home, method) for name, one in old["properties"].items()}
        new["additionalProperties"] = False
        new["required"] = [name for name, one in old["properties"].items() if method and _wanted(one, method)]
    elif isinstance(old.get("additionalProperties"), Mapping):
        new["additionalProperties"] = _shape(old["additionalProperties"], home, method)
    return new | ({"items": _shape(old["items"], home, method)} if "items" in old else {})


def _wanted(old: Mapping[str, Any], method: str) -> bool:
    return method in old.get("annotations", {}).get("required", ())


def _plain(old: Mapping[str, Any]) -> dict[str, Any]:
    """Type, values and format of a value. A discovery document writes limits as texts."""
    kept = {name: old[name] for name in ("type", "enum", "pattern") if name in old and old[name] != "any"}
    limits = {name: float(old[name]) for name in ("minimum", "maximum") if name in old}
    return {**FORMATS.get(str(old.get("format")), {}), **kept, **limits}
