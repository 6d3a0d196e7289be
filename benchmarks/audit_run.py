"""How fast a whole run of the audit is on two cores: files read, digested, cut into fields, scanned, verified, merged.

`end_to_end_mb_s` is two cores' worth by CPU time of all processes while tasks are done, so that neighbours matter little; `wall_mb_s` is
the same by the clock. The bar: 0.4 of twice what one core scans. The corpus is 128 MB under several names, so that starting two processes
does not count for most of it. Run: .venv/bin/python benchmarks/audit_run.py [--files 8]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import audit_local
import numpy as np

from masthead.rights.audit import posts as post_file
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.index import Index
from masthead.rights.audit.merge import Merge
from masthead.rights.audit.run import Options, _do_tasks, _prepare, start
from masthead.rights.audit.scan import scan

POSTS, SIZE = 256_000, 128_000_000


def cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in (own, children))


def scan_speed(index: Index, data: Any) -> float:
    """MB/s of the scan alone on one core, the best of three."""
    scan(index, data[: 1 << 20])
    times = []
    for _ in range(3):
        began = time.process_time()
        scan(index, data)
        times.append(time.process_time() - began)
    return len(data) / min(times) / 1e6


def whole_run(folder: Folder, workers: int) -> dict[str, float]:
    """Do the tasks of a prepared run and merge them."""
    began, used = time.perf_counter(), cpu()
    _do_tasks(folder, folder.run, workers, "", lambda progress: None)
    read, used_read = time.perf_counter() - began, cpu() - used
    Merge(folder).write()
    return {"tasks_s": read, "tasks_cpu_s": used_read, "merge_cpu_s": cpu() - used - used_read}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=8, help="how many files of 128 MB")
    options = parser.parse_args()
    made, stored = audit_local.make(POSTS, SIZE, POSTS)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place)
        (path / "posts.jsonl").write_bytes(b"".join(map(post_file.line, made)))
        (path / "corpus").mkdir()
        (path / "corpus" / "0.jsonl").write_bytes(stored)
        for number in range(1, options.files):
            os.link(path / "corpus" / "0.jsonl", path / "corpus" / f"{number}.jsonl")
        folder = start(path / "run", str(path / "posts.jsonl"), [str(path / "corpus")], Options(chunk=16 << 20))
        began = time.process_time()
        _prepare(folder, folder.run)
        prepared = time.process_time() - began
        speed = scan_speed(Index.open(folder.prepared / "index"), np.frombuffer(stored, np.uint8))
        run = whole_run(folder, 2)
        read, found = len(stored) * options.files, {(one.source, one.document) for one in folder.matches()}
        matched = len(found) / folder.result["totals"]["documents"]
        total = run["tasks_cpu_s"] + run["merge_cpu_s"]
        worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figures = {
        "mb": round(read / 1e6), "planted_percent": 100 * audit_local.PLANTED, "matched_percent": round(100 * matched, 2),
    }  # fmt: skip
    figures |= {"prepare_cpu_s": round(prepared, 1), "scan_mb_s": round(speed, 1)}
    figures |= {name: round(value, 1) for name, value in run.items()}
    figures |= {
        "end_to_end_mb_s": round(2 * read / total / 1e6, 1), "wall_mb_s": round(read / run["tasks_s"] / 1e6, 1),
        "ratio_to_twice_the_scan": round(read / total / 1e6 / speed, 3), "worker_mb": round(worker),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
