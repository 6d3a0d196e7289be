"""The house rules that no linter knows: keys, names, sizes, imports inside a domain."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from masthead.connectors import PLATFORMS
from masthead.connectors.tests.kit import package_of
from masthead.tests import tree

LAYERS = (
    "config",
    "web api",
    "rights",
    "campaigns",
    "posts",
    "media",
    "channels",
    "metering",
    "notifications",
    "workspaces",
    "connectors",
    "contract",
    "kit",
)
HEIGHT = {name: -depth for depth, layer in enumerate(LAYERS) for name in layer.split()}
STEPS = {"urls": 5, "admin": 5, "api": 5, "views": 4, "tasks": 3, "models": 1, "states": 0}
STEPS |= {"editor": 4}  # the composer's views, a file of their own
STEPS |= {"roles": 0, "secrets": 0, "kinds": 0}  # what models are made of: values and field types
VERB = 2
NOT_A_STEP = {"apps", "tests", "migrations", "templatetags"}
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
    "engine",
    "base",
    "processor",
}
MAX_LINES = 400
VERBS_OF_POSTS = ("compose", "check", "review", "schedule", "publish", "confirm", "amend", "archive")
DOMAINS = sorted(path.name for path in tree.PACKAGE.iterdir() if path.name in HEIGHT and (path / "apps.py").exists())


def our_models() -> list[type[models.Model]]:
    """Every model of Masthead's own apps."""
    return [model for model in apps.get_models() if model.__module__.startswith("masthead.")]


def domain(model: type[models.Model]) -> str:
    """The folder a model lives in."""
    return model.__module__.split(".")[1]


def keys() -> list[tuple[type[models.Model], models.Field]]:
    """Every foreign, one-to-one and many-to-many key between two of our own domains."""
    found = []
    for model in our_models():
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.remote_field.model if field.remote_field else None
            if target and target.__module__.startswith("masthead.") and domain(target) != domain(model):
                found.append((model, field))
    return found


def test_keys_between_domains_exist_at_all():
    assert keys(), "The walk finds no key between two domains, so the tests below would prove nothing."


