"""The files of records: kept by the hash of their content, under the workspace and apart from its library.

Apart, because an archive may hold a hundred thousand pictures that nobody wants to choose from when writing, and because they stay as
the platform gave them, as evidence, while the library removes what is hidden in a file. The same picture is kept once.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from masthead.contract.archive import ArchivedFile, Source
from masthead.kit.text import plain, web_address
from masthead.media.keep import reaching_storage
from masthead.rights.models import Record

_ENDING = re.compile(r"\.([a-z0-9]{1,5})\Z")


def kept(workspace_id: int, source: Source, one: ArchivedFile, bench: Path) -> dict[str, Any]:
    """A file as its record refers to it, put into storage where the archive holds it. Raises Unreadable."""
    about: dict[str, Any] = {"kind": one.kind, "alt": plain(one.alt)[:5000], "url": web_address(one.url, 2000)}
    if not one.name:
        return about
    target = bench / "file"
    digest, size = hashlib.sha256(), 0
    with closing(source.open(one.name)) as file, target.open("wb") as out:
        while data := file.read(1 << 20):
            digest.update(data)
            size += len(data)
            out.write(data)
    sha256, ending = digest.hexdigest(), _ENDING.search(one.name.lower())
    where = f"{workspace_id}/archive/{sha256[:2]}/{sha256}.{ending.group(1) if ending else 'bin'}"
    _put(target, where, size)
    mime = mimetypes.guess_type(one.name)[0] or "application/octet-stream"
    return about | {"file": where, "sha256": sha256, "size": size, "mime": mime, "name": plain(one.name)[-250:]}


@reaching_storage()
def _put(target: Path, where: str, size: int) -> None:
    if default_storage.exists(where):
        if default_storage.size(where) == size:
            return
        default_storage.delete(where)
    with target.open("rb") as file:
        default_storage.save(where, File(file))


def paths(found: Iterable[Record]) -> set[str]:
    """Where the files of these records lie."""
    return {one["file"] for record in found for one in record.media if one.get("file")}
