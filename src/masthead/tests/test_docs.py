"""A document gets a test: links, commands, settings, states, roles, platforms, dependencies, containers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from masthead.api.urls import api
from masthead.config import cli
from masthead.connectors import PLATFORMS
from masthead.contract import listing, terms_page
from masthead.metering import price_page, price_rows
from masthead.posts.states import DELIVERY, EDITORIAL
from masthead.tests import tree
from masthead.workspaces.roles import ALLOWED, May
from masthead.workspaces.tokens import SCOPES

DOCS = tree.ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(tree.ROOT.glob("*.md"))]
INTERNAL = {"MASTHEAD_PARENT", "MASTHEAD_WEB_PARENT"}
_READ = re.compile(
    r"""(?:environ\.get\(|environ\[|getenv\(|environ\.setdefault\(|\benv\.[a-z_]+\(|envvar=)\s*["']([A-Z0-9_]+)["']"""
)
_SET = re.compile(r"\b(?:MASTHEAD|OIDC|S3|EMAIL|DATABASE)_[A-Z0-9_]+\b")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as links give them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {re.sub(r"[\s]+", "-", text.strip()) for text in plain}


def commands() -> dict[str, Any]:
    """Every command of `masthead` by its full name, hidden ones left out."""
    app = typer.Typer()
    app.registered_commands = list(cli.app.registered_commands)
    app.registered_groups = list(cli.app.registered_groups)
    if find_spec("masthead.config.cli_api"):
        more = import_module("masthead.config.cli_api").app
        known = {one.callback for one in app.registered_commands}
        app.registered_commands += [one for one in more.registered_commands if one.callback not in known]
        app.registered_groups += [one for one in more.registered_groups if one not in app.registered_groups]
    return dict(_walk(typer.main.get_command(app), ""))


def _walk(command: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, one in getattr(command, "commands", {}).items():
        if getattr(one, "commands", None):
            yield from _walk(one, f"{prefix}{name} ")
        elif not one.hidden:
            yield f"{prefix}{name}", one


def shown_as(parameter: Any) -> str:
    """--option for options, NAME for arguments."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name).upper().strip("[].")


@cache
def settings_read() -> frozenset[str]:
    """Environment variables that the program reads."""
    found: set[str] = set()
    for path in tree.sources():
        found |= set(_READ.findall(path.read_text(encoding="utf-8")))
    return frozenset(found - INTERNAL - {"DJANGO_SETTINGS_MODULE"})


def table(page: Path) -> list[list[str]]:
    """The cells of every table row of a page."""
    rows = re.findall(r"^\|(.+)\|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows if not set(row) <= set("|- ")]


@pytest.mark.parametrize("page", PAGES, ids=tree.place)
def test_every_link_leads_somewhere(page):
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            wrong.append(target)
    assert not wrong, f"{tree.place(page)}: {wrong}"


def test_every_page_is_in_the_navigation_and_every_decision_in_the_list():
    navigation = (tree.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = (DOCS / "adr" / "index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    assert not [page for page in pages if page not in navigation]
    decisions = sorted(page.name for page in (DOCS / "adr").glob("[0-9]*.md"))
    assert not [name for name in decisions if f"({name})" not in listed]
    assert len({name[:4] for name in decisions}) == len(decisions), (
        "a number is used once; one may be kept free for a while"
    )


@pytest.mark.parametrize("page", PAGES, ids=tree.place)
def test_commands_that_documents_name_exist(page):
    text = page.read_text(encoding="utf-8")
    missing = [
        name
        for name in re.findall(r"(?<![\w./])(bin/[a-z]+|benchmarks/[a-z_]+\.py)\b", text)
        if not (tree.ROOT / name).exists()
    ]
    assert not missing, f"{tree.place(page)}: {missing}"
    known = commands()
    words = {name.split()[0] for name in known}
    quoted = re.findall(r"(?:`|^|\.venv/bin/)masthead ([a-z][a-z-]+)", text, re.MULTILINE)
    assert not [word for word in quoted if word not in words], tree.place(page)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_documented_with_its_options(name):
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    found = re.search(rf"^## masthead {re.escape(name)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f'docs/reference/cli.md has no heading "## masthead {name}".'
    for parameter in commands()[name].params:
        shown = shown_as(parameter)
        assert f"`{shown}" in found.group(1) or f"{shown}`" in found.group(1), (
            f"masthead {name}: {shown} is not described."
        )


def test_the_page_of_commands_names_none_that_is_gone():
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## masthead (.+)$", page, re.MULTILINE)) == set(commands())


def app_rows() -> list[list[str]]:
    """What the page of settings must say of developer apps, from the connectors."""
    return sorted(
        [f"`{variable}`", platform.name, next(one.label for one in platform.app.fields if one.name == name)]
        for platform in PLATFORMS.values()
        if platform.app is not None
        for name, variable in platform.app.environment
    )


def test_the_developer_apps_in_the_settings_are_those_of_the_connectors():
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    part = page.partition("## Developer apps")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in row.split("|")] for row in re.findall(r"^\|(.+`.+)\|$", part, re.MULTILINE)]
    wanted = "\n".join(f"| {' | '.join(row)} |" for row in app_rows())
    assert rows == app_rows(), f"The table under Developer apps in docs/reference/settings.md must be:\n{wanted}"


def test_every_setting_is_documented_and_no_other():
    documented = {row[0].strip("`") for row in table(DOCS / "reference" / "settings.md") if row[0].startswith("`")}
    documented -= {row[0].strip("`") for row in app_rows()}
    assert settings_read() - documented == set(), "Add a row to docs/reference/settings.md."
    assert documented - settings_read() == set(), "docs/reference/settings.md describes what nothing reads."


@pytest.mark.parametrize("page", PAGES, ids=tree.place)
def test_settings_that_documents_name_exist(page):
    known = settings_read() | {"MASTHEAD_WORKERS", "MASTHEAD_PORT"}
    assert set(_SET.findall(page.read_text(encoding="utf-8"))) <= known


def test_words_of_pages_that_instructions_name_exist():
    """In start and how-to, what is bold and does not end a sentence is a word of a page."""
    shown = " ".join(text for path, text in tree.texts(".html", ".py") if path.is_relative_to(tree.PACKAGE))
    wrong = []
    for folder in ("start", "how-to"):
        for page in (DOCS / folder).glob("*.md"):
            bold = [word for word in re.findall(r"\*\*([^*]+)\*\*", prose(page)) if word[-1] not in ".:?"]
            wrong += [f"{tree.place(page)}: {word}" for word in bold if f'{word}"' not in shown]
    assert not wrong, "\n".join(wrong)


def test_every_call_of_the_api_is_listed_with_its_scope():
    listed: dict[str, str] = {}
    for row in table(DOCS / "reference" / "api.md"):
        listed |= dict.fromkeys(re.findall(r"`([A-Z]+ /[^`]*)`", row[0]), row[1])
    paths = api.get_openapi_schema()["paths"]
    real = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, methods in paths.items() for method in methods}
    assert set(listed) == real
    assert set(listed.values()) <= set(SCOPES)


def test_the_page_of_states_is_the_table_of_states():
    rows = [tuple(row) for row in table(DOCS / "reference" / "states.md") if row[0] != "from"]
    arrows = [
        (s, t, why) for life in (EDITORIAL, DELIVERY) for s, all_ in life.arrows.items() for t, why in all_.items()
    ]
    assert rows == arrows


def test_the_page_of_roles_is_the_table_of_roles():
    head, *rows = table(DOCS / "reference" / "roles.md")
    assert [row[0] for row in rows] == [str(one) for one in May]
    for row in rows:
        for role, cell in zip(head[1:], row[1:], strict=True):
            assert (cell == "yes") == (May(row[0]) in ALLOWED[role]), (role, row[0])


def test_the_page_of_platforms_is_what_the_connectors_say():
    written = (DOCS / "reference" / "platforms.md").read_text(encoding="utf-8")
    assert written == listing.page(PLATFORMS), "Run: .venv/bin/masthead platforms page > docs/reference/platforms.md"


def test_the_page_of_terms_is_what_the_connectors_say():
    written = (DOCS / "reference" / "terms.md").read_text(encoding="utf-8")
    assert written == terms_page.page(PLATFORMS), "Run: .venv/bin/masthead rights page > docs/reference/terms.md"


def test_the_page_of_prices_is_what_the_catalogue_says():
    written = (DOCS / "reference" / "prices.md").read_text(encoding="utf-8")
    assert written == price_page.page(price_rows.read()), (
        "Run: .venv/bin/masthead prices page > docs/reference/prices.md"
    )


def test_every_dependency_has_its_reason():
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["s3"]]
    named += [one for group in project["dependency-groups"].values() for one in group if isinstance(one, str)]
    packages = {re.match(r"[A-Za-z0-9-]+", one).group().lower() for one in named}
    rows = {row[0] for row in table(DOCS / "adr" / "0009-dependencies.md") if row[0] != "package"}
    assert packages == rows


def test_locks_hold_every_dependency_with_hashes_and_no_address():
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name in ("uv", "run", "dev", "ci"):
        assert tree.ROOT / "requirements" / f"{name}.lock" in tree.tracked(), f"git ignores requirements/{name}.lock."
    groups = project["dependency-groups"]
    for name, wanted in (("run", project["project"]["dependencies"]), ("dev", groups["dev"]), ("ci", groups["ci"])):
        lock = (tree.ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        packages = {re.match(r"[A-Za-z0-9-]+", one).group().lower() for one in wanted if isinstance(one, str)}
        assert not [one for one in packages if not re.search(rf"^{re.escape(one)}(\[|==)", lock, re.MULTILINE)], (
            "Run bin/lock."
        )
        assert not re.search(r"https?://|file://|--index|--find", lock)
        entries = re.split(r"\n(?=[a-z0-9])", lock.strip())
        assert not [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=" not in entry]


def test_compose_starts_what_exists_with_settings_that_exist():
    services = yaml.safe_load((tree.ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"database", "migrate", "web", "worker"}
    known = commands()
    for name in ("migrate", "web", "worker"):
        command, *arguments = services[name]["command"]
        options = {option for parameter in known[command].params for option in parameter.opts}
        assert {one for one in arguments if one.startswith("--")} <= options
        assert set(services[name]["environment"]) <= settings_read()
        assert services[name]["volumes"] == ["data:/data"]
    assert (
        "healthcheck" in services["database"]
        and "healthcheck" in services["web"]
        and "healthcheck" in services["worker"]
    )


def test_the_image_runs_as_nobody_special_and_copies_what_is_sent_to_it():
    lines = (tree.ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER masthead" in lines and 'ENTRYPOINT ["masthead"]' in lines
    sent = (tree.ROOT / ".dockerignore").read_text(encoding="utf-8")
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert f"!{source.rstrip('/')}" in sent, f"{source} is left out by .dockerignore"
                assert (tree.ROOT / source).exists()
