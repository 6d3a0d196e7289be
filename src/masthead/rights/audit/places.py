"""Places: one place in the corpus speaks for one text at most, the one that fits it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from masthead.rights.audit.texts import Texts
from masthead.rights.audit.values import TIERS, Match

COMMON: Final = 5
"""Documents in which a text may stand; beyond that it is a phrase of everybody."""
WHOLE: Final = 0.8
"""Share of a text's words that must stand in a document for it to count towards `COMMON`."""


@dataclass(frozen=True, slots=True)
class Best:
    """For each distinct text: `match` (number of its best match, -1 for none), whether each of its places fits another
    text better (`outmatched`), and in how many documents it stands (`documents`), and nearly whole (`whole`).
    """

    match: npt.NDArray[np.int64]
    outmatched: npt.NDArray[np.bool_]
    documents: npt.NDArray[np.int64]
    whole: npt.NDArray[np.int64]


def best(matches: Sequence[Match], texts: Texts) -> Best:
    """The best match of each text among the places that fit no other text better.

    Nothing here looks at which texts are decoys: that is what makes decoys measure chance.
    """
    text = texts.of_post[np.fromiter((one.post for one in matches), np.int64, len(matches))]
    score = np.fromiter((one.score for one in matches), np.float64, len(matches))
    rank = np.fromiter((-TIERS.index(one.tier) for one in matches), np.int64, len(matches))
    document = _numbered(matches)
    lost = _outmatched(matches, text, score, document)
    order = np.lexsort((np.arange(len(matches)), -rank, -score, lost, text))
    held, begins = np.unique(text[order], return_index=True)
    match = np.full(len(texts), -1, np.int64)
    match[held] = order[begins]
    outmatched = np.zeros(len(texts), np.bool_)
    outmatched[held] = lost[order[begins]]
    whole = np.fromiter((one.coverage >= WHOLE for one in matches), np.bool_, len(matches))
    return Best(
        match, outmatched, _documents(text, document, len(texts)), _documents(text[whole], document[whole], len(texts))
    )


def _numbered(matches: Sequence[Match]) -> npt.NDArray[np.int64]:
    """A number for each document, the same for matches in the same one."""
    known: dict[tuple[str, int], int] = {}
    numbers = (known.setdefault((one.source, one.document), len(known)) for one in matches)
    return np.fromiter(numbers, np.int64, len(matches))


def _documents(text: npt.NDArray[np.int64], document: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    pairs = np.unique(np.column_stack((text, document)), axis=0) if len(text) else np.zeros((0, 2), np.int64)
    return np.bincount(pairs[:, 0], minlength=count)


def _outmatched(
    matches: Sequence[Match],
    text: npt.NDArray[np.int64],
    score: npt.NDArray[np.float64],
    document: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """True for a match that shares more than half of the shorter place with a better match of another text."""
    start = np.fromiter((one.start for one in matches), np.int64, len(matches))
    end = np.fromiter((one.end for one in matches), np.int64, len(matches))
    lost = np.zeros(len(matches), np.bool_)
    order = np.lexsort((end, start, document))
    open_here: list[int] = []
    for place in order.tolist():
        at, begin = document[place], start[place]
        open_here = [one for one in open_here if document[one] == at and end[one] > begin]
        for other in open_here:
            if text[other] == text[place] or score[other] == score[place]:
                continue
            shared = min(end[other], end[place]) - begin
            if 2 * shared > min(end[other] - start[other], end[place] - begin):
                lost[other if score[other] < score[place] else place] = True
        open_here.append(place)
    return lost
