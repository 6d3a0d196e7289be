"""Distinct texts: posts with the same words are one text, which is counted once, however often it was posted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from masthead.rights.audit.values import Post

SHORTEST: Final = 8
"""Words from which a post is judged singly: shorter ones are written by many people in the same words."""
LENGTHS: Final = ((0, "under 5 words"), (5, "5 to 7 words"), (SHORTEST, "8 to 14 words"), (15, "15 words and more"))
"""Classes of length: first number of words, name."""
NAMES: Final = tuple(name for _, name in LENGTHS)

_DROPPED = re.compile(r"https?://\S+|www\.\S+|&#?\w+;")
# a letter of Chinese, Japanese, Thai and the like is a word, since those are written without spaces
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿]|(?:(?![぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿_])\w)+")


@dataclass(frozen=True, slots=True)
class Texts:
    """The distinct texts behind the posts, as arrays.

    `of_post[i]` is the text of post i; per text: `words` (number), `length` (index into `LENGTHS`), `live` (posted),
    `decoy` (cannot be in the corpus), and `first` (number of the first post with it).
    """

    of_post: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    live: npt.NDArray[np.bool_]
    decoy: npt.NDArray[np.bool_]
    first: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.words)


def words(text: str) -> list[str]:
    """The words of a text without case, accents, punctuation, links and entities."""
    plain = unicodedata.normalize("NFKD", _DROPPED.sub(" ", text).replace("’", "").replace("'", "")).casefold()
    return _WORD.findall("".join(one for one in plain if not unicodedata.combining(one)))


def distinct(posts: Sequence[Post]) -> Texts:
    """The distinct texts of the posts; a wording that stayed private (`twin_of`) is a decoy as well."""
    known: dict[str, int] = {}
    of_post: list[int] = []
    counts: list[int] = []
    first: list[int] = []
    for number, post in enumerate(posts):
        found = words(post.text)
        text = known.setdefault(" ".join(found), len(known))
        if text == len(counts):
            counts.append(len(found))
            first.append(number)
        of_post.append(text)
    at = np.array(of_post, np.int64)
    hidden = np.fromiter((post.decoy or bool(post.twin_of) for post in posts), np.bool_, len(posts))
    number_of = np.array(counts, np.int64)
    starts = np.array([start for start, _ in LENGTHS[1:]])
    return Texts(
        at, number_of, np.digitize(number_of, starts), _any(at, ~hidden), _any(at, hidden), np.array(first, np.int64)
    )


def _any(at: npt.NDArray[np.int64], held: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """For each text: does it hold for any of its posts?"""
    return np.bincount(at, held, minlength=int(at.max(initial=-1)) + 1) > 0
