"""A small corpus with copies of posts in it, a workspace with those posts and with drafts, and made-up results for pages."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

from masthead.kit.clock import now
from masthead.posts.models import Post
from masthead.rights.archive.tests.scene import brought
from masthead.rights.audit.tests.corpora import SYLLABLES, words
from masthead.rights.audits.ask import ask_for
from masthead.rights.models import Audit, Finding
from masthead.workspaces.models import Workspace

LUCK = random.Random(7)  # noqa: S311
VOCABULARY = [a + b for a in SYLLABLES for b in SYLLABLES]
TEXTS = [" ".join(words(LUCK, VOCABULARY, 24)) for _ in range(60)]
DRAFTS = [" ".join(words(LUCK, VOCABULARY, 24)) for _ in range(80)]
COPIED = 30
MADE = {"name": "Crawl", "fields": ["text"], "wanted": {"kind": "own_post"}}


def corpus(folder: Path, lines: int = 4000) -> Path:
    """A file in JSON Lines in which the first texts stand, one in a document of its own."""
    folder.mkdir(exist_ok=True)
    luck = random.Random(8)  # noqa: S311
    rows = [" ".join(words(luck, VOCABULARY, 40)) for _ in range(lines)]
    for number in range(COPIED):
        rows[number * (lines // COPIED)] += f" {TEXTS[number]} and an end"
    path = folder / "crawl.jsonl"
    path.write_text("".join(json.dumps({"text": one}) + "\n" for one in rows))
    return path


def filled(workspace: Workspace) -> None:
    """Posts in the archive, and drafts."""
    for number, text in enumerate(TEXTS):
        brought(workspace, text, number, remote_id=str(number))
    Post.objects.bulk_create(Post(workspace=workspace, segments=[{"text": text}]) for text in DRAFTS)


def asked(workspace: Workspace, root: Path, below: str = "crawl.jsonl") -> Audit:
    """An audit that waits."""
    given = MADE | {"corpus": {"root": str(root), "below": below}}
    return ask_for(workspace, given, by=workspace.users.get(), now=now())


def free(row: Audit) -> None:
    """As if the lease of a dead process had run out."""
    Audit.objects.filter(pk=row.pk).update(held_until=now() - timedelta(seconds=1))


def finished(row: Audit, findings: int = 45, judged: bool = True) -> Audit:
    """The same audit with an outcome."""
    rate = {"name": "all", "live": 60, "live_hits": 30, "decoys": 80, "decoy_hits": 0, "p": 1e-9}
    counts: dict[str, Any] = {
        "totals": {"documents": 4000, "size": 1_000_000, "matches": 30, "problems": 0},
        "posts": 60, "texts": 60, "decoys": 80, "judged": judged, "reason": "", "warnings": ["Few decoys."],
        "standings": {"attributed": findings - 5, "short": 5}, "tiers": {"exact": findings - 5, "quoted": 5}, "findings": findings,
        "population": {"total": rate, "excess": 0.5, "low": 0.4, "high": 0.6} if judged else None,
        "twins": {"pairs": 30, "wins": 25, "losses": 2, "ties": 3, "p": 0.0001} if judged else None,
        "problems": [{"source": "crawl.jsonl", "problem": "is no JSON", "remedy": "Get it again"}], "skipped": [],
        "inputs": [{"place": "/srv/crawl.jsonl", "documents": 4000, "matches": 30, "sha256": "0" * 64, "size": 9}], "files": 1,
        "command": "masthead audit run", "posts_sha256": "0" * 64, "version": "1",
    }  # fmt: skip
    Audit.objects.filter(pk=row.pk).update(state=Audit.State.FINISHED, finished_at=now(), counts=counts)
    root = row.corpus["root"]
    Finding.objects.bulk_create(
        Finding(
            audit=row, number=number, item=f"imported:{number}", standing="short" if number >= findings - 5 else "attributed",
            tier="exact", q=0.01, words=24, post_words=24, bits=200, places=2, source=f"{root}/crawl.jsonl", document=number,
            post=[["We bake ", False], [f"fresh bread {number}", True]], place=[["they say <b>", False], [f"fresh bread {number}", True]],
            doc_start=0, start=12, end=40, sha256="a" * 64,
        )
        for number in range(findings)
    )  # fmt: skip
    row.refresh_from_db()
    return row
