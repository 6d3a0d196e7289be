"""Pure: the reference page of terms, written from the connectors' data, and the lines a command prints of one platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from masthead.contract.platform import Platform
from masthead.contract.terms import KINDS, USES, Kind, Term, Terms

OPENING = """# Terms

What each platform's terms allow with data obtained from it, per kind of record and use. The gate of Masthead goes by this table: what
is denied stays in, what must be asked for needs consent or a grant, and what is unknown stays in too. It binds what came through
the platform's API or by federation; what a workspace wrote itself, and its account's own archive, is its own
([why](../discussion/rights.md)). Clauses are paraphrased, the source has the last word, and none of this is legal advice.

This page is written by `masthead rights page` from the data of the connectors, and a test compares the two.

A use: *display* to the workspace's members, *store*, *analyse* for the workspace, *combine* with other data, *ai_input* as a prompt,
*ai_train* to train or fine-tune a model, *redistribute* as an export or to others. Evidence: *read* at the source, in a *copy*, in a
*report* about it, or *none* where it could not be read. A number in brackets is the clause below the table.
"""


def page(platforms: Mapping[str, Platform]) -> str:
    """The page, in Markdown, without the sandbox."""
    parts = [OPENING]
    for platform in sorted(platforms.values(), key=lambda one: one.name.lower()):
        if platform.home.url.startswith("https://"):
            parts.append("\n".join(_section(platform)) + "\n")
    return "\n".join(parts)


def _section(platform: Platform) -> Iterator[str]:
    terms, numbers = platform.terms, numbered(platform.terms)
    yield f"## {platform.name}\n"
    yield _about(terms) + "\n"
    yield "| kind | " + " | ".join(USES) + " |"
    yield "|---" * (len(USES) + 1) + "|"
    for kind in KINDS:
        yield f"| {kind} | " + " | ".join(_cell(terms.rule(kind, use), numbers) for use in USES) + " |"
    yield ""
    for (clause, url), number in numbers.items():
        one = next(term for term in terms.rules if (term.clause, term.source.url) == (clause, url))
        yield f"{number}. {clause} <{url}> ({one.evidence}, {one.source.checked_on:%Y-%m-%d})"
    if terms.redistribution:
        yield f"\nHanding on: {terms.redistribution.clause} <{terms.redistribution.source.url}>"
    if terms.deletion:
        yield f"\nDeletions: {terms.deletion.clause} <{terms.deletion.source.url}>"


def _about(terms: Terms) -> str:
    since = f"in force since {terms.effective_on:%Y-%m-%d}" if terms.effective_on else "as read on that day"
    each = (
        " Every server has terms of its own; this is a careful reading of the usual ones." if terms.per_server else ""
    )
    return f"Version {terms.version}, {since}.{each}"


def numbered(terms: Terms) -> dict[tuple[str, str], int]:
    """Clauses with their sources, in the order in which the table meets them, from one."""
    met = (terms.rule(kind, use) for kind in KINDS for use in USES)
    return {key: number for number, key in enumerate(dict.fromkeys((t.clause, t.source.url) for t in met if t), 1)}


def _cell(term: Term | None, numbers: Mapping[tuple[str, str], int]) -> str:
    if term is None:
        return "unknown"
    limit = f" {span(term.within)}" if term.within else ""
    others = f", others {term.to_others}" if term.to_others else ""
    return f"{term.verdict}{limit}{others} ({numbers[term.clause, term.source.url]})"


def span(within: timedelta) -> str:
    """A time limit as it is printed: hours up to two days, else days."""
    hours = int(within.total_seconds() // 3600)
    return f"{hours} h" if hours <= 48 else f"{hours // 24} d"


def lines(platform: Platform, kinds: Sequence[Kind] = KINDS) -> Iterator[str]:
    """One line for each rule, for a terminal."""
    yield f"{platform.name}. {_about(platform.terms)}"
    for kind in kinds:
        for use in USES:
            if term := platform.terms.rule(kind, use):
                limit = f" within {span(term.within)}" if term.within else ""
                others = f" (to others: {term.to_others})" if term.to_others else ""
                yield f"{kind:12} {use:13} {term.verdict + limit + others:24} {term.clause} {term.source.url}"
