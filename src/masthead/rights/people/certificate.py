"""The certificate of an erasure: a signed statement of what was looked at and emptied, and of what was not looked at."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from masthead.kit.text import handle
from masthead.rights.datasets.dsse import attest
from masthead.rights.models import Erasure, Import
from masthead.rights.signing import key_of, private_half
from masthead.workspaces.models import Workspace

CLAIM = "urn:masthead:erasure:1"
LOOKED_AT = (
    "records brought in with archives that the person wrote, by the author's handle or id without regard to case: emptied",
    "copies of the archive and datasets made before: their files are deleted, and what was being made began anew",
)
NOT_LOOKED_AT = (
    "what the workspace itself wrote, also where it quotes the person",
    "posts read from the workspace's own channels: where one is a repost, its author is not kept",
    "copies and datasets that were taken from here before, and backups",
)
UPLOADS = (
    "archives that were uploaded and not read to their end: what they bring of the person is emptied within an hour"
)


def certificate(row: Erasure, person: str, taken_back: Mapping[str, int]) -> dict[str, Any]:
    """Signed with the workspace's key. It names the person by a salted digest, which only who knows the handle can check."""
    salt = secrets.token_hex(16)
    told = json.dumps([row.platform, handle(person)], ensure_ascii=False)
    who = hashlib.sha256(f"{salt}{told}".encode()).hexdigest()
    about = {
        "platform": row.platform,
        "salt": salt,
        "who": "SHA-256 of the salt and the JSON list of platform and handle, case folded and without the sign before it",
        "by": row.workspace.name,
        "erased": row.counts,
        "taken_back": dict(taken_back),
        "looked_at": list(LOOKED_AT),
        "not_looked_at": [*NOT_LOOKED_AT, *_uploads(row.workspace)],
        "asked_on": row.asked_on.isoformat(),
        "done_at": row.done_at.isoformat(),
        "kept": "that an erasure took place, and a digest by which these words are known again and refused",
    }
    return attest({"person": who}, CLAIM, about, [private_half(key_of(row.workspace, row.done_at))])


def _uploads(workspace: Workspace) -> list[str]:
    """Named only where there are any."""
    there = Import.objects.filter(workspace=workspace).exclude(storage_path="").exclude(state=Import.State.FINISHED)
    return [UPLOADS] if there.exists() else []
