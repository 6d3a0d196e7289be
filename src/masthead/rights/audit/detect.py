"""The detector of a run: the index of the posts and the sample of the corpus, opened once in each process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from masthead.rights.audit.background import Background
from masthead.rights.audit.batch import Batch, Bytes, Places
from masthead.rights.audit.index import Index, mapped
from masthead.rights.audit.scan import scan
from masthead.rights.audit.values import Match, Post
from masthead.rights.audit.verify import verify


def prepare(folder: Path, posts: Sequence[Post], sample: Iterable[Batch], *, n: int) -> None:
    """Write what all tasks of a run read: the index of the posts and how common words are in the corpus."""
    index, background = Index.build(posts, n=n), Background.sample(plain(sample), "text")
    index.save(folder / "index")
    background.save(folder / "background")
    np.save(folder / "bits.npy", background.of(index))


def opened(folder: str) -> Detect:
    """The detector of a folder; its arrays are mapped, so that processes of one machine share them."""
    return Detect(Index.open(Path(folder, "index")), mapped(Path(folder, "bits.npy")))


@dataclass(frozen=True, slots=True)
class Detect:
    """Finds posts in batches."""

    index: Index
    bits: NDArray[np.float32]
    """Of each word of the index, as the sample of the corpus has it."""

    def find(self, batch: Batch, source: str) -> list[Match]:
        """The matches in a batch; `document` is the number of the piece."""
        form = "jsonl" if batch.escaped else "text"
        candidates = scan(self.index, batch.data, form, b"", bounds(batch))  # type: ignore[arg-type]
        return verify(self.index, batch.data, candidates, self.bits, source)


def bounds(batch: Batch) -> Places:
    """Where the pieces begin, and where the last one ends."""
    return np.append(batch.starts, batch.size)


def plain(batches: Iterable[Batch]) -> Iterator[Bytes]:
    """The text of batches as it is read, without the quotes and escapes of JSON: a corpus can be of several forms."""
    for batch in batches:
        yield np.frombuffer(b"\n".join(_values(batch)) + b"\n", np.uint8) if batch.escaped else batch.data


def _values(batch: Batch) -> Iterator[bytes]:
    data = bytes(batch.data)
    starts = [start for start in batch.starts.tolist() if start < batch.size]
    for begin, end in pairwise([*starts, batch.size]):
        yield _value(data[begin:end].strip()[1:].removesuffix(b'"'))


def _value(stored: bytes) -> bytes:
    if b"\\" not in stored:
        return stored
    try:
        text: str = json.loads(b'"' + stored + b'"', strict=False)
    except ValueError:
        return stored
    return text.encode("utf-8", "replace")
