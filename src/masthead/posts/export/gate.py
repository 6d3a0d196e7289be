"""What an export lets out: a higher domain that knows rights registers its gate here. Without one, only what the terms allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from masthead.connectors import PLATFORMS
from masthead.posts.models import Export, PastPost, Publication


class Gate(Protocol):
    """Rows pass one by one, in order; what does not pass is counted by why."""

    def past_posts(self, export: Export, rows: Iterable[PastPost]) -> Iterator[PastPost]:
        """What was read from platforms."""
        ...

    def publications(self, export: Export, rows: Iterable[Publication], part: str) -> Iterator[Publication]:
        """What was written here; `part` names the file."""
        ...

    def left_out(self, export: Export) -> list[dict[str, str]]:
        """What did not pass, as the export's page and manifest say it: {"what", "why"}."""
        ...


class ByTerms:
    """The gate of an installation without one: the platform's terms alone, and unknown is no."""

    def __init__(self) -> None:
        self.refused: dict[int, Counter[str]] = {}

    def past_posts(self, export: Export, rows: Iterable[PastPost]) -> Iterator[PastPost]:
        """Own posts of platforms whose terms allow handing them to their owner."""
        counted = self.refused[export.pk] = Counter()
        for row in rows:
            platform = PLATFORMS.get(row.platform)
            if platform and row.kind != "repost" and platform.terms.verdict("own_post", "redistribute") == "allow":
                yield row
            else:
                counted[row.platform] += 1

    def publications(self, export: Export, rows: Iterable[Publication], part: str) -> Iterator[Publication]:
        """All: the workspace wrote them."""
        yield from rows

    def left_out(self, export: Export) -> list[dict[str, str]]:
        """One line for each platform."""
        counted = self.refused.get(export.pk, Counter[str]())
        why = "The platform's terms do not allow exporting what its API told."
        return [{"what": f"{number} past posts of {key}", "why": why} for key, number in sorted(counted.items())]


GATES: list[Gate] = [ByTerms()]


def register(gate: Gate) -> None:
    """From now on everything passes this gate."""
    GATES[:] = [gate]


def current() -> Gate:
    """The gate that holds."""
    return GATES[0]
