"""Write an export: each part once, into storage; then all of them, the files and the manifest into one zip.

Killed at any moment, the next worker goes on after the last part. The row's lease keeps two from writing at once.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F

from masthead.kit.clock import now as clock
from masthead.media.keep import hash_of, workbench
from masthead.posts.export import rows
from masthead.posts.models import Export

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
CHUNK = 1 << 20
MANIFEST = "manifest.json"


def write(export_id: int) -> bool:
    """Make an export that waits; True where it is ready now. Safe to run twice and at the same time."""
    export = take(export_id, clock())
    if export is None:
        return False
    for name, rows_of in rows.PARTS.items():
        if not _has(export, name):
            _write_part(export, name, rows_of(export))
        if not _go_on(export):
            return False
    return _assemble(export)


def take(export_id: int, now: datetime) -> Export | None:
    """The lease, by compare and set; None where it is made, or somebody makes it."""
    mine = Export.objects.filter(pk=export_id, state=Export.State.WAITING, held_until__lte=now)
    if not mine.update(held_until=now + LEASE):
        return None
    return Export.objects.select_related("workspace").get(pk=export_id)


def _go_on(export: Export) -> bool:
    """Renew the lease; False where it was lost."""
    until = clock() + LEASE
    mine = Export.objects.filter(pk=export.pk, held_until=export.held_until)
    export.held_until = until
    return bool(mine.update(held_until=until))


def place(export: Export, name: str) -> str:
    """Where a piece lies in storage: under the workspace, so that it goes with it."""
    return f"{export.workspace_id}/exports/{export.key.hex}/{name}"


def _has(export: Export, name: str) -> bool:
    return name in export.parts and default_storage.exists(place(export, name))


def _write_part(export: Export, name: str, found: Iterable[dict[str, Any]]) -> None:
    """A JSON Lines file in storage, and what it is on the row."""
    digest, number, size = hashlib.sha256(), 0, 0
    with tempfile.TemporaryFile() as file:
        for row in found:
            line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode() + b"\n"
            file.write(line)
            digest.update(line)
            number, size = number + 1, size + len(line)
        file.seek(0)
        _put(place(export, name), file)
    export.parts[name] = {"sha256": digest.hexdigest(), "bytes": size, "rows": number}
    Export.objects.filter(pk=export.pk, held_until=export.held_until).update(parts=export.parts)


def _put(where: str, file: IO[bytes]) -> None:
    """What a killed worker left there is replaced."""
    if default_storage.exists(where):
        default_storage.delete(where)
    default_storage.save(where, File(file))


def _assemble(export: Export) -> bool:
    with workbench() as folder:
        path = folder / "export.zip"
        left_out = [_terms(key) for key in sorted(rows.forbidden(export))]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            files = {name: export.parts[name] | _pack(archive, export, name) for name in rows.PARTS}
            files |= _pack_media(archive, export, left_out)
            archive.writestr(MANIFEST, _manifest(export, files, left_out))
        return _finish(export, path, left_out)


def _terms(platform: str) -> dict[str, str]:
    return {
        "what": f"past posts of {platform}",
        "why": "The platform's terms do not allow exporting what its API told.",
    }


def _pack(archive: zipfile.ZipFile, export: Export, name: str) -> dict[str, Any]:
    with default_storage.open(place(export, name), "rb") as source:
        size, digest = _copy(archive, name, _pieces(source), zipfile.ZIP_DEFLATED)
    if digest != export.parts[name]["sha256"]:
        Export.objects.filter(pk=export.pk).update(parts={})
        raise OSError(f"{name} was changed in storage")
    return {"bytes": size}


def _pack_media(archive: zipfile.ZipFile, export: Export, left_out: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """The files as they are; one that is gone, or is not what it was, is named among what is left out."""
    packed: dict[str, dict[str, Any]] = {}
    for asset in rows.assets(export):
        name = f"media/{asset.pk}{Path(asset.storage_path).suffix}"
        try:
            with default_storage.open(asset.storage_path, "rb") as source:
                size, digest = _copy(archive, name, _pieces(source), zipfile.ZIP_STORED)
        except FileNotFoundError:
            left_out.append({"what": f"{name} ({asset.file_name})", "why": "It is no longer in the media storage."})
            continue
        about = {"asset": asset.pk, "file_name": asset.file_name, "mime": asset.mime, "alt": asset.alt}
        packed[name] = {"sha256": digest, "bytes": size, **about}
    return packed


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(CHUNK):
        yield piece


def _copy(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], how: int) -> tuple[int, str]:
    """Stream into the zip; size and SHA-256."""
    digest, size, about = hashlib.sha256(), 0, zipfile.ZipInfo(name)
    about.compress_type = how
    with archive.open(about, "w", force_zip64=True) as target:
        for piece in pieces:
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


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


def _finish(export: Export, path: Path, left_out: list[dict[str, str]]) -> bool:
    """Into storage, then on the row; the parts are not needed any more."""
    if not _go_on(export):
        return False
    where, size, digest = place(export, "export.zip"), path.stat().st_size, hash_of(path)
    with path.open("rb") as file:
        _put(where, file)
    done = {"state": Export.State.READY, "storage_path": where, "size": size, "sha256": digest, "left_out": left_out}
    mine = Export.objects.filter(pk=export.pk, held_until=export.held_until, state=Export.State.WAITING)
    if not mine.update(ready_at=clock(), held_until=F("created_at"), **done):
        return False
    for name in rows.PARTS:
        default_storage.delete(place(export, name))
    log.info("export ready", export=export.pk, size=size)
    return True
