"""A vendor's own description of its API (OpenAPI 3.0, 3.1, Swagger 2.0, or Google's discovery document), against which a double checks
requests and answers.

    DESCRIBED = Described("X", "x-openapi-2.166.json", undescribed=("/2/oauth2/token",))
    app = Checked(starlette, DESCRIBED)         # see checked.py: all that passes the app inside is checked
    DESCRIBED.needed()                          # in a test: skips, with the reason, where the description is not at hand
    assert not DESCRIBED.wrong and DESCRIBED.requests["createPosts"]

The descriptions are not part of the project: `MASTHEAD_CONTRACTS` names their folder, else it stands beside the checkout; some are
brought by a script of bin/servers. Without them doubles work as they are. How much was checked is printed when pytest ends (see
masthead/tests/tally.py).
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from masthead.connectors.tests.dialects import VERBS, as_version_3, modern
from masthead.connectors.tests.discovery import from_discovery
from masthead.tests.tally import KNOWN

ROOT = Path(__file__).parents[4]
FOLDER = Path(os.environ.get("MASTHEAD_CONTRACTS", ROOT.parent / "shared" / "contracts"))
BROUGHT = ROOT / ".tools" / "descriptions"
DOCUMENT = "urn:description"


@dataclass(frozen=True)
class Route:
    """One operation: its name, the pattern of its path, its entry, and the parameters of both levels."""

    name: str
    method: str
    pattern: re.Pattern[str]
    literal: int
    names: Sequence[str]
    entry: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Told:
    """A request as it came: query as pairs, body parsed (JSON, or a form as pairs), `kind` its media type."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    body: Any = None
    kind: str = ""


