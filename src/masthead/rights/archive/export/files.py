"""The files of a copy: out of storage into the zip, each once, and what each item then calls them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from masthead.media.bundle import Zip
from masthead.rights.archive.media import kept

SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
INNER = ("file",)


class Files:
    """Which files are in the zip; `missing` names those that storage did not have."""

    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.missing: list[dict[str, str]] = []
        self.packed: set[str] = set()

    def pack(self, made: Zip, items: Iterable[Mapping[str, Any]]) -> None:
        """Every file that an item names, once."""
        seen: set[str] = set()
        for medium in (medium for one in items for medium in one["media"]):
            file = kept(self.workspace_id, medium)
            name = self.name(medium)
            if file is None or name is None or name in seen:
                continue
            seen.add(name)
            if made.add_kept(name, file.path, mime=file.mime):
                self.packed.add(name)
            elif len(self.missing) < 1000:
                self.missing.append({"what": name, "why": "It is no longer in the media storage."})

    def name(self, medium: Mapping[str, Any]) -> str | None:
        """Where the file of a medium lies in the zip; None where it is not kept."""
        file = kept(self.workspace_id, medium)
        if file is None:
            return None
        suffix = PurePosixPath(file.path).suffix
        digest = hashlib.sha256(file.path.encode()).hexdigest()[:32]
        return f"media/{digest}{suffix if SUFFIX.fullmatch(suffix) else ''}"

    def placed(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item with its files by their place in the zip (`path`)."""
        return item | {"media": [self._placed(one) for one in item["media"]]}

    def _placed(self, medium: Mapping[str, Any]) -> dict[str, Any]:
        name = self.name(medium)
        rest = {key: value for key, value in medium.items() if key not in INNER}
        return rest | ({"path": name} if name in self.packed else {})
