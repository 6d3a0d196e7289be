"""How fast the audit reads a corpus, on one core: beside a bound in C, beside other tools, and with ten million posts.

CPU time, the best of several. The scan is the whole reading: JSON escapes, Unicode, links, mentions, filter and table. The bound in C
knows ASCII and the filter only. Run: .venv/bin/python benchmarks/audit.py [--quick | --ten-million]
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import audit_local
import audit_peers
import audit_quality
import numpy as np

from masthead.rights.audit.background import Background
from masthead.rights.audit.index import Index
from masthead.rights.audit.scan import scan
from masthead.rights.audit.values import Post
from masthead.rights.audit.verify import verify

POSTS = 256_000
SOURCE = Path(__file__).with_name("audit_bound.c")


def best(work: Callable[[], Any], rounds: int) -> float:
    """CPU seconds of the fastest round, after one that compiles."""
    work()
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


class Bound:
    """The bound in C over the same bytes, with the same runs in a filter of the same size."""

    def __init__(self, folder: Path, index: Index) -> None:
        library = folder / "bound.so"
        command = ["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
        subprocess.run(command, check=True, capture_output=True)
        self._scan = ctypes.CDLL(str(library)).scan
        self._scan.restype = ctypes.c_uint64
        self.index, self.filter = index, np.zeros(len(index.filter), np.uint64)
        for first, last in zip(index.text_bounds[:-1].tolist(), index.text_bounds[1:].tolist(), strict=True):
            text = index.texts[first:last].tobytes() + b" " * 64
            self(np.frombuffer(text, np.uint8), last - first, insert=True)

    def __call__(self, data: Any, size: int, *, insert: bool = False) -> int:
        """Read so many bytes; 64 more must be there."""
        seen = ctypes.c_int64()
        where = self.filter.ctypes.data
        passed: int = self._scan(
            ctypes.c_void_p(data.ctypes.data), ctypes.c_int64(size), self.index.n, ctypes.c_void_p(where),
            ctypes.c_uint64(len(self.filter)), int(insert), ctypes.byref(seen),
        )  # fmt: skip
        return passed


def bound(data: Any, index: Index, rounds: int) -> float | str:
    """MB/s of the bound, or why there is none."""
    if not shutil.which("gcc") or platform.machine() not in ("x86_64", "AMD64"):
        return "no gcc for AVX2 here"
    padded = np.append(data, np.full(64, 32, np.uint8))
    with tempfile.TemporaryDirectory() as folder:
        run = Bound(Path(folder), index)
        return round(len(data) / best(lambda: run(padded, len(data)), rounds) / 1e6, 1)


def invented(count: int) -> Iterator[Post]:
    """Posts of 8 to 16 words drawn evenly from a hundred thousand: no two share a run of words, which is the hardest index."""
    luck = np.random.default_rng(audit_local.SEED)
    vocabulary = [
        f"{a}{b}" for a in ("ka", "mo", "ri", "te", "su", "lan", "per", "dol", "vin", "gra") for b in range(10_000)
    ]
    for at in range(0, count, 100_000):
        lengths = luck.integers(8, 17, 100_000).tolist()
        words, first = luck.integers(0, len(vocabulary), sum(lengths)).tolist(), 0
        for k, length in enumerate(lengths):
            yield Post(str(at + k), " ".join([vocabulary[word] for word in words[first : first + length]]))
            first += length


def ten_million(data: Any, alone: float, rounds: int) -> dict[str, Any]:
    """An index of ten million posts: its size, its building, and what the scan loses."""
    began = time.process_time()
    index = Index.build(invented(10_000_000))
    built = time.process_time() - began
    speed = len(data) / best(lambda: scan(index, data), rounds) / 1e6
    return {
        "ten_million_index_gb": round(index.size / 1e9, 2), "ten_million_build_s": round(built), "ten_million_mb_s": round(speed, 1),
        "ten_million_to_256k": round(speed / alone, 2),
    }  # fmt: skip


def against(peers: dict[str, float | str], speed: float) -> dict[str, Any]:
    """The fastest of the other tools; a ratio to it only where all ran that are to be beaten, else which did not and why."""
    ran = {name: value for name, value in peers.items() if isinstance(value, float)}
    best_peer = max(ran, key=lambda name: ran[name])
    absent = {name: str(peers.get(name, "not asked")) for name in audit_peers.NAMED if name not in ran}
    ratio = round(speed / ran[best_peer], 1)
    if absent:
        return {
            "best_peer": best_peer,
            "ratio_to_best_peer": None,
            "ratio_to_best_that_ran": ratio,
            "did_not_run": absent,
        }
    return {"best_peer": best_peer, "ratio_to_best_peer": ratio}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller corpus, no hyperscan; a minute once compiled")
    parser.add_argument(
        "--ten-million", action="store_true", help="also an index of ten million posts; three minutes and 6 GB more"
    )
    parser.add_argument(
        "--quality", action="store_true", help="in place of speed: what is found, and how often it is right"
    )
    options = parser.parse_args()
    quick = options.quick
    if options.quality:
        audit_quality.report(quick=quick)
        return
    rounds, size = (3, 16_000_000) if quick else (7, 128_000_000)
    posts, stored = audit_local.make(POSTS, size, 30_000 if quick else POSTS)
    data = np.frombuffer(stored, np.uint8)
    figures: dict[str, Any] = {
        "posts": len(posts),
        "corpus_mb": round(len(stored) / 1e6),
        "load": round(os.getloadavg()[0], 1),
    }
    began = time.process_time()
    index = Index.build(posts)
    figures |= {"build_s": round(time.process_time() - began, 1), "index_mb": round(index.size / 1e6)}
    speed = len(data) / best(lambda: scan(index, data), rounds) / 1e6
    c = bound(data, index, rounds)
    background = Background.sample([data[at : at + (1 << 20)] for at in range(0, len(data), len(data) // 16)])
    found = scan(index, data)
    whole = best(lambda: verify(index, data, scan(index, data), background.of(index), "corpus"), 1 if quick else 3)
    figures |= {
        "candidates_per_mb": round(len(found) / len(stored) * 1e6),
        "planted_percent": 100 * audit_local.PLANTED,
        "matches": len(verify(index, data, found, background.of(index), "corpus")),
    }
    texts = [json.loads(line)["text"] for line in stored[:24_000_000].splitlines()[:-1]]
    peers = audit_peers.every([post.text for post in posts], texts, quick=quick)
    figures |= {
        "scan_mb_s": round(speed, 1), "c_bound_mb_s": c, "ratio_to_c": round(speed / c, 3) if isinstance(c, float) else c, "peers": peers,
        **against(peers, speed),
        "end_to_end_mb_s": round(len(data) / whole / 1e6, 1),
    }  # fmt: skip
    if options.ten_million:
        figures |= ten_million(data, speed, rounds)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
