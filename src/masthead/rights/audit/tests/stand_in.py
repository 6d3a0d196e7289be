"""A detector in plain Python for tests of what is around the scan: finds posts letter for letter. Slow or deadly on demand."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from masthead.rights.audit.batch import Batch
from masthead.rights.audit.values import Match, Post


def prepare(folder: Path, posts: list[Post], sample: Iterable[Batch], *, n: int) -> None:
    size = sum(batch.size for batch in sample)
    (folder / "texts.json").write_text(json.dumps([post.text for post in posts]))
    (folder / "sampled").write_text(str(size))


def opened(folder: str) -> StandIn:
    return StandIn(json.loads((Path(folder) / "texts.json").read_text()))


class StandIn:
    def __init__(self, texts: list[str]) -> None:
        self.plain = [text.encode("utf-8", "replace") for text in texts]
        self.escaped = [json.dumps(text)[1:-1].encode() for text in texts]

    def find(self, batch: Batch, source: str) -> Iterator[Match]:
        time.sleep(float(os.environ.get("STAND_IN_SECONDS", "0")))
        data = bytes(batch.data)
        if b"kill this worker" in data:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"an error of ours" in data:
            raise ArithmeticError("one too many")
        ends = [*batch.starts[1:].tolist(), batch.size]
        for piece, (begin, end) in enumerate(zip(batch.starts.tolist(), ends, strict=True)):
            yield from self._in(data[begin:end], piece, source, batch.escaped)

    def _in(self, text: bytes, piece: int, source: str, escaped: bool) -> Iterator[Match]:
        for number, plain in enumerate(self.plain):
            for wanted in {plain, self.escaped[number]} if escaped else {plain}:
                at = text.find(wanted)
                while at >= 0:
                    words = len(plain.split())
                    end = at + len(wanted)
                    read = wanted.decode()
                    yield Match(number, source, piece, 0, at, end, "exact", words, words, 10.0 * words, 0.0, read)
                    at = text.find(wanted, end)
