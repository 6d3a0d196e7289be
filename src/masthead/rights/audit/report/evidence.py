"""The evidence: attributed posts, the surest first, then a sample of what was not attributed, so that a reader can judge both."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from masthead.rights.audit.report.beside import marked, placed
from masthead.rights.audit.report.blocks import Block, Heading, Pair, Words
from masthead.rights.audit.report.findings import digest
from masthead.rights.audit.report.plain import percent, plain, when
from masthead.rights.audit.values import Post
from masthead.rights.audit.verdicts import STANDINGS, Finding, Verdicts

SAMPLE: Final = 8
"""Findings that were not attributed and are shown all the same."""


def evidence(posts: Sequence[Post], verdicts: Verdicts, shown: int) -> list[Block]:
    """Posts beside their best places: at most `shown` attributed ones, and a sample of the others drawn with the audit's seed."""
    attributed = sorted(verdicts.attributed, key=lambda one: (one.q, -one.best.margin, one.post))
    others = [one for one in verdicts.findings if one.standing not in ("attributed", "decoy")]
    chosen = random.Random(verdicts.seed).sample(others, min(SAMPLE, len(others)))  # noqa: S311 - a sample to look at, no secret
    blocks: list[Block] = []
    if attributed:
        blocks += [
            Heading("Attributed posts"),
            Words(_told(len(attributed), shown)),
            *_pairs(posts, attributed[:shown]),
        ]
    if chosen:
        blocks += [Heading("Found, but not attributed"), Words(_sampled(len(chosen), len(others)))]
        blocks += _pairs(posts, sorted(chosen, key=lambda one: one.post))
    return blocks


def _told(count: int, shown: int) -> str:
    which = "All" if count <= shown else f"The {shown:,} surest of {count:,}"
    return (
        f"{which}, each beside its best place. Marked are the words of the post that stand there, and the place. Texts are shown as "
        f"they read; bytes count what is stored, escapes included."
    )


def _sampled(shown: int, count: int) -> str:
    return f"{shown:,} of {count:,}, drawn at random with the seed of the audit."


def _pairs(posts: Sequence[Post], findings: Sequence[Finding]) -> list[Pair]:
    return [_pair(posts[one.post], one) for one in findings]


def _pair(post: Post, finding: Finding) -> Pair:
    best = finding.best
    places = f"in {finding.places:,} documents, the best of them here" if finding.places > 1 else "in one document"
    sure = f", error rate {percent(finding.q)}" if finding.q is not None else ""
    note = STANDINGS[finding.standing] if finding.standing != "attributed" else ""
    return Pair(
        title=f"Post {plain(post.id, 80)}",
        note=f"{best.tier.capitalize()}: {best.words} of {best.post_words} words, {best.score:.0f} bits, {places}{sure}. {note}".strip(),
        post=marked(post.text, best.text),
        place=placed(best),
        facts=(
            ("Posted", when(post.posted_at) or "not given"),
            ("File", plain(best.source, 300)),
            ("Document", f"{best.document:,}, which begins at byte {best.doc_start:,}"),
            ("Bytes of the document", f"{best.start:,} to {best.end:,}"),
            ("SHA-256 of the text there", digest(best.text)),
            ("SHA-256 of the post", digest(post.text)),
        ),
    )