def test_no_key_points_up():
    wrong = [
        f"{model._meta.label}.{field.name} points up to {field.remote_field.model._meta.label}"
        for model, field in keys()
        if HEIGHT[domain(model)] <= HEIGHT[domain(field.remote_field.model)]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_key_between_domains_has_a_reverse_name():
    wrong = [
        f'{model._meta.label}.{field.name}: give it related_name="+"'
        for model, field in keys()
        if not field.remote_field.hidden
    ]
    assert not wrong, "\n".join(wrong)


def test_every_top_folder_has_its_layer():
    folders = {path.parent.name for path in tree.PACKAGE.glob("*/__init__.py")} - {"tests"}
    assert folders == set(HEIGHT), "Place a new folder in pyproject.toml's layers and in LAYERS here."


WORDS_TOO = {"x", "threads"}
"""Keys that are words of their own: they name a platform where something is compared with them or asked for by them."""


def named(key: str) -> str:
    """The pattern of a platform's name in code."""
    asked = r"(?:[=!]=\s*|\bin\s*[(\[{]|PLATFORMS\[|platform\(|\bkey=|platform=)"
    return f"{asked}[\"']{key}[\"']" if key in WORDS_TOO else f"(?i:{key})"


def test_shared_code_names_no_platform():
    names = re.compile("|".join(named(key) for key in sorted(set(PLATFORMS) - {"sandbox"})))
    connectors = tree.PACKAGE / "connectors"
    wrong = []
    for path in tree.tracked():
        shared = path.is_relative_to(tree.PACKAGE) and not path.is_relative_to(connectors) and not tree.is_test(path)
        if not shared or path.suffix not in {".py", ".html", ".txt", ".js", ".css"} or "vendor" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if names.search(line):
                wrong.append(f"{tree.place(path)}:{number}: {line.strip()[:100]}")
    assert not wrong, "\n".join(wrong)


def test_no_file_has_a_name_that_says_nothing():
    wrong = [
        tree.place(path)
        for path in tree.tracked()
        if path.suffix in {".py", ".js", ".html"} and "vendor" not in path.parts and path.stem in FORBIDDEN_NAMES
    ]
    wrong = [name for name in wrong if not name.endswith("templates/web/base.html")]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("suffixes", [(".py",), (".js",), (".html",), (".css",)])
def test_files_stay_short(suffixes):
    wrong = []
    for path, text in tree.texts(*suffixes):
        lines = text.count("\n")
        if lines > MAX_LINES and not {"vendor", "migrations", "docs"} & set(path.parts):
            wrong.append(f"{tree.place(path)}: {lines} lines")
    assert not wrong, "\n".join(wrong)


def test_no_imports_inside_functions():
    wrong = []
    for path in tree.sources(tests=True):
        for function in ast.walk(tree.parsed(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            wrong += [f"{tree.place(path)}:{node.lineno}" for node in inner]
    assert not wrong, "\n".join(wrong)


def step(name: str, of: str) -> int | None:
    """How high a module stands inside its domain; None where the order does not apply."""
    parts = name.split(".")
    if len(parts) < 3 or parts[:2] != ["masthead", of] or parts[2] in NOT_A_STEP:
        return None
    return STEPS.get(parts[2], VERB)


@pytest.mark.parametrize("name", [name for name in DOMAINS if name not in {"api", "web"}])
def test_inside_a_domain_imports_point_down(name):
    wrong = []
    for path in tree.sources():
        own = step(tree.module(path), name)
        if own is None:
            continue
        for target in tree.imported(path):
            other = step(target, name)
            if other is not None and other > own:
                wrong.append(f"{tree.place(path)} imports {target}")
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.parametrize("verb", VERBS_OF_POSTS)
def test_a_verb_says_which_step_it_is(verb):
    first = (ast.get_docstring(tree.parsed(tree.PACKAGE / "posts" / f"{verb}.py")) or "").splitlines()[:1]
    assert first, f"posts/{verb}.py has no docstring."
    assert re.match(r"Step \d", first[0]), f'posts/{verb}.py begins with "{first[0]}", not with "Step N".'


def test_every_module_says_what_it_is_for():
    wrong = [
        tree.place(path)
        for path in tree.sources()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree.parsed(path))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_connector_can_be_removed_with_its_folder_and_one_line():
    register = (tree.PACKAGE / "connectors" / "__init__.py").read_text(encoding="utf-8")
    for platform in PLATFORMS.values():
        package = package_of(platform)
        assert tree.PACKAGE.joinpath(*package.split(".")[1:]).is_dir()
        assert register.count(f"{package} import") == 1


def unwanted() -> list[tuple[str, re.Pattern[str]]]:
    """What no committed file may hold, written so that this file does not hold it itself."""
    registry = "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "npmmirror" + r"\."))
    return [
        ("names a package registry's host", re.compile(registry)),
        ("leaves something undone", re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")),
        ("raises NotImplemented" + "Error", re.compile("NotImplemented" + "Error")),
        ("names a path of one machine", re.compile(r"(?<![\w./-])/work" + r"/|/root" + r"/\.")),
    ]


@pytest.mark.parametrize(("what", "pattern"), unwanted(), ids=lambda value: value if isinstance(value, str) else "")
def test_no_file_holds_what_does_not_belong(what, pattern):
    wrong = []
    for path, text in tree.texts():
        if {"vendor", "recordings"} & set(path.parts) or path.name.endswith(("lock.json", "package-lock.json")):
            continue
        wrong += [
            f"{tree.place(path)}:{text.count(chr(10), 0, hit.start()) + 1} {what}: {hit.group()}"
            for hit in pattern.finditer(text)
        ]
    assert not wrong, "\n".join(wrong)


def test_nothing_large_or_hidden_is_tracked():
    large = [tree.place(path) for path in tree.tracked() if _size(path) > 1_500_000]
    assert not large, "\n".join(large)


def _size(path: Path) -> int:
    return path.stat().st_size
