"""Made-up archives for tests of imports, and a short way from an archive to its records."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from masthead.kit.clock import now
from masthead.rights.archive.imports import ask, pieces
from masthead.rights.archive.imports.bring import bring
from masthead.rights.models import Import
from masthead.workspaces.models import Workspace

FIRST = 1627000000000000001


def script(name: str, items: list[Any]) -> str:
    return f"window.YTD.{name}.part0 = " + json.dumps(items)


def tweets(number: int, start: int = 0) -> list[dict[str, Any]]:
    return [
        {"tweet": {"id_str": str(FIRST + n), "full_text": f"Post {n}", "created_at": "Sat Feb 18 12:33:11 +0000 2023"}}
        for n in range(start, start + number)
    ]


def archive(number: int = 3, **more: str | bytes) -> bytes:
    """A zip as one platform packs it, with so many posts."""
    account = script("account", [{"account": {"username": "ada", "accountId": "7", "accountDisplayName": "Ada"}}])
    return packed({"data/account.js": account, "data/tweets.js": script("tweets", tweets(number))} | more)


def packed(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return made.getvalue()


def brought(workspace: Workspace, data: bytes, name: str = "archive.zip") -> Import:
    """An import whose pieces are all there."""
    row = ask.begin(workspace, None, name, len(data), now=now())
    while (number := ask.next_piece(row)) is not None:
        row = ask.take_piece(row, number, data[number * pieces.PIECE : (number + 1) * pieces.PIECE])
    return row


def read(workspace: Workspace, data: bytes, name: str = "archive.zip") -> Import:
    """An import read to its end."""
    row = brought(workspace, data, name)
    bring(row.pk)
    row.refresh_from_db()
    return row


def free(row: Import) -> None:
    """As if the lease of a dead reader had run out."""
    Import.objects.filter(pk=row.pk).update(held_until=now() - timedelta(seconds=1))
