"""What is looked for: own posts out of the archive, through the gate, and texts that cannot be in a corpus (decoys)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q

from masthead.posts.models import Post, Publication
from masthead.posts.states import Editorial, State
from masthead.rights.archive.asked import restored
from masthead.rights.archive.shelves import everything
from masthead.rights.items import Item
from masthead.rights.models import Audit, Release
from masthead.rights.release import begin, stream

NEVER_OUT = (State.CANCELLED, State.EXPIRED)
"""Ends of a publication after which, without a receipt, certainly nothing is out."""
KEPT_BACK = (Editorial.DRAFT, Editorial.ARCHIVED)


class Nothing(Exception):
    """There is no post to look for; the text says what to do."""


def write(row: Audit, path: Path, now: datetime) -> Release:
    """One line for each text; the release tells what stayed in. Raises Nothing."""
    actor = row.asked_by.email if row.asked_by else "worker"
    release = begin(row.workspace, "analyse", purpose=f"audit: {row.name}", actor=actor, at=now)
    said: set[str] = set()
    with path.open("w", encoding="utf-8") as file:
        for item in stream(release, _items(row)):
            if item.text.strip():
                said.add(_folded(item.text))
                file.write(_line(id=item.id, text=item.text, posted_at=item.posted_at.isoformat()))
        for one in decoys(row.workspace_id):
            if _folded(one["text"]) not in said:
                file.write(_line(**one))
    if not said:
        raise Nothing("No post may be looked for. Bring an archive, publish something, or widen the filters.")
    return release


def decoys(workspace_id: int) -> Iterator[dict[str, Any]]:
    """Texts of the workspace that never went out: drafts, and what was put away or cancelled before it was sent."""
    maybe_out = Publication.objects.filter(workspace=workspace_id).filter(~Q(state__in=NEVER_OUT) | ~Q(receipts=[]))
    drafts = Post.objects.filter(workspace=workspace_id, state__in=KEPT_BACK).exclude(pk__in=maybe_out.values("post"))
    for post in drafts.defer("words").order_by("pk").iterator(chunk_size=500):
        for place, segment in enumerate(post.segments):
            if segment.get("text", "").strip():
                at = post.created_at.isoformat()
                yield {"id": f"draft:{post.pk}:{place}", "text": segment["text"], "posted_at": at, "decoy": True}


def _items(row: Audit) -> Iterator[Item]:
    for page in everything(row.workspace, restored(row.wanted)):
        yield from page.items


def _line(**post: Any) -> str:
    return json.dumps(post) + "\n"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
