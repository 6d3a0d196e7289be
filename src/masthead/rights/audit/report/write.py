"""Writes a report: findings, page, document to print, and the signed statement over the three."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from masthead.rights.audit.report import findings, html, pdf
from masthead.rights.audit.report.about import About
from masthead.rights.audit.report.content import content
from masthead.rights.audit.report.fonts import Fonts, fonts
from masthead.rights.audit.values import Match, Post
from masthead.rights.audit.verdicts import Verdicts
from masthead.rights.datasets import dsse

CLAIM: Final = "urn:masthead:audit-report:v1"
SIGNED: Final = ("findings.jsonl", "report.html", "report.pdf")
ON_PAGE: Final = 200
"""Attributed posts with their evidence on the page; findings.jsonl has all."""
PRINTED: Final = 40


def write(
    folder: Path,
    about: About,
    posts: Sequence[Post],
    matches: Sequence[Match],
    verdicts: Verdicts,
    *,
    key: Ed25519PrivateKey | None = None,
    letters: Fonts | None = None,
) -> Ed25519PublicKey:
    """Write findings.jsonl, report.html, report.pdf, report.dsse.json and report.pub into the folder.

    Without a key one is made and forgotten: its signature says that the files belong together and are unchanged, not whose they are.
    Returns the public key, which is in report.pub as well.
    """
    signer = key or Ed25519PrivateKey.generate()
    name = dsse.key_id(signer.public_key())
    findings.write(folder / SIGNED[0], posts, matches, verdicts)
    page = html.page(content(about, posts, matches, verdicts, name, ON_PAGE))
    (folder / SIGNED[1]).write_bytes(page)
    printed = content(about, posts, matches, verdicts, name, PRINTED)
    foot = f"signed by {name[:16]}   posts {about.posts_sha256[:16]}"
    (folder / SIGNED[2]).write_bytes(pdf.document(printed, letters or fonts(), about.made_at, foot))
    _sign(folder, about, verdicts, signer)
    return signer.public_key()


def _sign(folder: Path, about: About, verdicts: Verdicts, signer: Ed25519PrivateKey) -> None:
    subjects = {name: dsse.digest(folder / name) for name in SIGNED}
    envelope = dsse.attest(subjects, CLAIM, _predicate(about, verdicts), [signer])
    (folder / "report.pub").write_text(dsse.public_pem(signer.public_key()), encoding="ascii")
    # last, and at once: a report that has its statement is complete
    beside = folder / ".report.dsse.json.new"
    beside.write_text(json.dumps(envelope, indent=2) + "\n", encoding="ascii")
    beside.replace(folder / "report.dsse.json")


def _predicate(about: About, verdicts: Verdicts) -> dict[str, Any]:
    """What the signature claims beside the digests: how it was made, and what came of it in numbers."""
    population, twins = verdicts.population, verdicts.twins
    return {
        "about": about.as_json(),
        "target": verdicts.target,
        "seed": verdicts.seed,
        "posts": verdicts.posts,
        "matches": verdicts.matches,
        "attributed": len(verdicts.attributed),
        "decoys": verdicts.decoys.count,
        "population_p": None if population is None else population.total.p,
        "twins_p": None if twins is None else twins.p,
    }


def check(folder: Path, key: Ed25519PublicKey) -> list[str]:
    """Names of the report's files that are missing or were changed since `key` signed them.

    Raises NotSigned where the statement is not signed by that key. Take the key from whom you trust, not from the folder.
    """
    statement = dsse.read((folder / "report.dsse.json").read_bytes(), [key], CLAIM)
    missing = [name for name in SIGNED if name not in statement.subjects]
    return missing + dsse.changed(statement, folder)
