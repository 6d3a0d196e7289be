"""A run of the audit, from the posts to the matches. Killed at any moment and resumed, it comes to the same result, byte for byte."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from masthead.kit.locks import FileLock, Taken
from masthead.rights.audit import posts as post_file
from masthead.rights.audit.batch import Batch, Notes
from masthead.rights.audit.corpus import CHUNK, Skipped, Source, Task, plan, sources, unchanged
from masthead.rights.audit.executors import spread
from masthead.rights.audit.folder import Folder, NotARun, as_line, as_page, write_whole
from masthead.rights.audit.merge import Merge
from masthead.rights.audit.progress import Progress
from masthead.rights.audit.readers import reader
from masthead.rights.audit.storage import Unreadable
from masthead.rights.audit.work import DETECTOR, Setup

SAMPLE: Final = 64 << 20
"""Bytes of the corpus from which the run learns how common words are."""
SAMPLED: Final = 32
"""Places of the corpus they come from."""
DECIDING: Final = ("masthead", "numba", "numpy", "pyarrow", "selectolax", "zstandard")
"""Packages whose version can change a result."""
Tell = Callable[[Progress], None]


class Refused(Exception):
    """The run cannot be started or resumed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What changes a run's result."""

    fields: tuple[str, ...] = ("text",)
    form: str = ""
    """How every file is read; nothing for what its ending says."""
    n: int = 4
    """Words that must stand together for a place to be looked at."""
    seed: int = 0
    target: float = 0.05
    """Share of wrong attributions that the report accepts."""
    chunk: int = CHUNK
    detector: str = DETECTOR


def start(path: Path, posts: str, places: Sequence[str], options: Options) -> Folder:
    """Plan a run in a new folder. Nothing but the beginnings of files is read. Raises Refused, Unreadable or WrongPosts."""
    folder = Folder(path)
    if folder.begun:
        raise Refused(f"{path} holds a run already. Go on with masthead audit resume {path}, or give another --out.")
    if path.exists() and not path.is_dir():
        raise Refused(f"{path} is a file. Give a folder with --out.")
    loaded, digest = post_file.load(posts)
    taken, skipped = sources(places, options.form)
    tasks = list(plan(taken, skipped.append, options.chunk))
    (path / "parts").mkdir(parents=True, exist_ok=True)
    folder.write("posts.jsonl", map(post_file.line, loaded))
    folder.write("tasks.jsonl", (as_line(task.as_json()) for task in tasks))
    about = {"file": posts, "sha256": digest, "count": len(loaded), "decoys": sum(post.decoy for post in loaded)}
    folder.write("run.json", [as_page(_planned(about, places, taken, skipped, options, len(tasks)))])
    return folder


def carry_out(folder: Folder, *, workers: int = 1, on: str = "", tell: Tell = lambda progress: None) -> None:
    """Do what is not done yet of a run. Raises NotARun, Refused, Unreadable or executors.Stopped; what is done then is kept."""
    with _alone(folder):
        run = folder.run
        _same_versions(run)
        if not folder.finished:
            for one in run["inputs"]:
                unchanged(Source(**one))
            _prepare(folder, run)
            _do_tasks(folder, run, workers, on, tell)
            Merge(folder).write()
            folder.log("finished", at=_now())


def _planned(
    posts: dict[str, Any],
    places: Sequence[str],
    taken: Sequence[Source],
    skipped: Sequence[Skipped],
    options: Options,
    tasks: int,
) -> dict[str, Any]:
    return {
        "versions": _versions(),
        "options": asdict(options),
        "posts": posts,
        "places": list(places),
        "inputs": [asdict(one) for one in taken],
        "skipped": [asdict(one) for one in skipped],
        "tasks": tasks,
    }


def _versions() -> dict[str, str]:
    return {name: version(name) for name in DECIDING}


def _same_versions(run: dict[str, Any]) -> None:
    now = _versions()
    other = [f"{name} {was} (now {now[name]})" for name, was in run["versions"].items() if now.get(name) != was]
    if other:
        raise Refused(
            f"The run was begun with {', '.join(other)}; half a run with each proves nothing. Start a new run."
        )


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    if not folder.begun:
        raise NotARun(f"{folder.path} holds no run. Start one with masthead audit run.")
    try:
        with FileLock(folder.path / ".lock"):
            yield
    except Taken as taken:
        raise Refused(f"{folder.path} is being worked on by {taken.note or 'another process'}. Wait for it.") from taken


def _prepare(folder: Folder, run: dict[str, Any]) -> None:
    """Build the index of the posts and the sample of the corpus, whole or not at all."""
    if folder.prepared.exists():
        return
    making = folder.path / ".prepared.new"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    options = run["options"]
    sample = _sample(folder.tasks(), tuple(options["fields"]), options["seed"])
    import_module(options["detector"]).prepare(making, folder.posts(), sample, n=options["n"])
    making.rename(folder.prepared)


def _sample(tasks: Sequence[Task], fields: tuple[str, ...], seed: int) -> Iterator[Batch]:
    """Some batches from all over the corpus; the same ones for the same seed."""
    chosen = sorted(random.Random(seed).sample(range(len(tasks)), min(SAMPLED, len(tasks))))  # noqa: S311
    for number in chosen:
        yield from _beginning(tasks[number], fields, SAMPLE // len(chosen))


def _beginning(task: Task, fields: tuple[str, ...], size: int) -> Iterator[Batch]:
    try:
        with closing(reader(task.form)(task, fields, Notes(), hashlib.sha256())) as batches:  # type: ignore[type-var]
            for batch in batches:
                kept = min(size, batch.size)
                yield replace(batch, size=kept)
                size -= kept
                if size <= 0:
                    return
    except (Unreadable, OSError):
        return  # The task itself tells it.


def _do_tasks(folder: Folder, run: dict[str, Any], workers: int, on: str, tell: Tell) -> None:
    tasks = folder.tasks()
    options = run["options"]
    weights = _weights(tasks, run)
    todo = [task for task in tasks if not folder.part(task.number).exists()]
    total = sum(weights.values())
    progress = Progress(total, total - sum(weights[task.number] for task in todo))
    folder.log("started", at=_now(), todo=len(todo), workers=workers, on=on)
    setup = Setup(str(folder.prepared.resolve()), tuple(options["fields"]), options["detector"])
    with closing(spread(todo, setup, workers=workers, on=on)) as results:  # type: ignore[type-var]
        for result in results:
            write_whole(folder.part(result.number), [result.part])
            progress.add(weights[result.number], result.size, result.matches)
            tell(progress)
    folder.log("read", at=_now(), seconds=round(progress.seconds, 3), bytes=progress.read, rate=round(progress.rate))


def _weights(tasks: Sequence[Task], run: dict[str, Any]) -> dict[int, int]:
    """Stored bytes of each task, so that Parquet, whose tasks count row groups, is weighed like the rest."""
    sizes = {one["place"]: one["size"] for one in run["inputs"]}
    spans: dict[str, int] = {}
    for task in tasks:
        spans[task.source] = spans.get(task.source, 0) + task.length
    return {task.number: sizes[task.source] * task.length // max(1, spans[task.source]) for task in tasks}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
