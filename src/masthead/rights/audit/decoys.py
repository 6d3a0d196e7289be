"""Decoys measure chance: texts that cannot be in the corpus, looked for in the same pass, show how often others would match as well.

The rate of wrong ones among all matches from a cut upwards is estimated as (1 + decoys that reach it) * live / (decoys + 1), over live
matches that reach it. Choosing the lowest cut whose estimate stays below the target is the Benjamini-Hochberg procedure on conformal
p-values, which holds the target on average whatever the scores are, as long as live texts that are not in the corpus and decoys could be
exchanged (Bates, Candès, Lei, Romano, Sesia: Testing for outliers with conformal p-values, Annals of Statistics 51, 2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from masthead.rights.audit.texts import LENGTHS, NAMES, SHORTEST, Texts
from masthead.rights.audit.values import TIERS
from masthead.rights.audit.verdicts import Decoys, Group

JUDGED: Final = tuple(number for number, (start, _) in enumerate(LENGTHS) if start >= SHORTEST)
"""The classes of length whose texts are judged singly."""
HOW: Final = (
    "Give texts that cannot be in the corpus, written like the posts: drafts that were never sent, the second wording of a post that "
    "stayed private, or posts written after the corpus was closed. One for every four posts is good, and at least 20."
)
FEWEST: Final = 20

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Texts with a match that may be judged: number of the text, tier, class of length, bits, and whether it is a decoy."""

    text: Whole
    tier: Whole
    length: Whole
    bits: Numbers
    decoy: Flags


@dataclass(frozen=True, slots=True)
class Pool:
    """Strata that are judged together."""

    tiers: tuple[int, ...]
    lengths: tuple[int, ...]

    @property
    def name(self) -> str:
        """As the report calls it, such as "exact or normalised, 8 to 14 words"."""
        words = "8 words and more" if len(self.lengths) > 1 else NAMES[self.lengths[0]]
        return f"{' or '.join(TIERS[tier] for tier in self.tiers)}, {words}"

    def holds(self, found: Candidates) -> Flags:
        """Which candidates belong to it."""
        return np.isin(found.tier, self.tiers) & np.isin(found.length, self.lengths)


def ratios(texts: Texts) -> Numbers:
    """For each class of length: live texts that one decoy stands for."""
    live = np.bincount(texts.length[texts.live & ~texts.decoy], minlength=len(LENGTHS))
    decoys = np.bincount(texts.length[texts.decoy & ~texts.live], minlength=len(LENGTHS))
    return np.asarray(live / (decoys + 1.0), np.float64)


def pools(found: Candidates, ratio: Numbers, target: float) -> list[Pool]:
    """Strata of tier and length, small ones together with a neighbour.

    Small is what could not be judged by itself: even with no decoy above the cut, the estimate would exceed the target. The size counts
    live texts and decoys alike, so that the choice knows nothing of which is which.
    """
    lengths: list[tuple[int, ...]] = [(one,) for one in JUDGED]
    if any((found.length == one).sum() < ratio[one] / target for one in JUDGED):
        lengths = [JUDGED]
    return [pool for one in lengths for pool in _by_tier(found, one, float(ratio[list(one)].max()) / target)]


def _by_tier(found: Candidates, lengths: tuple[int, ...], needed: float) -> list[Pool]:
    """From the strongest tier on, as many together as are needed; what is left at the end joins the last."""
    here = np.isin(found.length, lengths)
    sizes = np.bincount(found.tier[here], minlength=len(TIERS)).tolist()
    cuts = [0]
    for tier in range(1, len(TIERS) + 1):
        if sum(sizes[cuts[-1] : tier]) >= needed:
            cuts.append(tier)
    if cuts[-1] != len(TIERS):
        cuts = [*cuts[: max(1, len(cuts) - 1)], len(TIERS)]
    return [Pool(tuple(range(start, end)), lengths) for start, end in pairwise(cuts)]


