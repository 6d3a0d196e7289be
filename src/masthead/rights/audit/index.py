"""The index of posts: every run of n words in them, and what is needed to compare a find with its post."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.letters import letters
from masthead.rights.audit.table import FILTER_BITS, count_buckets, count_runs, spread
from masthead.rights.audit.values import Post
from masthead.rights.audit.words import Places, Words, read_words

FORMAT: Final = 1
_PIECE: Final = 50_000
_ARRAYS: Final = (
    "letters", "filter", "pairs", "buckets", "entries", "words", "bounds", "texts", "text_bounds", "edges",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Index:
    """Posts, ready to be looked for. Arrays are only read, from memory or from the disk."""

    n: int
    """Words of a run. A shorter post is found by its first two words and counts only whole; one of a single word is not looked for."""
    letters: NDArray[np.uint32]
    """What each character comes to; kept here so that every machine reads the same words."""
    filter: Words
    pairs: Words
    """The filter for the first two words of posts shorter than n; empty where there are none."""
    buckets: NDArray[np.uint32]
    entries: NDArray[np.uint32]
    """For each run half of its number, its post and the word of the post it begins at, bucket by bucket."""
    words: NDArray[np.uint32]
    """All words of all posts, half of their numbers with the class of language; `bounds` says where a post begins."""
    bounds: Places
    texts: NDArray[np.uint8]
    """All texts as UTF-8; `text_bounds` says where a post begins."""
    text_bounds: Places
    edges: NDArray[np.uint16]
    """For each post, bytes of its text before the first word and after the last one, at most 65,535."""
    hot: int
    """Runs left out because too many posts have them."""

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(int(getattr(self, name).nbytes) for name in _ARRAYS)

    def post_words(self, post: int) -> int:
        """Words of a post."""
        return int(self.bounds[post + 1] - self.bounds[post])

    @classmethod
    def build(cls, posts: Iterable[Post], *, n: int = 4) -> Index:
        """Index the texts of posts; a post's number is its place in the order they come in. `n` is 3 to 8."""
        if not 3 <= n <= 8:
            raise ValueError("n must be 3 to 8")
        read = _Reading()
        for piece in _pieces((post.text for post in posts), _PIECE):
            read.add(piece)
        full, bounds = read.words(), read.bounds()
        often = np.zeros(1 << max(16, len(full).bit_length() + 1), np.uint8)
        count_runs(full, bounds, n, often)
        buckets = np.zeros(max(len(full) // 4, 16) + 2, np.uint32)
        hot = count_buckets(full, bounds, n, often, buckets)
        np.cumsum(buckets, out=buckets)
        total, short = int(buckets[-1]), int(np.count_nonzero((np.diff(bounds) < n) & (np.diff(bounds) > 1)))
        made = cls(
            n, letters(), *_filters(total - short, short), buckets,
            np.zeros((total, 3), np.uint32), halves(full), bounds, read.texts(), read.text_bounds(), read.edges(), hot,
        )  # fmt: skip
        spread(full, bounds, n, often, buckets, made.entries, made.filter, made.pairs)
        return made._only_read()

    def save(self, folder: Path) -> None:
        """Write the index into a folder, one file for each array."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        (folder / "index.json").write_text(json.dumps({"format": FORMAT, "n": self.n, "hot": self.hot}), "utf-8")

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open a saved index without reading it: the system loads what is touched. Raises ValueError for another format."""
        about = json.loads((folder / "index.json").read_text("utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"The index in {folder} has format {about['format']}; this version reads format {FORMAT}.")
        arrays = {name: mapped(folder / f"{name}.npy") for name in _ARRAYS}
        return cls(n=about["n"], hot=about["hot"], **arrays)._only_read()

    def _only_read(self) -> Index:
        for name in _ARRAYS:
            getattr(self, name).flags.writeable = False
        return self


def halves(words: Words) -> NDArray[np.uint32]:
    """Words in half the room: enough to compare two texts."""
    return ((words >> np.uint64(32)) & np.uint64(0xFFFFFFF8) | (words & np.uint64(7))).astype(np.uint32)


def mapped(path: Path) -> NDArray[Any]:
    """A saved array that is not read until it is looked at, and not written to."""
    loaded: NDArray[Any] = np.load(path, mmap_mode="r")
    array = np.asarray(loaded) if loaded.size else np.load(path)
    array.flags.writeable = False
    return array


def _filters(runs: int, short: int) -> tuple[Words, Words]:
    size = FILTER_BITS // 4
    return np.zeros(max(runs * size // 16, 64), np.uint64), np.zeros(
        max(short * size // 16, 64) if short else 0, np.uint64
    )


def _pieces(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(texts)
    while piece := list(islice(left, size)):
        yield piece


class _Reading:
    """The words of posts, piece by piece."""

    def __init__(self) -> None:
        self._words, self._counts = list[Words](), list[Places]()
        self._texts, self._lengths, self._edges = list[bytes](), list[Places](), list[NDArray[np.uint16]]()

    def add(self, texts: list[str]) -> None:
        """Read some posts. They are read in one go, with a separator between them."""
        spelled = [text.encode("utf-8", "replace") for text in texts]
        lengths = np.fromiter((len(text) for text in spelled), np.int64, len(spelled))
        first = np.cumsum(lengths + 1) - lengths - 1
        words, starts, ends = read_words(b"\n".join(spelled) + b"\n")
        begins = np.searchsorted(starts, first)
        until = np.append(begins[1:], len(starts))
        self._words.append(words)
        self._counts.append(until - begins)
        self._texts.append(b"".join(spelled))
        self._lengths.append(lengths)
        some, edges = until > begins, np.zeros((len(spelled), 2), np.int64)
        edges[some, 0] = starts[begins[some]] - first[some]
        edges[some, 1] = (first + lengths)[some] - ends[until[some] - 1]
        self._edges.append(np.minimum(edges, 65535).astype(np.uint16))

    def words(self) -> Words:
        """All words so far."""
        return np.concatenate([*self._words, np.zeros(0, np.uint64)])

    def bounds(self) -> Places:
        """Where each post's words begin, and the end."""
        return np.concatenate([[0], *self._counts]).cumsum().astype(np.int64)

    def texts(self) -> NDArray[np.uint8]:
        """All texts so far."""
        return np.frombuffer(b"".join(self._texts), np.uint8)

    def text_bounds(self) -> Places:
        """Where each post's text begins, and the end."""
        return np.concatenate([[0], *self._lengths]).cumsum().astype(np.int64)

    def edges(self) -> NDArray[np.uint16]:
        """What surrounds the words of each post."""
        return np.concatenate([*self._edges, np.zeros((0, 2), np.uint16)])
