"""Write a copy of the archive: collect what may leave, then put files, lines, ActivityStreams and the site into one zip.

Killed at any moment, the next worker goes on: with the next piece, or with the zip from the pieces. Memory holds a page at a time.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils import translation

from masthead.kit.clock import now as clock
from masthead.media import bundle
from masthead.media.keep import workbench
from masthead.rights.archive.export.collect import collect
from masthead.rights.archive.export.files import Files
from masthead.rights.archive.export.outbox import Outboxes
from masthead.rights.archive.export.site import Site
from masthead.rights.models import ArchiveExport, Refusal

ITEMS = "items.jsonl"
MANIFEST = "manifest.json"
README = """This is a copy of the archive of {name}, made by Masthead on {day}.

index.html       open it in a browser: everything to read and to search, without a network
items.jsonl      everything, one thing a line, as JSON, with its origin
activitystreams  each account's own posts as ActivityStreams 2.0: an actor and its outbox
media            the files
manifest.json    every file with its size and SHA-256; what was left out, and by which rule
"""
EVERY = 50


def write(export_id: int) -> bool:
    """Make a copy that waits; True where it is ready now. Safe to run twice and at the same time."""
    export = bundle.take(ArchiveExport, export_id, clock())
    if export is None or not collect(export, clock()):
        return False
    try:
        with translation.override(export.workspace.language), workbench() as folder:
            return _zipped(export, folder)
    except FileNotFoundError:
        if bundle.mine(export).exists():
            raise
        return False  # it was begun anew, and its pieces are gone


def _zipped(export: ArchiveExport, folder: Path) -> bool:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        left_out = _assemble(export, bundle.Zip(archive), folder)
    return left_out is not None and bundle.finish(export, path, left_out)


def _assemble(export: ArchiveExport, made: bundle.Zip, folder: Path) -> list[dict[str, str]] | None:
    """Everything in order; what was left out, or None where the lease was lost."""
    files = Files(export.workspace_id)
    files.pack(made, _kept(export))
    made.add(
        ITEMS, (json.dumps(one, ensure_ascii=False, sort_keys=True).encode() + b"\n" for one in _items(export, files))
    )
    outboxes, site = Outboxes(folder), Site(made, folder, export.workspace)
    for number, one in enumerate(_items(export, files)):
        outboxes.add(one)
        site.add(one)
        if number % (EVERY * 100) == 0 and not bundle.go_on(export):
            return None
    outboxes.write(made)
    site.close()
    left_out = _left_out(export) + files.missing
    made.add("README.txt", [README.format(name=export.workspace.name, day=clock().date()).encode()])
    made.archive.writestr(MANIFEST, _manifest(export, made.files, left_out))
    return left_out


def _kept(export: ArchiveExport) -> Iterator[dict[str, Any]]:
    for name in sorted(export.parts):
        for line in bundle.lines_of(export, name):
            yield json.loads(line)


def _items(export: ArchiveExport, files: Files) -> Iterator[dict[str, Any]]:
    """The items as they go out: their files by their place in the zip."""
    return map(files.placed, _kept(export))


def _left_out(export: ArchiveExport) -> list[dict[str, str]]:
    """By rule, how many things the gate kept in; one that two releases met counts once."""
    rules = Refusal.objects.filter(release__in=export.releases, release__workspace=export.workspace_id)
    counted = rules.values("rule").annotate(n=Count("item", distinct=True)).order_by("rule")
    return [{"what": f"{one['n']} things", "why": f"The rule {one['rule']} keeps them in."} for one in counted]


def _manifest(export: ArchiveExport, files: dict[str, Any], left_out: list[dict[str, str]]) -> str:
    about = {
        "made_by": "Masthead",
        "form": "archive/1",
        "workspace": export.workspace.name,
        "asked_at": export.created_at.isoformat(),
        "wanted": export.wanted,
        "items": sum(one["rows"] for one in export.parts.values()),
        "releases": export.releases,
        "files": files,
        "left_out": left_out,
    }
    return json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True)
