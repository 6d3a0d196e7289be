"""Write an export: each part once, into storage; then all of them, the files and the manifest into one zip.

Killed at any moment, the next worker goes on after the last part. The row's lease keeps two from writing at once.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from masthead.kit.clock import now as clock
from masthead.media import bundle
from masthead.media.keep import workbench
from masthead.posts.export import gate, rows
from masthead.posts.models import Export

MANIFEST = "manifest.json"


def write(export_id: int) -> bool:
    """Make an export that waits; True where it is ready now. Safe to run twice and at the same time."""
    export = bundle.take(Export, export_id, clock())
    if export is None:
        return False
    for name, rows_of in rows.PARTS.items():
        if not bundle.has(export, name):
            _write_part(export, name, rows_of(export))
        if not bundle.go_on(export):
            return False
    return _assemble(export)


def _write_part(export: Export, name: str, found: Iterable[dict[str, Any]]) -> None:
    """A JSON Lines file in storage, and what it is on the row."""
    with bundle.part(export, name) as part:
        for row in found:
            part.add(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode() + b"\n")


def _assemble(export: Export) -> bool:
    with workbench() as folder:
        path = folder / "export.zip"
        left_out = gate.current().left_out(export)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            made = bundle.Zip(archive)
            for name in rows.PARTS:
                made.add(name, bundle.lines_of(export, name), rows=export.parts[name]["rows"])
            _pack_media(made, export, left_out)
            archive.writestr(MANIFEST, _manifest(export, made.files, left_out))
        return bundle.finish(export, path, left_out)


def _pack_media(made: bundle.Zip, export: Export, left_out: list[dict[str, str]]) -> None:
    """The files as they are; one that is gone is named among what is left out."""
    for asset in rows.assets(export):
        name = f"media/{asset.pk}{Path(asset.storage_path).suffix}"
        about = {"asset": asset.pk, "file_name": asset.file_name, "mime": asset.mime, "alt": asset.alt}
        if not made.add_kept(name, asset.storage_path, **about):
            left_out.append({"what": f"{name} ({asset.file_name})", "why": "It is no longer in the media storage."})


def _manifest(export: Export, files: dict[str, Any], left_out: list[dict[str, str]]) -> str:
    about = {
        "made_by": "Masthead",
        "form": 1,
        "workspace": export.workspace.name,
        "channels": [str(one) for one in rows.channels(export)],
        "asked_at": export.created_at.isoformat(),
        "files": files,
        "left_out": left_out,
    }
    return json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True)
