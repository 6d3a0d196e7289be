"""All posts together: do they match more often than texts that cannot be there?

Exact given how many matched at all in each class of length (the hypergeometric law, summed over the classes). The interval is the method
of variance estimates recovery (MOVER) on Wilson intervals (Newcombe, Statistics in Medicine 17, 1998; Zou and Donner 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from masthead.rights.audit.texts import NAMES, SHORTEST, Texts
from masthead.rights.audit.verdicts import Population, Rate

FLOOR: Final = 60.0
"""Bits from which a text counts as matching; fixed before any audit, so that nobody can pick the one that looks best. A text too short for
so many counts where it stands nearly whole.
"""

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def compare(texts: Texts, bits: Numbers, whole: Flags) -> Population:
    """The comparison of live texts and decoys; `bits` is the best score of each distinct text, 0 where nothing matched, and `whole`
    says whether it stands somewhere nearly whole.
    """
    live, decoy = texts.live & ~texts.decoy, texts.decoy & ~texts.live
    hit = (bits >= FLOOR) | (whole & (bits > 0) & (texts.words < SHORTEST))
    rows = [_rate(name, hit, live & here, decoy & here) for name, here in _classes(texts)]
    excess, low, high = _excess(rows)
    return Population(FLOOR, tuple(rows), _total(rows), excess, low, high)


def _classes(texts: Texts) -> list[tuple[str, Flags]]:
    return [(name, texts.length == number) for number, name in enumerate(NAMES)]


def _rate(name: str, hit: Flags, live: Flags, decoy: Flags) -> Rate:
    posted, ours, decoys, chance = (int(one.sum()) for one in (live, live & hit, decoy, decoy & hit))
    return Rate(name, posted, ours, decoys, chance, exact([(posted, ours, decoys, chance)]))


def _total(rows: Sequence[Rate]) -> Rate:
    tables = [(row.live, row.live_hits, row.decoys, row.decoy_hits) for row in rows]
    live, live_hits, decoys, decoy_hits = (sum(column) for column in zip(*tables, strict=True))
    return Rate("all", live, live_hits, decoys, decoy_hits, exact(tables))


def exact(tables: Sequence[tuple[int, ...]]) -> float:
    """One-sided p-value of live hits over all classes, given each class's totals: (live, live hits, decoys, decoy hits)."""
    law, offset, seen = np.ones(1), 0, 0
    for live, live_hits, decoys, decoy_hits in tables:
        if not live or not decoys:
            continue  # a class without the other kind compares nothing
        hits, total = live_hits + decoy_hits, live + decoys
        low, high = max(0, hits - decoys), min(hits, live)
        law = np.convolve(law, stats.hypergeom.pmf(np.arange(low, high + 1), total, live, hits))
        offset, seen = offset + low, seen + live_hits
    return float(min(1.0, law[seen - offset :].sum()))


def _excess(rows: Sequence[Rate]) -> tuple[float, float, float]:
    """Difference of the rates, weighted by where the live texts are, with its 95 % interval."""
    used = [row for row in rows if row.live and row.decoys]
    total = sum(row.live for row in used)
    point = below = above = 0.0
    for row in used:
        share = row.live / total
        ours, chance = row.live_hits / row.live, row.decoy_hits / row.decoys
        (our_low, our_high), (low, high) = wilson(row.live_hits, row.live), wilson(row.decoy_hits, row.decoys)
        point += share * (ours - chance)
        below += share**2 * ((ours - our_low) ** 2 + (high - chance) ** 2)
        above += share**2 * ((our_high - ours) ** 2 + (chance - low) ** 2)
    return point, max(-1.0, point - below**0.5), min(1.0, point + above**0.5)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson)."""
    interval = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)
