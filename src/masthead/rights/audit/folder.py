"""A run's folder: all that a run needs to go on after it was killed, and all that it found.

run.json       what is looked for where, with which versions and options; written once, before anything is read
posts.jsonl    the posts
tasks.jsonl    the tasks
prepared/      the index of the posts and the sample of the corpus
parts/         what each task came to
matches.jsonl  every match, in the order of source, document and place
problems.jsonl what could not be read
result.json    digests of what was read, and totals
log.jsonl      when and how fast; the only file that differs between two runs of the same
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, cast

from masthead.rights.audit.corpus import Task
from masthead.rights.audit.values import Match, Post

MATCH_KEYS: Final = tuple(field.name for field in fields(Match))


class NotARun(Exception):
    """A folder that holds no run, or one that is not finished; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of a run."""

    path: Path

    @property
    def begun(self) -> bool:
        """Whether the run was planned to its end, so that it can be resumed."""
        return (self.path / "run.json").exists()

    @property
    def finished(self) -> bool:
        """Whether all is found and written."""
        return (self.path / "result.json").exists()

    @property
    def prepared(self) -> Path:
        """Where the index and the sample lie."""
        return self.path / "prepared"

    @property
    def run(self) -> dict[str, Any]:
        """What is looked for where. Raises NotARun."""
        return self._json("run.json", "Give the folder of a run, or start one with masthead audit run.")

    @property
    def result(self) -> dict[str, Any]:
        """What came of it. Raises NotARun where the run is not finished."""
        return self._json("result.json", f"Go on with masthead audit resume {self.path}.")

    def posts(self) -> list[Post]:
        """The posts, in the order of the index."""
        return [Post(**one) for one in self.lines("posts.jsonl")]

    def tasks(self) -> list[Task]:
        """The tasks, in the order of the run."""
        return [Task(**one) for one in self.lines("tasks.jsonl")]

    def matches(self) -> Iterator[Match]:
        """Every match, in the order of the run."""
        for one in self.lines("matches.jsonl"):
            yield Match(**{key: one[key] for key in MATCH_KEYS})

    def names(self) -> Iterator[str]:
        """What the source calls the document of each match, in the same order."""
        return (str(one["name"]) for one in self.lines("matches.jsonl"))

    def problems(self) -> Iterator[dict[str, Any]]:
        """What could not be read: `source`, `problem`, `remedy`, and where it is known `document` and `byte`."""
        return self.lines("problems.jsonl")

    def part(self, number: int) -> Path:
        """The file of a task's result."""
        return self.path / "parts" / f"{number:07}.jsonl"

    def log(self, event: str, **what: Any) -> None:
        """Add a line to the log."""
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, **what}) + "\n")

    def write(self, name: str, parts: Iterable[bytes]) -> None:
        """Write a file whole or not at all, whenever the machine goes down."""
        write_whole(self.path / name, parts)

    def _json(self, name: str, remedy: str) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", json.loads((self.path / name).read_bytes()))
        except FileNotFoundError:
            raise NotARun(f"{self.path} has no {name}. {remedy}") from None

    def lines(self, name: str) -> Generator[dict[str, Any], None, None]:
        """The lines of one of the files. Raises NotARun where it is not there yet."""
        try:
            with (self.path / name).open("rb") as file:
                yield from map(json.loads, file)
        except FileNotFoundError:
            raise NotARun(f"{self.path} has no {name}. Go on with masthead audit resume {self.path}.") from None


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside, then put it in its place; what is in its place is always complete."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def as_line(value: Any) -> bytes:
    """A value as a line of JSON."""
    return json.dumps(value, sort_keys=True).encode() + b"\n"


def as_page(value: Any) -> bytes:
    """A value as JSON that people can read."""
    return json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
