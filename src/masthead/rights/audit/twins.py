"""Twins: wordings of one post of which chance published one and kept the others private.

If the corpus knows nothing of the posts, each wording is equally likely to match best, because a coin decided; nothing else is assumed, not
about the language, the corpus or the score. So the probability is exact. Pairs in which the best wordings match equally say nothing and are
left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from masthead.rights.audit.values import Post
from masthead.rights.audit.verdicts import Twins


def compare(posts: Sequence[Post], bits: Mapping[int, float] | npt.NDArray[np.float64]) -> Twins | None:
    """The twin test over all pairs; `bits[i]` is the best score of post i, 0 where nothing matched. None without twins."""
    chances: list[float] = []
    wins = ties = 0
    for published, private in _families(posts).items():
        ours, best = bits[published], max(bits[one] for one in private)
        if ours == best:
            ties += 1
            continue
        if best > ours and _drawn(bits, published, private, best):
            ties += 1
            continue
        chances.append(1.0 / (1 + len(private)))
        wins += bool(ours > best)
    if not chances and not ties:
        return None
    low, high = _interval(wins, len(chances))
    return Twins(
        len(chances) + ties, wins, len(chances) - wins, ties, sum(chances), probability(wins, chances), low, high
    )


def _families(posts: Sequence[Post]) -> dict[int, list[int]]:
    """The private wordings of each published post, by number; a twin of a post that is not here says nothing."""
    number = {post.id: place for place, post in enumerate(posts) if not post.twin_of and not post.decoy}
    found: dict[int, list[int]] = {}
    for place, post in enumerate(posts):
        if post.twin_of in number:
            found.setdefault(number[post.twin_of], []).append(place)
    return found


def _drawn(
    bits: Mapping[int, float] | npt.NDArray[np.float64], published: int, private: Sequence[int], best: float
) -> bool:
    """Do two wordings share the top? Then the top does not single out one, as little as if the published one shared it."""
    return sum(bool(bits[one] == best) for one in (published, *private)) > 1


def probability(wins: int, chances: Sequence[float]) -> float:
    """Exact probability of at least `wins` successes of independent trials with these chances."""
    if len(set(chances)) == 1:
        return float(stats.binom.sf(wins - 1, len(chances), chances[0]))
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, (1.0 - chance, chance))
    return float(min(1.0, law[wins:].sum()))


def _interval(wins: int, count: int) -> tuple[float, float]:
    if not count:
        return 0.0, 1.0
    interval = stats.binomtest(wins, count).proportion_ci(0.95, method="exact")
    return float(interval.low), float(interval.high)