@dataclass
class Described:
    """A description and what was checked against it. `wrong` lists each request or answer that is not as described.

    `file` in the folder of descriptions; `prefix` is put off each path first (Discord's /api/v10); `undescribed`: patterns of
    paths, matched whole, that the vendor's description leaves out (sign-in pages mostly); `strict_query` refuses unknown names.
    `script` brings the file: then it must be there where MASTHEAD_ALL=1.
    """

    name: str
    file: str
    prefix: str = ""
    undescribed: Sequence[str] = ()
    strict_query: bool = True
    script: str = ""
    requests: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        KNOWN[self.name] = self

    @property
    def available(self) -> bool:
        """True where the description is at hand."""
        return self._path.is_file()

    @property
    def _path(self) -> Path:
        return next((one / self.file for one in (FOLDER, BROUGHT) if (one / self.file).is_file()), FOLDER / self.file)

    def needed(self) -> None:
        """Skip the test that runs, with the reason, where the description is not at hand."""
        if not self.available:
            must = bool(self.script) and os.environ.get("MASTHEAD_ALL") == "1"
            hint = f"run {self.script}" if self.script else "set MASTHEAD_CONTRACTS"
            why = f"no description of {self.name}'s API ({self.file}) in {FOLDER}; {hint}"
            (pytest.fail if must else pytest.skip)(why)

    @property
    def document(self) -> dict[str, Any]:
        """The description in the words of OpenAPI 3.1."""
        return {"info": {"title": self.name, "version": "1"}, **self._document, "openapi": "3.1.0"}

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What passes meanwhile is not counted and not noted: requests that no connector made."""
        kept = Counter(self.requests), Counter(self.answers), list(self.wrong)
        try:
            yield
        finally:
            self.requests, self.answers, self.wrong[:] = kept

    def check_request(self, told: Told) -> list[str]:
        """What is wrong with a request; also kept in `wrong`. Counts it where the description knows the path."""
        if not self.available or self._left_out(told.path):
            return []
        route, values = self._route(told.method, told.path)
        if route is None:
            return self._note([f"{told.method} {told.path} is not described"])
        self.requests[route.name] += 1
        problems = [*self._parameters(route, values, told.query), *self._body(route, told)]
        return self._note([f"{route.name}: request: {problem}" for problem in problems])

    def check_answer(self, told: Told, status: int, body: Any, kind: str = "application/json") -> list[str]:
        """What is wrong with an answer to a request; also kept in `wrong`. `body` is parsed JSON, None for an empty one."""
        if not self.available or self._left_out(told.path):
            return []
        route, _ = self._route(told.method, told.path)
        if route is None:
            return []
        self.answers[route.name] += 1
        told_as = self._answer(route, status)
        if told_as is None:
            return self._note([f"{route.name}: status {status} is not described"])
        schema = _schema_for(self._followed(told_as).get("content", {}), kind)
        if schema is None or (body is None and not schema):
            return []
        return self._note([f"{route.name}: answer {status}: {problem}" for problem in self._against(schema, body)])

    def _left_out(self, path: str) -> bool:
        return any(re.fullmatch(one, path.removeprefix(self.prefix)) for one in self.undescribed)

    def _note(self, problems: list[str]) -> list[str]:
        self.wrong += problems
        return problems

    @cached_property
    def _document(self) -> dict[str, Any]:
        found = json.loads(self._path.read_text())
        if "discoveryVersion" in found:
            return from_discovery(found)
        return modern(as_version_3(found) if "swagger" in found else found)  # type: ignore[no-any-return]

    @cached_property
    def _registry(self) -> Registry[Any]:
        return Registry().with_resource(DOCUMENT, DRAFT202012.create_resource(self._document))

    @cached_property
    def _routes(self) -> list[Route]:
        """All operations, those with the most literal paths first."""
        return sorted(_routes(self._document), key=lambda one: -one.literal)

    def _route(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        bare = path.removeprefix(self.prefix)
        for one in self._routes:
            if one.method == method.lower() and (found := one.pattern.fullmatch(bare)):
                return one, {name: found[f"p{i}"] for i, name in enumerate(one.names)}
        return None, {}

    def _followed(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """The node itself, or what its $ref leads to."""
        while "$ref" in node:
            node = self._registry.resolver(DOCUMENT).lookup(node["$ref"]).contents
        return node

    def _against(self, schema: Any, value: Any) -> list[str]:
        """At most three problems of a value with a schema, deepest first."""
        validator = jsonschema.Draft202012Validator(
            _placed(schema), registry=self._registry, format_checker=jsonschema.FormatChecker()
        )
        return [_worded(error) for error, _ in zip(validator.iter_errors(value), range(3), strict=False)]

    def _parameters(self, route: Route, values: Mapping[str, str], query: Sequence[tuple[str, str]]) -> Iterator[str]:
        known = [self._followed(one) for one in route.parameters]
        asked = {one["name"]: one for one in known if one["in"] == "query"}
        for name in sorted({name for name, _ in query} - _spellings(asked) if self.strict_query else ()):
            yield f"query {name} is not described"
        for name, one in asked.items():
            given = [value for key, value in query if key in (name, f"{name}[]")]
            if given:
                yield from self._parameter(one, given)
            elif one.get("required"):
                yield f"query {name} is missing"
        for one in known:
            if one["in"] == "path" and one["name"] in values:
                yield from self._parameter(one, [values[one["name"]]])

    def _parameter(self, one: Mapping[str, Any], given: Sequence[str]) -> Iterator[str]:
        if "schema" not in one:
            return
        schema = self._followed(one["schema"])
        parts = given if one.get("explode", one.get("style", "form") == "form") else given[0].split(",")
        value: Any = list(parts) if schema.get("type") == "array" else given[0]
        for problem in self._against(one["schema"], self._read(value, schema)):
            yield f"{one['in']} {one['name']}: {problem}"

    def _read(self, value: Any, schema: Mapping[str, Any]) -> Any:
        """A text of a query or form as the type its schema names; as it is where it cannot be read so."""
        schema = self._followed(schema)
        kinds = schema.get("type", ())
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        if isinstance(value, list):
            return [self._read(one, schema.get("items", {})) for one in value]
        for kind, form in (("integer", r"-?\d+"), ("number", r"-?\d+(\.\d+)?"), ("boolean", "true|false")):
            if kind in kinds and isinstance(value, str) and re.fullmatch(form, value):
                return json.loads(value)
        return value

    def _body(self, route: Route, told: Told) -> Iterator[str]:
        body = self._followed(route.entry.get("requestBody", {}))
        if told.body is None:
            if body.get("required"):
                yield "the body is missing"
            return
        if not body:
            yield "a body was sent where none is described"
            return
        schema = _schema_for(body.get("content", {}), told.kind)
        if schema is None:
            yield f"a body of type {told.kind} is not described"
        else:
            form = told.kind not in ("", "application/json")
            yield from self._against(schema, self._formed(told.body, schema) if form else told.body)

    def _formed(self, pairs: Any, schema: Mapping[str, Any]) -> Any:
        """A form as the object its schema describes; names that repeat are lists."""
        if not isinstance(pairs, Sequence) or isinstance(pairs, str):
            return pairs
        wanted, shape = self._properties(schema), {}
        for name, value in pairs:
            one = self._followed(wanted.get(name, {}))
            many = one.get("type") == "array"
            shape[name] = [*shape.get(name, ()), value] if many else value
        return {name: self._read(value, wanted.get(name, {})) for name, value in shape.items()}

    def _properties(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of an object, those of its alternatives and parts with it."""
        node = self._followed(schema)
        found = dict(node.get("properties", {}))
        for word in ("allOf", "anyOf", "oneOf"):
            for one in node.get(word, ()):
                found |= self._properties(one)
        return found

    def _answer(self, route: Route, status: int) -> Mapping[str, Any] | None:
        answers = route.entry.get("responses", {})
        return next((answers[key] for key in (str(status), f"{status // 100}XX", "default") if key in answers), None)


