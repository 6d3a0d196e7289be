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
from masthead.rights.audit.letters import letters
from masthead.rights.audit.scan import Form, only_read
from masthead.rights.audit.stride import STATE, fill, restart
from masthead.rights.audit.words import Read

SINGLE_BITS, PAIR_BITS = 22, 23
_U = np.uint32
_SPREAD, _AFTER = _U(0x9E3779B1), _U(0x85EBCA77)
_SINGLE_SHIFT, _PAIR_SHIFT = _U(32 - SINGLE_BITS), _U(32 - PAIR_BITS)
PRIOR: Final = 50_000.0
"""Words of a class that are counted as seen before any is: they say that a word never seen has `UNSEEN` bits."""
UNSEEN: Final = np.array([12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 8.0, 7.0])
"""Bits of a word in a class that the sample does not have, by class: a word of letters, a Han character, a letter that stands alone."""
BACKED_OFF: Final = 8.0
"""Pairs that are counted as seen before any is."""


@dataclass(frozen=True, slots=True)
class Background:
    """Counts of words and of pairs of words in a sample of the corpus."""

    singles: NDArray[np.uint32]
    pairs: NDArray[np.uint32]
    totals: NDArray[np.int64]
    """Words of each class of language."""

    @classmethod
    def sample(cls, chunks: Iterable[NDArray[np.uint8]], form: Form = "jsonl") -> Background:
        """Count the words of pieces of the corpus; 64 MB from all over it are enough."""
        made = cls(np.zeros(1 << SINGLE_BITS, np.uint32), np.zeros(1 << PAIR_BITS, np.uint32), np.zeros(8, np.int64))
        for chunk in (np.append(chunk, np.full(16, 32, np.uint8)) if len(chunk) < 16 else chunk for chunk in chunks):
            _count(only_read(chunk), form == "jsonl", letters(), *Read.room(), made.singles, made.pairs, made.totals)
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
        fill_bits(words, self.singles, self.pairs, self.totals, out)
        return out

    def _only_read(self) -> Background:
        for name in self.__slots__:
            getattr(self, name).flags.writeable = False
        return self


@inlined
def half(word: Any) -> Any:
    """A word in half the room, as the index keeps it."""
    return _U((word >> np.uint64(32)) & np.uint64(0xFFFFFFF8) | (word & np.uint64(7)))


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
    singles: Any, pairs: Any, totals: Any,
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
            pairs[_pair(before, word)] += _U(1)
            before = word


@inlined
def bits_after(before: Any, word: Any, singles: Any, pairs: Any, totals: Any) -> Any:
    """-log2 of the chance of a word after another; `before` is 0 where there is none."""
    kind = np.int64(word & _U(7))
    alone = (singles[_single(word)] + PRIOR * 2.0 ** -UNSEEN[kind]) / (totals[kind] + PRIOR)
    if before == 0:
        return -np.log2(alone)
    seen = singles[_single(before)]
    return -np.log2(min((pairs[_pair(before, word)] + BACKED_OFF * alone) / (seen + BACKED_OFF), 1.0))


@compiled
def fill_bits(words: Any, singles: Any, pairs: Any, totals: Any, out: Any) -> None:
    """Bits of each word after the one before it."""
    before = _U(0)
    for k in range(words.shape[0]):
        out[k] = bits_after(before, words[k], singles, pairs, totals)
        before = words[k]
