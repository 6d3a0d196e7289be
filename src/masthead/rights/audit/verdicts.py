"""What a judged audit says: what stands where (facts), what is put down to the posts (inference, with its error rate), and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from masthead.rights.audit.values import Match

Standing = Literal["attributed", "unproven", "short", "common", "shared", "outmatched", "undecided", "decoy"]

STANDINGS: Final[dict[Standing, str]] = {
    "attributed": "Stands there, and is put down to the post at the error rate asked for.",
    "unproven": "Stands there, but texts that cannot be in the corpus match as well as this by chance too often.",
    "short": "Stands there; under 8 words, which many people may write, so it counts only in the comparison of rates.",
    "common": "Stands in so many documents that it is a phrase of everybody.",
    "shared": "Stands there; a text that cannot be in the corpus has the very same words, so the words prove nothing.",
    "outmatched": "Stands there, but each of the places fits another of the posts better.",
    "undecided": "Stands there; without decoys nobody can say how often that happens by chance.",
    "decoy": "A decoy: this match is chance, and measures chance.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A post whose words stand somewhere in the corpus."""

    post: int
    """Number of the post, from 0."""
    id: str
    words: int
    standing: Standing
    q: float | None
    """The smallest error rate at which this post would be attributed; None where it is not judged singly."""
    group: str
    """Name of the group it was judged in; empty where it was not."""
    best: Match
    places: int
    """Documents in which it stands."""


@dataclass(frozen=True, slots=True)
class Group:
    """Matches that were judged together: of like strength, of posts of like length."""

    name: str
    live: int
    """Distinct texts of this length that were looked for."""
    decoys: int
    """Distinct texts of this length that cannot be in the corpus."""
    live_matches: int
    decoy_matches: int
    cut: float | None
    """Bits from which a match is attributed; None where nothing is."""
    attributed: int
    chance: int
    """Decoys that reach the cut."""
    rate: float | None
    """Estimated share of wrong ones among the attributed, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of so many texts match, in one class of length."""

    name: str
    live: int
    live_hits: int
    decoys: int
    decoy_hits: int
    p: float
    """Exact probability of at least so many live hits if live texts matched as often as decoys."""


@dataclass(frozen=True, slots=True)
class Population:
    """Do the posts match more often than chance, all taken together?"""

    floor: float
    """Bits from which a text counts as matching."""
    rows: tuple[Rate, ...]
    total: Rate
    excess: float
    """Share of the live texts that match beyond chance, 0 to 1."""
    low: float
    high: float
    """95 % interval of the excess."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Pairs of wordings of which chance picked the one to be published."""

    pairs: int
    wins: int
    """Pairs in which the published wording matches better."""
    losses: int
    ties: int
    expected: float
    """Wins to expect if the corpus knew nothing of the posts."""
    p: float
    """Exact probability of at least so many wins by the coin alone."""
    low: float
    high: float
    """95 % interval (Clopper and Pearson) of the chance of a win."""


@dataclass(frozen=True, slots=True)
class Decoys:
    """Whether there is anything to measure chance with, and how well."""

    count: int
    """Distinct texts that cannot be in the corpus."""
    live: int
    reason: str
    """Why nothing can be attributed, and how to change that; empty where it can."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All that is said of one audit. The same posts, matches, target and seed give the same verdicts."""

    target: float
    seed: int
    posts: int
    matches: int
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    decoys: Decoys
    population: Population | None
    twins: Twins | None

    @property
    def attributed(self) -> tuple[Finding, ...]:
        """The findings that are put down to their posts."""
        return tuple(one for one in self.findings if one.standing == "attributed")
