"""Nothing but the gate writes records out: every module that could is found by its imports and must use the gate, or say why not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import masthead
from masthead.tests import tree

RECORDS = {"Record", "PastPost", "Publication", "Item"}
"""The tables, and the value, that hold what came from platforms or went out to them."""
HOMES = ("masthead.posts.models", "masthead.rights.models", "masthead.rights.models.archive", "masthead.rights.items")
SINKS = {
    "StreamingHttpResponse", "FileResponse", "JsonResponse", "HttpResponse", "ZipFile", "writestr", "dumps", "dump",
    "DictWriter", "writer", "writerow", "writerows", "write_bytes", "write_text", "write_table", "ParquetWriter",
    "to_parquet", "write_parquet", "write_csv", "write_ndjson", "to_csv", "to_json", "NamedTemporaryFile", "TemporaryFile",
}  # fmt: skip
"""Calls that put something into a file or an answer. Pages are not among them: they go through templates, to members."""
GATES = {"masthead.rights.release": ("release", "stream"), "masthead.posts.export": ("gate",)}
"""What the gate is asked by. To import it is not to ask it: the name must be called, or something of it."""
ITSELF = ("masthead.rights.release", "masthead.posts.export.gate")
GIVERS = tuple(f"masthead.rights.archive.{name}" for name in ("shelves", "wanted", "origins", "as_items"))
"""They hand records to anybody, in whichever domain."""
ALLOWED: dict[str, str] = {
    "masthead.posts.history.keep": "Compares the JSON of what a platform showed with what is kept; nothing leaves.",
    "masthead.rights.archive.api": "Shows members and their tokens the archive of their own workspace: use display.",
    "masthead.rights.archive.views": "Shows members of the workspace the files of their own archive: use display.",
    "masthead.posts.api": "Gives members and their tokens what the workspace wrote itself.",
    "masthead.posts.history.api": "Shows members and their tokens the posts of their own channels: use display.",
    "masthead.posts.editor": "Answers the composer with what the workspace is writing.",
    "masthead.posts.views": "Answers pages of members with what the workspace wrote itself.",
    "masthead.posts.sunset.api": "Hands out an export that was made, and so passed the gate.",
    "masthead.posts.sunset.views": "Hands out an export that was made, and so passed the gate.",
    "masthead.rights.archive.export.views": "Hands out a copy of the archive that was made, and so passed the gate.",
    "masthead.rights.archive.export.write": "Writes the items of archive.export.collect, which asks the gate for each.",
    "masthead.rights.archive.imports.api": "Tells members how far their own upload is; no record is in it.",
    "masthead.rights.archive.imports.files": "Puts files of an archive that comes in into storage; nothing leaves.",
    "masthead.rights.archive.imports.views": "Answers an upload with how far it is; no record is in it.",
    "masthead.rights.datasets.rows": "Makes rows of items that passed: datasets.make asks the gate for each.",
    "masthead.rights.desk.views": "Writes the register of what is used for what: names and numbers, no record.",
    "masthead.rights.people.certificate": "Signs numbers and a digest of the handle; no record is in it.",
    "masthead.rights.people.views": "Streams what people.held.copy let through the gate, and certificates without any content.",
    "masthead.rights.audits.api": "Shows members and their tokens the findings of an audit, whose posts passed the gate.",
    "masthead.rights.audits.results": "Keeps what came of an audit, whose posts passed the gate in audits.posts.",
    "masthead.rights.audits.views": "Hands out the report of an audit, whose posts passed the gate.",
    "masthead.posts.twins": "Hashes two wordings as JSON: what comes out is a digest.",
    "masthead.rights.datasets.views": "Hands out a dataset that was made, and so passed the gate.",
    "masthead.posts.export.write": "Writes the rows of posts.export.rows, which asks the gate for each.",
}
"""What holds records and has a sink, and may: with the reason."""


def calls(path: Path) -> set[str]:
    """Names that a module calls, or opens for writing."""
    found: set[str] = set()
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            modes = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            opened = name == "open" and any(set(mode) <= set("rwaxbt+") and set(mode) & set("wax") for mode in modes)
            found |= {name} | ({"writes a file"} if opened else set())
    return found


def holds(path: Path) -> bool:
    """True for a module that takes rows of records, or items, into its hands."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module in HOMES and RECORDS & {one.name for one in node.names}:
            return True
    return False


