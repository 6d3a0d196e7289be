"""What a platform's terms allow with data obtained there, per kind of record and use.

What is not stated is unknown, and unknown is not allowed. Clauses are paraphrased in our own words, each with where it
stands and when it was read there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, get_args

from masthead.contract.capabilities import Source
from masthead.kit.words import N_ as _

Kind = Literal["own_post", "others_post", "message", "profile", "reaction", "ad_metrics"]
Use = Literal["display", "store", "analyse", "combine", "ai_input", "ai_train", "redistribute"]
Verdict = Literal["allow", "ask", "unknown", "deny"]
Evidence = Literal["read", "copy", "report", "none"]

KINDS: tuple[Kind, ...] = get_args(Kind)
USES: tuple[Use, ...] = get_args(Use)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""From the mildest to the most restrictive."""


@dataclass(frozen=True, slots=True)
class Term:
    """One rule: what may be done (`use`) with a kind of record, and the clause that says so, in our words.

    `ask`: only with the person's own consent or a grant. `unknown`: we looked, and found nothing that tells.
    `within`: how long after it was obtained an allowed use may last; None without a limit.
    `to_others`: the verdict where it goes to somebody else than the workspace; None where that is the same.
    `evidence`: the page itself was read, a kept copy of it, a report about it, or nothing could be.
    """

    kind: Kind
    use: Use
    verdict: Verdict
    clause: str
    source: Source
    within: timedelta | None = None
    evidence: Evidence = "read"
    to_others: Verdict | None = None

    def verdict_for(self, *, others: bool) -> Verdict:
        """The verdict for the workspace itself, or for somebody else."""
        return self.to_others if others and self.to_others else self.verdict


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is deleted there must be deleted here: `within` how long after it was learnt, None where no time is named."""

    clause: str
    source: Source
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Redistribution:
    """How what the API told may be handed on, where that is allowed at all.

    `ids_only`: ids, without content. `limits`: at most so many records within a time, of one workspace; all hold.
    """

    clause: str
    source: Source
    ids_only: bool = False
    limits: tuple[tuple[int, timedelta], ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of a platform's terms, as a record can name it. `effective_on`: since when it holds, None where nobody says.

    `per_server`: every server of the network has terms of its own; what stands here is a careful reading of the usual ones.
    `also`: other versions whose records are judged by these rules, since the rules did not change between them.
    """

    version: str
    effective_on: date | None
    rules: tuple[Term, ...]
    deletion: Deletion | None = None
    redistribution: Redistribution | None = None
    per_server: bool = False
    also: frozenset[str] = frozenset()
    by: Mapping[tuple[Kind, Use], Term] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuses two verdicts for one use of one kind."""
        by = {(one.kind, one.use): one for one in self.rules}
        if len(by) != len(self.rules):
            raise ValueError(f"version {self.version} of the terms says two things of one use")
        object.__setattr__(self, "by", by)

    def rule(self, kind: Kind, use: Use) -> Term | None:
        """What is stated on a use of a kind; None where nothing is."""
        return self.by.get((kind, use))

    def verdict(self, kind: Kind, use: Use) -> Verdict:
        """What the terms say to a use: unknown where they say nothing."""
        found = self.rule(kind, use)
        return found.verdict if found else "unknown"


def say(
    kinds: Kind | Sequence[Kind],
    uses: Use | Sequence[Use],
    verdict: Verdict,
    clause: str,
    source: Source,
    *,
    within: timedelta | None = None,
    evidence: Evidence = "read",
    to_others: Verdict | None = None,
) -> Iterable[Term]:
    """One clause for several kinds and uses."""
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        for use in [uses] if isinstance(uses, str) else uses:
            yield Term(kind, use, verdict, clause, source, within, evidence, to_others)


SILENT = _("We looked and found nothing that tells.")


def whole(
    version: str,
    effective_on: date | None,
    *stated: Iterable[Term],
    rest: Source,
    silent: str = SILENT,
    evidence: Evidence = "read",
    deletion: Deletion | None = None,
    redistribution: Redistribution | None = None,
    per_server: bool = False,
) -> Terms:
    """Terms in which every kind and use has a rule: what none of `stated` speaks of is knowingly unknown, looked for in `rest`."""
    rules = [one for some in stated for one in some]
    known = {(one.kind, one.use) for one in rules}
    missing = [(kind, use) for kind in KINDS for use in USES if (kind, use) not in known]
    rules += [Term(kind, use, "unknown", silent, rest, None, evidence) for kind, use in missing]
    return Terms(version, effective_on, tuple(rules), deletion, redistribution, per_server)


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The most restrictive of several; unknown where there is none."""
    return max(verdicts, key=VERDICTS.index, default="unknown")
