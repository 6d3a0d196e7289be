"""What is looked for: own posts out of the archive, through the gate, and texts that cannot be in a corpus (decoys).

Of a post with two wordings both are looked for, as they stood when chance decided: the one that was kept secret is a decoy, and the
twin of the other. This is the one way on which it leaves; whoever asks for an audit asks for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.db.models import Q

from masthead.posts.models import Post, Publication
from masthead.posts.states import Editorial, State
from masthead.posts.twins import Pair, pairs
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
    twins = {receipt: one for one in pairs(row.workspace) for receipt in one.receipts}
    said: set[str] = set()
    kept: dict[int, dict[str, Any]] = {}
    with path.open("w", encoding="utf-8") as file:
        for item in stream(release, _items(row)):
            if item.text.strip():
                pair, at = twins.get((item.platform, item.remote_id)), item.posted_at.isoformat()
                text = pair.published if pair else item.text
                said |= {_folded(item.text), _folded(text)}
                file.write(_line(id=item.id, text=text, posted_at=at))
                if pair:
                    kept.setdefault(pair.post, _twin(pair, item.id, at))
        for one in chain(kept.values(), decoys(row.workspace_id)):
            if _folded(one["text"]) not in said:
                file.write(_line(**one))
    if not said:
        raise Nothing("No post may be looked for. Bring an archive, publish something, or widen the filters.")
    return release


def _twin(pair: Pair, published: str, at: str) -> dict[str, Any]:
    """The wording kept secret, as the twin of the one that went out; of several channels, of the first."""
    return {"id": f"twin:{pair.post}", "text": pair.kept, "posted_at": at, "decoy": True, "twin_of": published}


def decoys(workspace_id: int) -> Iterator[dict[str, Any]]:
    """Texts of the workspace that never went out: drafts, and what was put away or cancelled before it was sent.

    Not drafts with two wordings that wait for the draw: either may be the one to keep secret.
    """
    maybe_out = Publication.objects.filter(workspace=workspace_id).filter(~Q(state__in=NEVER_OUT) | ~Q(receipts=[]))
    drafts = Post.objects.filter(workspace=workspace_id, state__in=KEPT_BACK).exclude(pk__in=maybe_out.values("post"))
    drafts = drafts.filter(Q(twin=None) | Q(twin__drawn__isnull=False))
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
