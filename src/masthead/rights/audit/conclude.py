"""The last step of a run: judge what was found, and write the report beside it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from masthead.rights.audit.folder import Folder
from masthead.rights.audit.judge import judge
from masthead.rights.audit.report.about import About, Input
from masthead.rights.audit.report.write import write
from masthead.rights.audit.verdicts import Verdicts

REPORT = "report.dsse.json"
"""Written last, so a report that has it is complete."""


def concluded(folder: Folder) -> bool:
    """Whether the report is there."""
    return (folder.path / REPORT).exists()


def conclude(folder: Folder, *, made_at: str, key: Ed25519PrivateKey | None = None) -> Verdicts:
    """Judge a finished run and write its report. Memory holds all matches. Raises NotARun where the run is not finished."""
    result, run = folder.result, folder.run
    posts, matches = folder.posts(), list(folder.matches())
    options = run["options"]
    verdicts = judge(posts, matches, target=options["target"], seed=options["seed"])
    inputs = tuple(Input(one["place"], one["sha256"], one["size"], one["documents"]) for one in result["inputs"])
    about = About(
        made_at,
        run["versions"]["masthead"],
        command(run),
        run["posts"]["sha256"],
        inputs,
        {**options, **run["versions"]},
    )
    write(folder.path, about, posts, matches, verdicts, key=key)
    return verdicts


def command(run: Mapping[str, Any]) -> str:
    """What to type to do a run again."""
    options = run["options"]
    words = ["masthead", "audit", "run", "--posts", run["posts"]["file"]]
    words += [word for place in run["places"] for word in ("--corpus", place)]
    words += [word for name in options["fields"] for word in ("--field", name)]
    words += ["--format", options["form"]] if options["form"] else []
    words += ["--n", str(options["n"]), "--seed", str(options["seed"]), "--target", str(options["target"])]
    return shlex.join(words)