def q_values(bits: Numbers, weight: Numbers, decoy: Flags) -> Numbers:
    """For each candidate the smallest target at which it would be attributed; decoys get what a live text there would.

    `weight` is how many live texts a decoy of the same length stands for; the one decoy added for safety weighs as much as the heaviest.
    """
    if not len(bits):
        return np.zeros(0)
    order = np.argsort(-bits, kind="stable")
    wrong = weight.max() + np.cumsum(np.where(decoy[order], weight[order], 0.0))
    right = np.maximum(1, np.cumsum(~decoy[order]))
    # candidates of the same bits stand or fall together: all are judged at the last of them
    last = np.searchsorted(-bits[order], -bits[order], side="right") - 1
    rate = np.minimum(1.0, (wrong / right)[last])
    smallest = np.minimum.accumulate(rate[::-1])[::-1]
    found = np.empty(len(bits))
    found[order] = smallest
    return found


def judge(found: Candidates, texts: Texts, target: float) -> tuple[Numbers, list[str], tuple[Group, ...]]:
    """q-value and group of each candidate, and what was decided in each group."""
    ratio = ratios(texts)
    q, names, groups = np.ones(len(found.text)), [""] * len(found.text), []
    for pool in pools(found, ratio, target):
        here = np.flatnonzero(pool.holds(found))
        q[here] = q_values(found.bits[here], ratio[found.length[here]], found.decoy[here])
        for one in here.tolist():
            names[one] = pool.name
        groups.append(_group(pool, found, q, here, texts, ratio, target))
    return q, names, tuple(groups)


def _group(
    pool: Pool, found: Candidates, q: Numbers, here: Whole, texts: Texts, ratio: Numbers, target: float
) -> Group:
    of_length = np.isin(texts.length, pool.lengths)
    decoy, bits = found.decoy[here], found.bits[here]
    taken = (q[here] <= target) & ~decoy
    cut = float(bits[taken].min()) if taken.any() else None
    chance = decoy & (bits >= (np.inf if cut is None else cut))
    weight = ratio[found.length[here]]
    wrong = (weight.max(initial=0.0) + weight[chance].sum()) / max(1, int(taken.sum()))
    return Group(
        name=pool.name,
        live=int((of_length & texts.live & ~texts.decoy).sum()),
        decoys=int((of_length & texts.decoy & ~texts.live).sum()),
        live_matches=int((~decoy).sum()),
        decoy_matches=int(decoy.sum()),
        cut=cut,
        attributed=int(taken.sum()),
        chance=int(chance.sum()),
        rate=float(wrong) if cut is not None else None,
    )


def fitness(texts: Texts, dates: tuple[Sequence[str], Sequence[str]], target: float) -> Decoys:
    """Whether the decoys can measure chance, and what about them weakens it.

    `dates` are those of the live posts and of the decoys, ISO, where known.
    """
    live = texts.live & ~texts.decoy
    decoy = texts.decoy & ~texts.live
    count, posted = int(decoy.sum()), int(live.sum())
    if count < FEWEST:
        had = "No decoys were given" if not count else f"Only {count} decoys were given"
        return Decoys(
            count, posted, f"{had}, so nobody can say how often a match like these comes about by chance. {HOW}", ()
        )
    warnings = [
        *_too_few(count, posted, target),
        *_other_lengths(texts.words[live], texts.words[decoy]),
        *_later(dates),
    ]
    return Decoys(count, posted, "", tuple(warnings))


def _too_few(count: int, live: int, target: float) -> list[str]:
    """A warning where even without any decoy match hundreds of matches would be needed."""
    needed = int(np.ceil(live / (count + 1) / target))
    if needed <= 400:
        return []
    told = (
        f"There are {count} decoys for {live} posts. At {target:.0%} nothing is attributed in a group with fewer than {needed} "
        f"matching posts; more decoys make that number smaller."
    )
    return [told]


def _other_lengths(live: Whole, decoys: Whole) -> list[str]:
    if not len(live) or stats.ks_2samp(live, decoys).pvalue >= 1e-3:
        return []
    told = (
        f"The decoys are of other lengths than the posts (median {np.median(decoys):.0f} words against {np.median(live):.0f}). "
        f"Each class of length is judged by its own decoys; inside a class this is not evened out."
    )
    return [told]


def _later(dates: tuple[Sequence[str], Sequence[str]]) -> list[str]:
    live, decoys = (sorted(one for one in group if one) for group in dates)
    if not live or not decoys or decoys[0] < live[-1]:
        return []
    told = (
        "All decoys are younger than all posts. Later texts speak of other things, which alone can make earlier ones match more often; "
        "decoys from the same time, such as drafts that were never sent, are better."
    )
    return [told]
