"""Step 1: a file comes in. Streamed, limited, recognised by its bytes, cleaned of metadata, kept once by its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.contract.values import MediaKind
from masthead.media import document, keep, picture, recording
from masthead.media.formats import Format, recognise
from masthead.media.locks import lock_content
from masthead.media.models import Asset
from masthead.media.names import label
from masthead.workspaces.models import User, Workspace


class Incoming(Protocol):
    """A file that comes in pieces, such as Django's UploadedFile."""

    def chunks(self) -> Iterable[bytes]:
        """Its bytes, a piece at a time."""
        ...


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file ready to be kept: its facts and where it lies now. Sizes in bytes and pixels, time in seconds."""

    path: Path
    form: Format
    kind: MediaKind
    width: int = 0
    height: int = 0
    seconds: float = 0.0


def store(workspace: Workspace, user: User | None, file: Incoming, file_name: str, *, source_url: str = "") -> Asset:
    """The asset for a file somebody brought; the same file twice is the same asset.

    Raises Refused(field="file") with a remedy for what is too large, damaged or not taken.
    """
    with keep.workbench() as bench:
        came = bench / "came"
        came_as = _receive(file.chunks(), came)
        known = Asset.objects.filter(workspace=workspace, came_as=came_as, deleted_at=None).first()
        if known and keep.is_whole(known.storage_path, known.size):
            return known
        cleaned = clean(came, bench)
        return _kept(
            workspace,
            cleaned,
            {
                "uploaded_by": user,
                "came_as": came_as,
                "file_name": label(file_name, cleaned.form.extension),
                "source_url": source_url[:1000],
            },
        )


def clean(came: Path, bench: Path) -> Cleaned:
    """Recognise, verify and clean a file; `bench` is a folder to work in."""
    form = recognise(came)
    if form.kind is MediaKind.IMAGE:
        found = picture.clean(came, form)
        path = came
        if found.content is not None:
            path = bench / "cleaned"
            path.write_bytes(found.content)
        return Cleaned(path, form, found.kind, found.width, found.height)
    if form.kind is MediaKind.DOCUMENT:
        document.check(came)
        return Cleaned(came, form, form.kind)
    facts, target = recording.measure(came, form), bench / f"cleaned.{form.extension}"
    path = target if recording.clean(came, form, target) else came
    return Cleaned(path, form, form.kind, facts.width, facts.height, facts.seconds)


def _receive(chunks: Iterable[bytes], target: Path) -> str:
    """Write the pieces down, up to the limit; returns their hash."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for piece in _limited(chunks, settings.MAX_UPLOAD_BYTES):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in chunks:
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        yield piece


def too_large(limit: int) -> Refused:
    """The file is larger than the installation allows."""
    return Refused(
        _("The file is larger than %s.") % filesizeformat(limit),
        field="file",
        remedy=_("Make it smaller, or let the operator raise MASTHEAD_MAX_UPLOAD_BYTES."),
    )


def _kept(workspace: Workspace, cleaned: Cleaned, about: dict[str, Any]) -> Asset:
    sha256 = keep.hash_of(cleaned.path)
    facts = {
        "kind": cleaned.kind.value,
        "mime": cleaned.form.mime,
        "size": cleaned.path.stat().st_size,
        "width": cleaned.width,
        "height": cleaned.height,
        "seconds": cleaned.seconds,
    }
    with transaction.atomic():
        lock_content(workspace.pk, sha256)
        facts["storage_path"] = keep.put(cleaned.path, workspace.pk, sha256, cleaned.form.extension)
        asset, new = Asset.objects.get_or_create(workspace=workspace, sha256=sha256, defaults={**facts, **about})
        if not new:
            asset.deleted_at, asset.storage_path = None, facts["storage_path"]
            asset.came_as = about["came_as"]
            asset.save(update_fields=["deleted_at", "storage_path", "came_as"])
    return asset