def world() -> dict[str, Path]:
    """Every module that is shipped, by its name."""
    return {tree.module(path): path for path in tree.sources()}


def could(modules: dict[str, Path]) -> dict[str, set[str]]:
    """Modules that have a sink and hold records, or get them from one of their domain that does, or from the archive; with the sinks."""
    holders = {name for name, path in modules.items() if holds(path)}
    found = {}
    for name, path in modules.items():
        got = set(tree.imported(path))
        near = {one for one in got if one.split(".")[:2] == name.split(".")[:2]}
        sinks = calls(path) & (SINKS | {"writes a file"}) | ({"an API"} if name.rpartition(".")[2] == "api" else set())
        if sinks and (name in holders or near & holders or got & set(GIVERS)):
            found[name] = sinks
    return found


def uses_the_gate(path: Path) -> bool:
    """True for a module that imports what asks it, and calls that."""
    nodes = list(ast.walk(tree.parsed(path)))
    brought = {
        one.asname or one.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if one.name in GATES.get(node.module or "", ())
    }
    return any(isinstance(node, ast.Call) and _first(node.func) in brought for node in nodes)


def _first(called: ast.expr) -> str:
    """The name that a call begins with: `gate` for gate.current().past_posts(...)."""
    while isinstance(called, ast.Attribute | ast.Call):
        called = called.value if isinstance(called, ast.Attribute) else called.func
    return called.id if isinstance(called, ast.Name) else ""


def test_whatever_writes_records_out_uses_the_gate():
    modules = world()
    wrong = [
        f"{name} has {', '.join(sorted(sinks))}: let it ask rights.release, or say in ALLOWED why it need not"
        for name, sinks in sorted(could(modules).items())
        if name not in ALLOWED and name not in ITSELF and not uses_the_gate(modules[name])
    ]
    assert not wrong, "\n".join(wrong)


def test_every_exception_is_still_one():
    found = could(world())
    assert set(ALLOWED) <= set(found), sorted(set(ALLOWED) - set(found))
    assert all(reason.endswith(".") and len(reason) > 30 for reason in ALLOWED.values())


def test_the_walk_finds_what_it_must():
    holders = {name for name, path in world().items() if holds(path)}
    assert {"masthead.posts.export.rows", "masthead.rights.exports", "masthead.posts.history.api"} <= holders
    assert "masthead.posts.export.write" in could(world())


@pytest.mark.parametrize(
    "source",
    [
        "from masthead.posts.models import PastPost\nimport json\njson.dumps(list(PastPost.objects.values()))",
        "from masthead.rights.models import Record\nopen('a', 'w').write(Record.objects.get().text)",
        "from masthead.rights.items import Item\nfrom django.http import FileResponse\ndef go(i: Item): return FileResponse(i.text)",
    ],
)
def test_a_new_way_out_would_be_found(source: str, tmp_path: Path):
    path = tmp_path / "leak.py"
    path.write_text(source)
    assert set(could({"masthead.posts.leak": path})) == {"masthead.posts.leak"}
    assert not uses_the_gate(path)


LEAKS = {
    "masthead.api.leak": """
from masthead.rights.archive.shelves import everything
def go(a, b):
    for page in everything(a, b): open("x", "a").write(page.items[0].text)
""",
    "masthead.campaigns.leak": """
from masthead.rights.archive import origins
import json
def go(a): return json.dumps(origins.item(a, "x", private=True).text)
""",
    "masthead.rights.leak": """
from masthead.rights.models import Record
from masthead.rights.permit import PLAIN
def go(): open("x", "w").write(str([PLAIN, *Record.objects.all()]))
""",
    "masthead.rights.other_leak": """
from masthead.rights.models import Record
from masthead.rights.release import AT_ONCE, release
def go(): open("x", "w").write(str(Record.objects.all()[:AT_ONCE]))
""",
    "masthead.posts.leak": """
from masthead.posts.models import PastPost
from masthead.posts.export import gate
def go(): open("x", "w").write(str(PastPost.objects.all()))
""",
}
"""Ways past the gate: from another domain, and with the gate imported but not asked."""


@pytest.mark.parametrize(("module", "source"), LEAKS.items())
def test_a_way_out_past_the_gate_is_found(module: str, source: str, tmp_path: Path):
    path = tmp_path / "leak.py"
    path.write_text(source)
    assert set(could({module: path})) == {module} and not uses_the_gate(path)


