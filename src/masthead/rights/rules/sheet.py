"""A platform's terms as a sheet: the table of kinds and uses, the clauses in order, and what follows for what leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from masthead.contract.platform import Platform
from masthead.contract.terms import KINDS, USES, Kind, Term, Use, Verdict
from masthead.rights.items import Item, Via
from masthead.rights.permit import Answer, Grant, Rules, answer


@dataclass(frozen=True, slots=True)
class Cell:
    """One use of one kind: its rule, and the number of the clause below the table."""

    kind: Kind
    use: Use
    term: Term
    number: int


@dataclass(slots=True)
class Clause:
    """A clause with everything it decides."""

    number: int
    term: Term
    decides: list[Term] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One platform's page: `rows` by kind, `clauses` by number, `outcomes` what may leave (see `outcomes`)."""

    platform: Platform
    rows: tuple[tuple[Kind, tuple[Cell, ...]], ...]
    clauses: tuple[Clause, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gate says of a typical record: where from, for the workspace, for an AI company with a grant."""

    via: Via
    kind: Kind
    mine: Verdict
    theirs: Verdict
    trained: Verdict


TYPICAL: tuple[tuple[Via, Kind], ...] = (
    ("own", "own_post"),
    ("export", "own_post"),
    ("api", "own_post"),
    ("api", "others_post"),
    ("api", "message"),
)

OUT: tuple[Use, ...] = ("redistribute", "ai_train")


def sheet(platform: Platform, now: datetime) -> Sheet:
    """Everything the page says of a platform. Kinds of which nothing at all is known come together at the end."""
    clauses: dict[tuple[str, str], Clause] = {}
    rows = []
    for kind in KINDS:
        cells = []
        for use in USES:
            term = platform.terms.rule(kind, use)
            if term is None:
                continue
            clause = clauses.setdefault((term.clause, term.source.url), Clause(len(clauses) + 1, term))
            clause.decides.append(term)
            cells.append(Cell(kind, use, term, clause.number))
        rows.append((kind, tuple(cells)))
    return Sheet(platform, tuple(rows), tuple(clauses.values()), tuple(outcomes(platform, now)))


def outcomes(platform: Platform, now: datetime) -> Iterable[Outcome]:
    """Asked of the gate itself, so that the page cannot say anything else than what happens."""
    everything = Grant("example", "example", frozenset(USES), lambda _item: True, datetime(1970, 1, 1, tzinfo=UTC))
    rules = Rules({platform.key: platform.terms})
    for via, kind in TYPICAL:
        one = example(platform.key, kind, via, now)
        theirs, trained = (
            answer(one, use, rules=rules, grants=[everything], now=now, to="example").verdict for use in OUT
        )
        yield Outcome(via, kind, answer(one, "redistribute", rules=rules, now=now).verdict, theirs, trained)


def example(platform: str, kind: Kind, via: Via, now: datetime) -> Item:
    """A record of a kind that was obtained this moment, without any wishes of its subject."""
    return Item(
        id="example",
        workspace_id=0,
        platform=platform,
        channel_id=None,
        kind=kind,
        author="",
        text="",
        url="",
        remote_id="",
        posted_at=now,
        obtained_via=via,
        obtained_at=now,
    )


def may_i(platform: Platform, kind: Kind, via: Via, use: Use, *, to_others: bool, now: datetime) -> Answer:
    """The gate's answer for an example; to somebody else without any grant."""
    rules = Rules({platform.key: platform.terms})
    return answer(example(platform.key, kind, via, now), use, rules=rules, now=now, to="example" if to_others else "")
