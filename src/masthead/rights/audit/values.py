"""What goes into the audit and what comes out: a post, and a place where its text stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Tier = Literal["exact", "normalised", "edited", "quoted"]
TIERS: Final[tuple[Tier, ...]] = ("exact", "normalised", "edited", "quoted")
"""How much of a post stands there, strongest first.

`exact`: the same characters; `normalised`: every word, other case, spacing, punctuation, escapes or links; `edited`: most of it, with
other words between; `quoted`: a part of it, word for word.
"""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that is looked for. The fields of its line in a JSONL file have the same names."""

    id: str
    text: str
    posted_at: str = ""
    """ISO date and time; empty where it is not known."""
    decoy: bool = False
    """True for a text that cannot be in the corpus: what matches it is chance, and measures chance."""
    twin_of: str = ""
    """The published post of which this is the wording that stayed private."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the corpus where the words of a post stand."""

    post: int
    """Number of the post in the index."""
    source: str
    """Path, address or member of the corpus file."""
    document: int
    """Number of the document in the source: line, record or row, from 0."""
    doc_start: int
    """Byte at which the document begins in the decoded source; 0 for rows of Parquet."""
    start: int
    """First byte of the match inside the document as it is stored."""
    end: int
    """The byte after the last one of the match."""
    tier: str
    """One of `TIERS`."""
    words: int
    """Words of the post that stand there."""
    post_words: int
    score: float
    """Bits: how surprising the matching words are to somebody who knows the corpus, less what differs."""
    margin: float
    """Score less that of the best match of the same post that is not a copy; the score itself where there is none."""
    text: str
    """The matched text as it stands there, at most 2,000 characters."""

    @property
    def coverage(self) -> float:
        """Share of the post's words that stand there, 0 to 1."""
        return self.words / self.post_words if self.post_words else 0.0