def _routes(document: Mapping[str, Any]) -> Iterator[Route]:
    for path, methods in document["paths"].items():
        pattern, literal, count = "", 0, 0
        for part in re.split(r"(\{[^}]+\})", path.rstrip("/")):
            if part.startswith("{"):
                pattern, count = pattern + f"(?P<p{count}>[^/]+)", count + 1
            else:
                pattern, literal = pattern + re.escape(part), literal + len(part)
        for verb in VERBS:
            if verb in methods:
                both = [*methods.get("parameters", ()), *methods[verb].get("parameters", ())]
                name = methods[verb].get("operationId") or f"{verb} {path}"
                names = re.findall(r"\{([^}]+)\}", path)
                yield Route(name, verb, re.compile(pattern + "/?"), literal, names, methods[verb], both)


def _spellings(asked: Mapping[str, Any]) -> set[str]:
    return set(asked) | {f"{name}[]" for name in asked}


def _schema_for(content: Mapping[str, Any], kind: str) -> Any:
    """The schema for a media type; of JSON in another dress where that one is not listed; None where there is none."""
    told = content.get(kind) or content.get("*/*")
    if told is None and kind.endswith("json"):
        told = next((one for name, one in content.items() if name.endswith("json")), None)
    return None if told is None else told.get("schema", {})


def _placed(schema: Any) -> Any:
    """A schema cut out of the document, with its references leading back into it."""
    if isinstance(schema, dict):
        return {
            key: DOCUMENT + value
            if key == "$ref" and isinstance(value, str) and value.startswith("#")
            else _placed(value)
            for key, value in schema.items()
        }
    return [_placed(one) for one in schema] if isinstance(schema, list) else schema


def _worded(error: jsonschema.ValidationError) -> str:
    deepest = jsonschema.exceptions.best_match(iter([error])) or error
    return f"{'/'.join(str(one) for one in deepest.absolute_path) or 'whole'}: {deepest.message[:200]}"
