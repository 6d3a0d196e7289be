"""What a record becomes in a dataset: a row with its origin, or only its id where the platform wants no more. Pure."""

from __future__ import annotations

import json
from typing import Any

from masthead.contract.terms import Redistribution, Terms
from masthead.rights.items import Item
from masthead.rights.permit import is_own

RECORD_FIELDS: dict[str, str] = {
    "id": "The record's name in the archive it comes from",
    "platform": "The platform it was published on",
    "kind": "own_post, others_post, message, reaction or profile",
    "author": "Handle or id of who wrote it, where known",
    "text": "The text",
    "url": "Its address on the platform",
    "remote_id": "Its id on the platform",
    "posted_at": "When it was published (ISO 8601)",
    "language": "Language (BCP 47), where known",
    "reply_to": "Id of what it answers, where it answers something",
    "media": "Files as a JSON list: kind, address, description; the files themselves are not in the dataset",
    "obtained_via": "own, export, api or federation",
    "obtained_at": "When it was obtained (ISO 8601)",
    "operation": "The call that gave it, where it came through an API",
    "terms_version": "The version of the platform's terms it was obtained under; empty for one's own words",
    "preference": "What its subject wishes, as a JSON object by use",
}
ID_FIELDS: dict[str, str] = {
    "platform": "The platform it was published on",
    "remote_id": "Its id on the platform: whoever may read it there gets the rest there",
}


def record_row(item: Item) -> dict[str, str]:
    """Every field as text, in the order of RECORD_FIELDS."""
    row: dict[str, Any] = {name: getattr(item, name) for name in RECORD_FIELDS}
    row |= {"posted_at": item.posted_at.isoformat(), "obtained_at": item.obtained_at.isoformat()}
    row["media"] = json.dumps(item.told_media, ensure_ascii=False, default=str) if item.media else ""
    row["preference"] = json.dumps(dict(item.preference), sort_keys=True) if item.preference else ""
    return {name: str(value) for name, value in row.items()}


def id_row(item: Item) -> dict[str, str]:
    """Only what finds it again."""
    return {"platform": item.platform, "remote_id": item.remote_id}


def redistribution(item: Item, terms: Terms | None) -> Redistribution | None:
    """The platform's rule on handing on what its API told; None for the workspace's own, and where there is none."""
    return None if is_own(item) or terms is None else terms.redistribution
