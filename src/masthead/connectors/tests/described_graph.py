"""Meta's own description of its Graph API (the parameter lists its SDKs are made from), against which a double checks requests.

Each node has a file with its fields, and for each edge the parameters with name, type and whether they are required. Values come
as text, as the Graph API takes them. The files are not part of the project: see described.py for where they are looked for.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from masthead.connectors.tests.described import FOLDER

COMMON = {"access_token", "appsecret_proof", "fields", "limit", "after", "before", "since", "until", "metric", "id"}
"""What the Graph API takes on every node or list."""


@dataclass
class GraphDescribed:
    """The description and what was checked against it. `undescribed`: parameters or fields that Meta's pages name and its files
    do not, as "Node/edge.name" or "Node.field", each with the reason.
    """

    name: str
    file: str
    undescribed: Mapping[str, str] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def available(self) -> bool:
        """True where the description is at hand."""
        return (FOLDER / self.file).is_file()

    def needed(self) -> None:
        """Skip the test that runs, with the reason, where the description is not at hand."""
        if not self.available:
            pytest.skip(f"no description of {self.name}'s API ({self.file}) in {FOLDER}; set MASTHEAD_CONTRACTS")

    def check_request(
        self, method: str, node: str, edge: str, sent: Mapping[str, str], files: Sequence[str] = ()
    ) -> None:
        """Check one request on a node's edge; "" for the node itself. What is wrong is kept in `wrong`."""
        if not self.available:
            return
        where = f"{node}/{edge}" if edge else node
        entry = self._entry(method, node, edge)
        self.requests[f"{method} {where}"] += 1
        if entry is None:
            self.wrong.append(f"{method} {where} is not described")
            return
        known = {one["name"]: one for one in entry["params"]}
        for problem in (
            *self._names(where, known, sent, files),
            *self._values(known, sent),
            *self._fields(entry, node, edge, sent),
        ):
            self.wrong.append(f"{method} {where}: {problem}")

    def check_answer(self, node: str, body: Any) -> None:
        """Check that an answer's node, or each node of its list, has only described fields and edges."""
        if not self.available:
            return
        self.answers[node] += 1
        listed = body.get("data") if isinstance(body, dict) and isinstance(body.get("data"), list) else [body]
        for one in listed:
            for name in sorted(set(one) - self._readable(node)):
                self.wrong.append(f"{node}: answer: {name} is not described")

    def _names(
        self, where: str, known: Mapping[str, Any], sent: Mapping[str, str], files: Sequence[str]
    ) -> Iterator[str]:
        for name in sorted({*sent, *files} - set(known) - COMMON):
            if f"{where}.{name}" not in self.undescribed:
                yield f"parameter {name} is not described"
        for name, one in known.items():
            if one.get("required") and name not in sent:
                yield f"parameter {name} is missing"

    def _values(self, known: Mapping[str, Any], sent: Mapping[str, str]) -> Iterator[str]:
        for name, value in sent.items():
            free = name == "metric" and known.get(name, {}).get("type") == "list<Object>"  # names are meant
            if name in known and not free and (problem := self._mistaken(known[name]["type"], value)):
                yield f"parameter {name}: {problem}"

    def _mistaken(self, kind: str, value: str) -> str:
        """What is wrong with a text as a value of a type; "" where it is right."""
        if kind in ("int", "unsigned int"):
            return "" if re.fullmatch(r"-?\d+", value) else f"{value[:40]!r} is no number"
        if kind == "bool":
            return "" if value in ("true", "false") else f"{value[:40]!r} is neither true nor false"
        if kind.startswith("list<"):
            return self._mistaken_list(kind[5:-1], value)
        if kind in ("Object", "map"):
            return "" if isinstance(_json(value), dict | list) else f"{value[:40]!r} is no JSON"
        if kind in self._enums and value not in self._enums[kind]:
            return f"{value[:40]!r} is none of {kind}"
        return ""

    def _mistaken_list(self, kind: str, value: str) -> str:
        if kind == "Object":
            objects = _json(value)
            right = isinstance(objects, list) and all(isinstance(one, dict) for one in objects)
            return "" if right else f"{value[:40]!r} is no JSON list of objects"
        parts = _json(value) if value.startswith("[") else value.split(",")
        if not isinstance(parts, list):
            return f"{value[:40]!r} is no list"
        return next((told for one in parts if (told := self._mistaken(kind, str(one)))), "")

    def _fields(self, entry: Mapping[str, Any], node: str, edge: str, sent: Mapping[str, str]) -> Iterator[str]:
        read = str(entry.get("return", node)) if edge else node
        for name in top_level(sent.get("fields", "")):
            if name not in self._readable(read):
                yield f"field {name} of {read} is not described"

    def _readable(self, node: str) -> set[str]:
        spec = self._spec(node)
        edges = {one["endpoint"] for one in spec["apis"] if one.get("endpoint")}
        extra = {one.split(".")[1] for one in self.undescribed if one.startswith(f"{node}.")}
        return {one["name"] for one in spec["fields"]} | edges | extra | {"id"}

    def _entry(self, method: str, node: str, edge: str) -> Mapping[str, Any] | None:
        name = {"GET": "#get", "POST": "#update", "DELETE": "#delete"}[method]
        return next(
            (
                one
                for one in self._spec(node)["apis"]
                if one["method"] == method and (one.get("endpoint") == edge if edge else one.get("name") == name)
            ),
            None,
        )

    def _spec(self, node: str) -> Mapping[str, Any]:
        return self._files.get(node, {"apis": [], "fields": []})

    @property
    def _files(self) -> Mapping[str, Any]:
        return _read(FOLDER / self.file)

    @cached_property
    def _enums(self) -> dict[str, set[str]]:
        return {one["name"]: {str(value) for value in one["values"]} for one in self._files["enum_types"]}


@cache
def _read(path: Path) -> Mapping[str, Any]:
    with tarfile.open(path) as archive:
        found = {Path(one.name).stem: archive.extractfile(one) for one in archive if one.name.endswith(".json")}
        return {name: json.loads(file.read()) for name, file in found.items() if file}


def top_level(fields: str) -> list[str]:
    """The names of a `fields` parameter, without what stands in braces or parentheses."""
    flat, depth = "", 0
    for char in fields:
        depth += (char in "{(") - (char in "})")
        flat += char if depth == 0 and char not in "})" else ""
    return [one.split(".")[0] for one in flat.split(",") if one]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
