"""Every match as a line: enough to look it up in the corpus, and to count the error rates again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from masthead.rights.audit.values import Match, Post
from masthead.rights.audit.verdicts import Finding, Verdicts


def lines(posts: Sequence[Post], matches: Sequence[Match], verdicts: Verdicts) -> Iterator[dict[str, Any]]:
    """One object for each match, in the order of posts, sources and places; decoys are among them.

    `standing`, `q` and `group` are those of the post; `best` marks the match they rest on.
    """
    of_post = {one.post: one for one in verdicts.findings}
    for match in sorted(matches, key=lambda one: (one.post, one.source, one.document, one.start, one.end)):
        yield _line(posts[match.post], match, of_post[match.post])


def _line(post: Post, match: Match, finding: Finding) -> dict[str, Any]:
    return {
        "post": post.id,
        "post_sha256": digest(post.text),
        "standing": finding.standing,
        "q": finding.q,
        "group": finding.group,
        "best": match == finding.best,
        "source": match.source,
        "document": match.document,
        "doc_start": match.doc_start,
        "start": match.start,
        "end": match.end,
        "tier": match.tier,
        "words": match.words,
        "post_words": match.post_words,
        "score": round(match.score, 3),
        "margin": round(match.margin, 3),
        "text": match.text,
        "text_sha256": digest(match.text),
    }


def write(path: Path, posts: Sequence[Post], matches: Sequence[Match], verdicts: Verdicts) -> None:
    """Write findings.jsonl. Letters beyond ASCII are escaped, because a corpus can hold what no UTF-8 can."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for one in lines(posts, matches, verdicts):
            file.write(json.dumps(one, sort_keys=True) + "\n")


def digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
