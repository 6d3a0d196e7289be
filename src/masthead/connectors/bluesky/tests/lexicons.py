"""Check records against the vendor's own lexicons, where the folder of contracts is present."""

from __future__ import annotations

import json
import os
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from masthead.kit.text import graphemes

ROOT = Path(__file__).resolve().parents[5]


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Any]:
    """The definitions by id; empty where the folder is absent."""
    folder = Path(os.environ.get("MASTHEAD_CONTRACTS") or ROOT.parent / "shared" / "contracts")
    found = sorted(folder.glob("bluesky-lexicons-*.json"))
    if not found:
        return {}
    documents = json.loads(found[-1].read_text())
    return {f"{one['id']}#{name}": shape for one in documents for name, shape in one["defs"].items()}


def validate(name: str, record: dict[str, Any]) -> None:
    """Fail where a record breaks its lexicon; warn where there are no lexicons to check against."""
    if not lexicons():
        warnings.warn("records were not checked: the folder of contracts is absent", stacklevel=2)
        return
    assert record["$type"] == name
    _check(lexicons()[f"{name}#main"]["record"], record, name, name)


def _check(shape: dict[str, Any], value: Any, where: str, home: str) -> None:
    kind = shape["type"]
    if kind in ("ref", "union"):
        _check_reference(shape, value, where, home)
    elif kind == "object":
        _check_object(shape, value, where, home)
    elif kind == "array":
        assert isinstance(value, list), where
        assert len(value) <= shape.get("maxLength", 10**6), where
        for number, item in enumerate(value):
            _check(shape["items"], item, f"{where}[{number}]", home)
    elif kind == "string":
        assert isinstance(value, str), where
        assert len(value.encode()) <= shape.get("maxLength", 10**9), where
        assert len(graphemes(value)) <= shape.get("maxGraphemes", 10**9), where
    elif kind == "integer":
        assert isinstance(value, int), where
        assert value >= shape.get("minimum", -(10**18)), where
    elif kind == "blob":
        assert value["$type"] == "blob", where
        assert value["size"] <= shape.get("maxSize", 10**12), where


def _check_object(shape: dict[str, Any], value: Any, where: str, home: str) -> None:
    assert isinstance(value, dict), where
    for name in shape.get("required", ()):
        assert name in value, f"{where}.{name} is missing"
    known = shape.get("properties", {})
    for name, item in value.items():
        assert name in known or name == "$type", f"{where}.{name} is not in the lexicon"
        if name in known:
            _check(known[name], item, f"{where}.{name}", home)


def _check_reference(shape: dict[str, Any], value: Any, where: str, home: str) -> None:
    wanted = [name.removeprefix("lex:") for name in shape.get("refs") or [shape["ref"]]]
    names = [f"{home}{name}" if name.startswith("#") else name for name in wanted]
    if shape["type"] == "union":
        assert value.get("$type") in names, f"{where}: {value.get('$type')} is not one of {names}"
        names = [value["$type"]]
    target = names[0] if "#" in names[0] else f"{names[0]}#main"
    _check(lexicons()[target], value, where, target.split("#")[0])