@pytest.mark.parametrize(
    "source",
    [
        "from masthead.rights.release import release as out\ndef go(a): return list(out(a, 'display', []))",
        "from masthead.posts.export import gate\ndef go(a): return gate.current().past_posts(a, [])",
    ],
)
def test_who_asks_is_known_by_the_call(source: str, tmp_path: Path):
    path = tmp_path / "fine.py"
    path.write_text(source)
    assert uses_the_gate(path)


def test_exports_of_posts_pass_the_gate():
    rows = world()["masthead.posts.export.rows"]
    passed = [node.attr for node in ast.walk(tree.parsed(rows)) if isinstance(node, ast.Attribute)]
    assert {"past_posts", "publications", "current"} <= set(passed)


SECRETS = {"Twin", "Pair", "pairs", "twin_of", "waiting", "valid"}
"""Names of posts.models and posts.twins by which a module gets at a wording that is, or may be, kept secret."""
KEEPERS: dict[str, str] = {
    "masthead.posts.api": "Gives the second wording before the draw, to tokens that may write; after it, none.",
    "masthead.posts.compose": "Looks whether a draft has a second wording; refuses text that is the kept one.",
    "masthead.posts.composer_state": "Tells members who may write how long the second wording is.",
    "masthead.posts.draw": "Writes the second wording down and draws; hands nothing out.",
    "masthead.posts.editor": "Shows members who may write both wordings, in templates/posts/_twin.html.",
    "masthead.posts.problems": "Checks both wordings; what it tells quotes neither.",
    "masthead.posts.review": "Asks whether two wordings wait, so that messages quote neither.",
    "masthead.posts.schedule": "Checks both wordings against limits before the draw.",
    "masthead.rights.audits.posts": "Looks for the kept wording beside the other one when an owner or admin asks for an audit.",
    "masthead.web.home": "Asks whether two wordings wait, so that the page quotes neither.",
}
"""What may hold a kept wording, and how it stays in. An audit that the owner asks for is the one way out."""


def secret_names(path: Path) -> set[str]:
    """By which names a module gets at kept wordings; also through a relation of the database ("twin__wording")."""
    found: set[str] = set()
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module in ("masthead.posts.models", "masthead.posts.twins"):
            found |= SECRETS & {one.name for one in node.names}
        if isinstance(node, ast.Attribute) and node.attr == "twin":
            found.add(".twin")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "twin__" in node.value:
            found.add(node.value)
        if isinstance(node, ast.keyword) and (node.arg or "").startswith("twin__"):
            found.add(str(node.arg))
    return found


def test_whatever_holds_a_kept_wording_says_how_it_stays_in():
    modules = world()
    held = {name: names for name, path in modules.items() if (names := secret_names(path))}
    held.pop("masthead.posts.twins", None)
    wrong = [f"{name} uses {', '.join(sorted(names))}: say in KEEPERS how it stays in" for name, names in held.items()]
    assert set(held) == set(KEEPERS), "\n".join(one for one in wrong if one.split()[0] not in KEEPERS)
    assert all(reason.endswith(".") and len(reason) > 30 for reason in KEEPERS.values())


def test_two_templates_alone_show_a_kept_wording():
    here = Path(masthead.__file__).parent
    shows = {
        path.name
        for path in [*here.rglob("*.html"), *here.rglob("*.txt"), *here.rglob("*.md")]
        if re.search(r"twin\.(kept|wording|original|nonce)", path.read_text(encoding="utf-8"))
    }
    assert shows == {"_twin.html", "_twin_drawn.html"}


@pytest.mark.parametrize(
    "source",
    [
        "from masthead.posts.models import Twin\nprint(Twin.objects.values())",
        "from masthead.posts.twins import pairs\ndef go(w): return list(pairs(w))",
        "from masthead.posts.models import Post\nPost.objects.values('twin__wording')",
        "from masthead.posts.models import Post\nPost.objects.filter(twin__original='a')",
        "def go(post): return post.twin.kept",
    ],
)
def test_a_new_holder_of_kept_wordings_would_be_found(source: str, tmp_path: Path):
    path = tmp_path / "leak.py"
    path.write_text(source)
    assert secret_names(path)
