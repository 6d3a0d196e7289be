"""The same question put to other tools: which posts' runs of words, or whole texts, stand in this slice of the corpus?

Each gets the texts parsed already and may use all cores; what counts is CPU time over all of them. Building its own index of the posts
is not counted.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

N = 4
NAMED = ("polars", "duckdb", "rg", "hyperscan")
"""Those that the scan is measured against; `grep` is what most machines have in place of `rg`."""


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process and its children."""
    began = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    work()
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - began


def polars(posts: list[str], texts: list[str]) -> float:
    """Words exploded, runs of four as hashes, joined with the posts'."""
    import polars as pl

    def runs(column: list[str]) -> pl.LazyFrame:
        words = pl.LazyFrame({"at": range(len(column)), "text": column}).select(
            "at", word=pl.col("text").str.to_lowercase().str.extract_all("[a-z0-9]+")
        )
        each = words.explode("word").with_columns(pl.col("word").hash())
        mixed = each.with_columns(run=sum(pl.col("word").shift(-k) // (2 * k + 1) for k in range(N)))
        return mixed.select("at", "run")

    ours = runs(posts).unique("run").collect().lazy()
    return cpu(lambda: runs(texts).join(ours, on="run").collect())


def duckdb(posts: list[str], texts: list[str]) -> float:
    """The same in SQL."""
    import duckdb
    import pyarrow as pa

    base = duckdb.connect()
    tables = {"posts": pa.table({"text": posts}), "texts": pa.table({"text": texts})}
    for name, table in tables.items():
        base.register(f"given_{name}", table)
        base.execute(f"create table {name} as select text from given_{name}")
    runs = """select unnest(list_transform(range(1, len(w) - 2), i -> hash(w[i], w[i + 1], w[i + 2], w[i + 3]))) run
              from (select regexp_extract_all(lower(text), '[a-z0-9]+') w from {})"""
    base.execute(f"create table ours as select distinct run from ({runs.format('posts')})")
    ask = f"select count(*) from ({runs.format('texts')}) join ours using (run)"
    return cpu(lambda: base.execute(ask).fetchall())


def fixed_strings(tool: str, posts: list[str], texts: list[str]) -> float:
    """`grep -F -f` or `rg -F -f`; its automaton is built twice, once for nothing, and that time taken off."""
    with tempfile.TemporaryDirectory() as folder:
        patterns, given, empty = (Path(folder) / name for name in ("patterns", "given", "empty"))
        patterns.write_text("\n".join(line for post in posts for line in post.splitlines() if len(line) > 8), "utf-8")
        given.write_text("\n".join(texts), "utf-8", "replace")
        empty.write_text("nothing\n")

        def ask(path: Path) -> float:
            command = [tool, "-F", "-c", "-a", "-f", str(patterns), str(path)]
            return cpu(lambda: subprocess.run(command, capture_output=True, check=False, timeout=40))

        return max(ask(given) - ask(empty), 1e-3)


def hyperscan(posts: list[str], texts: list[str]) -> float:
    """Every post as one literal, cases ignored, on text that is already as the posts are."""
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    literals = sorted({post.encode() for post in posts})
    database.compile(expressions=literals, flags=[hyperscan.HS_FLAG_CASELESS] * len(literals), literal=True)
    stored, found = [text.encode("utf-8", "replace") for text in texts], list[int]()

    def work() -> None:
        for text in stored:
            database.scan(text, match_event_handler=lambda number, *_: found.append(number))

    return cpu(work)


def every(posts: list[str], texts: list[str], *, quick: bool) -> dict[str, float | str]:
    """MB/s of each tool that is here, in bytes of text; a reason for one that is not."""
    speeds = dict[str, float | str]()
    slices: list[tuple[str, Callable[[list[str], list[str]], float], int]] = [
        ("polars", polars, 16),
        ("duckdb", duckdb, 8),
    ]
    for tool in ("rg", "grep"):
        if shutil.which(tool):
            slices.append((tool, partial(fixed_strings, tool), 2))
        else:
            speeds[tool] = "not installed here"
    if quick:
        speeds["hyperscan"] = "left out by --quick"
    else:
        slices.append(("hyperscan", hyperscan, 4))
    for name, ask, megabytes in slices:
        piece, size = list[str](), 0
        for text in texts:
            piece.append(text)
            size += len(text.encode("utf-8", "replace"))
            if size > megabytes * 1_000_000 // (4 if quick else 1):
                break
        try:
            speeds[name] = round(size / ask(posts, piece) / 1e6, 1)
        except (ImportError, subprocess.TimeoutExpired) as reason:
            speeds[name] = str(reason)
    return speeds
