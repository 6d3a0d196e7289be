"""How surprising a word is after another, to somebody who knows the corpus: measured in bits on a sample of it.

Words are counted apart for each class of language, so that a Chinese character in an English corpus is as surprising as it is among
Chinese ones, not as rare as Chinese is. Counts are kept by hashed number; where two words share a place they look more common than
they are, which makes a score smaller, never larger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.compiled import address, compiled, inlined
from masthead.rights.audit.index import Index
from masthead.rights.audit.letters import letters
from masthead.rights.audit.scan import Form, only_read
from masthead.rights.audit.stride import STATE, fill, restart
from masthead.rights.audit.words import Read, half

SINGLE_BITS, PAIR_BITS = 22, 23
_U = np.uint32
_SPREAD, _AFTER = _U(0x9E3779B1), _U(0x85EBCA77)
_SINGLE_SHIFT, _PAIR_SHIFT = _U(32 - SINGLE_BITS), _U(32 - PAIR_BITS)
PRIOR: Final = 50_000.0
"""Words of a class that are counted as seen before any is: they say that a word never seen has `UNSEEN` bits."""
UNSEEN: Final = np.array([12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 8.0, 7.0])
"""Bits of a word in a class that the sample does not have, by class: a word of letters, a Han character, a letter that stands alone."""
BACKED_OFF: Final = 8.0
"""Words that are counted as seen after a word before any is, at least. Otherwise there are as many of them as different ones came after
it, which is how often something new came (Witten and Bell 1991): a pair that the sample lacks by chance is then no surprise.
"""


@dataclass(frozen=True, slots=True)
class Background:
    """Counts of words and of pairs of words in a sample of the corpus."""

    singles: NDArray[np.uint32]
    pairs: NDArray[np.uint32]
    followers: NDArray[np.uint32]
    """For each word, how many different ones come after it."""
    totals: NDArray[np.int64]
    """Words of each class of language."""

    @classmethod
    def sample(cls, chunks: Iterable[NDArray[np.uint8]], form: Form = "jsonl") -> Background:
        """Count the words of pieces of the corpus; 64 MB from all over it are enough."""
        singles, followers = np.zeros((2, 1 << SINGLE_BITS), np.uint32)
        made = cls(singles, np.zeros(1 << PAIR_BITS, np.uint32), followers, np.zeros(8, np.int64))
        for chunk in (np.append(chunk, np.full(16, 32, np.uint8)) if len(chunk) < 16 else chunk for chunk in chunks):
            _count(only_read(chunk), form == "jsonl", letters(), *Read.room(), *made._counts())
        return made._only_read()

    def save(self, folder: Path) -> None:
        """Write the counts into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.__slots__:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def open(cls, folder: Path) -> Background:
        """Open saved counts without reading them."""
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in cls.__slots__))._only_read()

    def bits(self, words: NDArray[np.uint32]) -> NDArray[np.float64]:
        """Bits of each word after the one before it; of the first, on its own."""
        out = np.zeros(len(words))
        fill_bits(words, *self._counts(), out)
        return out

    def of(self, index: Index) -> NDArray[np.float32]:
        """Bits of each word of the index after the one before it in its post."""
        out = np.zeros(len(index.words), np.float32)
        _fill_posts(index.words, index.bounds, *self._counts(), out)
        out.flags.writeable = False
        return out

    def _counts(self) -> tuple[Any, Any, Any, Any]:
        return self.singles, self.pairs, self.followers, self.totals

    def _only_read(self) -> Background:
        for name in self.__slots__:
            getattr(self, name).flags.writeable = False
        return self


@inlined
def _single(word: Any) -> Any:
    return _U(word * _SPREAD) >> _SINGLE_SHIFT


@inlined
def _pair(before: Any, word: Any) -> Any:
    mixed = _U(_U(before * _AFTER) ^ word)
    return _U((mixed ^ (mixed >> _U(15))) * _SPREAD) >> _PAIR_SHIFT


@compiled
def _count(
    data: Any, json: bool, table: Any, words: Any, starts: Any, ends: Any, spelled: Any, open_: Any,
    singles: Any, pairs: Any, followers: Any, totals: Any,
) -> None:  # fmt: skip
    state = np.zeros(STATE, np.int64)
    lo = address(data)
    hi, before, done = lo + data.shape[0], _U(0), False
    restart(address(state), lo)
    while not done:
        have, done = fill(
            lo, hi, hi - 16, json, address(table), address(words), address(starts), address(ends), address(spelled),
            address(open_), 0, address(state),
        )  # fmt: skip
        for k in range(have):
            word = half(words[k])
            totals[word & _U(7)] += 1
            singles[_single(word)] += _U(1)
            pair = _pair(before, word)
            followers[_single(before)] += pairs[pair] == 0
            pairs[pair] += _U(1)
            before = word


@inlined
def bits_after(before: Any, word: Any, singles: Any, pairs: Any, followers: Any, totals: Any) -> Any:
    """-log2 of the chance of a word after another; `before` is 0 where there is none."""
    kind = np.int64(word & _U(7))
    alone = (singles[_single(word)] + PRIOR * 2.0 ** -UNSEEN[kind]) / (totals[kind] + PRIOR)
    if before == 0:
        return -np.log2(alone)
    seen, fresh = singles[_single(before)], max(np.float64(followers[_single(before)]), BACKED_OFF)
    return -np.log2(min((pairs[_pair(before, word)] + fresh * alone) / (seen + fresh), 1.0))


@compiled
def fill_bits(words: Any, singles: Any, pairs: Any, followers: Any, totals: Any, out: Any) -> None:
    """Bits of each word after the one before it."""
    before = _U(0)
    for k in range(words.shape[0]):
        out[k] = bits_after(before, words[k], singles, pairs, followers, totals)
        before = words[k]


@compiled
def _fill_posts(words: Any, bounds: Any, singles: Any, pairs: Any, followers: Any, totals: Any, out: Any) -> None:
    for post in range(bounds.shape[0] - 1):
        fill_bits(
            words[bounds[post] : bounds[post + 1]],
            singles,
            pairs,
            followers,
            totals,
            out[bounds[post] : bounds[post + 1]],
        )
