"""What is kept of an audit: its files in storage, the first findings and the numbers in the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from django.db import transaction

from masthead.media.bundle import put
from masthead.media.keep import hash_of
from masthead.rights.audit.conclude import command
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.report.beside import marked, placed
from masthead.rights.audit.report.findings import digest
from masthead.rights.audit.report.plain import plain
from masthead.rights.audit.values import Post
from masthead.rights.audit.verdicts import STANDINGS, Verdicts
from masthead.rights.audit.verdicts import Finding as Verdict
from masthead.rights.audits.ask import kept_at
from masthead.rights.audits.words import FILES
from masthead.rights.models import Audit, Finding

SHOWN = 2_000
"""Findings that the pages show; findings.jsonl has all."""
LISTED = 50
"""Problems, and files of the corpus, that the page lists."""


def keep(row: Audit, folder: Folder, verdicts: Verdicts) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put the report into storage and the findings into the database; `files` and `counts` of the row. Safe to do again."""
    posts = folder.posts()
    with transaction.atomic():
        Finding.objects.filter(audit=row).delete()
        found = sorted(verdicts.findings, key=_surest)
        Finding.objects.bulk_create(
            (_row(row, number, posts[one.post], one) for number, one in enumerate(found[:SHOWN])), batch_size=200
        )
    return dict(_stored(row, folder)), _counted(folder, verdicts)


def _stored(row: Audit, folder: Folder) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in FILES:
        path = folder.path / name
        if path.exists():
            with path.open("rb") as file:
                put(kept_at(row, name), file)
            yield name, {"size": path.stat().st_size, "sha256": hash_of(path)}


def _surest(one: Verdict) -> tuple[int, float, float, int]:
    """In the order of the standings; the surest first."""
    return list(STANDINGS).index(one.standing), 1.0 if one.q is None else one.q, -one.best.score, one.post


def _row(audit: Audit, number: int, post: Post, found: Verdict) -> Finding:
    best = found.best
    return Finding(
        audit=audit,
        number=number,
        item=plain(post.id, 200),
        posted_at=plain(post.posted_at, 40),
        standing=found.standing,
        tier=best.tier,
        q=found.q,
        words=best.words,
        post_words=best.post_words,
        bits=round(best.score, 1),
        places=found.places,
        # a wording kept secret stays in: what all members see is the corpus' side of the match
        post=[] if post.twin_of else marked(post.text, best.text),
        place=placed(best),
        source=plain(best.source, 1000),
        document=best.document,
        doc_start=best.doc_start,
        start=best.start,
        end=best.end,
        sha256=digest(best.text),
    )


def _counted(folder: Folder, verdicts: Verdicts) -> dict[str, Any]:
    run, result = folder.run, folder.result
    tiers = Counter(one.best.tier for one in verdicts.findings if one.standing != "decoy")
    counts = {
        "totals": result["totals"],
        "posts": run["posts"]["count"] - run["posts"]["decoys"],
        "texts": verdicts.decoys.live,
        "decoys": verdicts.decoys.count,
        "judged": not verdicts.decoys.reason,
        "reason": verdicts.decoys.reason,
        "warnings": verdicts.decoys.warnings,
        "standings": Counter(one.standing for one in verdicts.findings),
        "tiers": tiers,
        "findings": len(verdicts.findings),
        "population": asdict(verdicts.population) if verdicts.population else None,
        "twins": asdict(verdicts.twins) if verdicts.twins else None,
        "problems": _plain(folder.problems(), ("source", "problem", "remedy")),
        "skipped": _plain(run["skipped"], ("place", "problem", "remedy")),
        "inputs": [{**one, "place": plain(one["place"], 1000)} for one in islice(result["inputs"], LISTED)],
        "files": len(result["inputs"]),
        "command": plain(command(run), 4000),
        "posts_sha256": run["posts"]["sha256"],
        "version": run["versions"]["masthead"],
    }
    # numbers of numpy become plain ones, and what is no number becomes nothing: the database takes neither
    plain_numbers: dict[str, Any] = json.loads(json.dumps(counts, default=float), parse_constant=lambda _name: None)
    return plain_numbers


def _plain(rows: Any, names: Sequence[str]) -> list[dict[str, str]]:
    return [{name: plain(str(one.get(name, "")), 1000) for name in names} for one in islice(rows, LISTED)]
