"""Puts the parts of a run together. The order is that of sources, documents and places, so who did which task when leaves no trace."""

from __future__ import annotations

import hashlib
import json
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from masthead.rights.audit.corpus import Task
from masthead.rights.audit.folder import Folder, as_line, as_page
from masthead.rights.audit.readers.text import OVERLAP
from masthead.rights.audit.rows import Row, margin, quoted

Problem = dict[str, Any]
BEFORE: Final = ".matches.halves"
COUNTED: Final = ("documents", "size", "matches", "problems")


@dataclass(slots=True)
class Input:
    """What came of one source so far."""

    place: str
    form: str
    documents: int = 0
    size: int = 0
    matches: int = 0
    problems: int = 0
    digests: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For result.json. A source of one task has the digest of its bytes; one of several, the digest of their digests in order."""
        one = len(self.digests) == 1
        digest = self.digests[0] if one else hashlib.sha256("".join(self.digests).encode()).hexdigest()
        counts = {name: getattr(self, name) for name in COUNTED}
        return {"place": self.place, "sha256": digest, "tasks": len(self.digests), **counts}

    def add(self, about: dict[str, Any]) -> None:
        """One more task was gone through."""
        self.documents += about["documents"]
        self.size += about["size"]
        self.problems += len(about["problems"]) + about["problems_not_kept"]
        self.digests.append(about["sha256"])

    def placed(self, problem: Problem) -> Problem:
        """A problem of a task with places that count from the source's beginning."""
        if self.form == "parquet":
            return problem
        moved = {"document": self.documents, "byte": self.size}
        return problem | {name: problem[name] + by for name, by in moved.items() if name in problem}

    def row(self, line: str, task: Task) -> Row:
        """A match of a task with places that count from the source's beginning."""
        row = Row.read(line)
        if self.form == "parquet":
            return row
        if self.form == "text":
            return row._replace(start=row.start + task.offset, end=row.end + task.offset)
        return row._replace(document=row.document + self.documents, doc_start=row.doc_start + self.size)


@dataclass(slots=True)
class Merge:
    """One pass over the parts. Memory holds the matches of a stretch of text, whatever their number."""

    folder: Folder
    inputs: list[Input] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def write(self) -> None:
        """Write matches.jsonl, problems.jsonl and, last, result.json."""
        digest, rivals = hashlib.sha256(), Rivals()
        # A margin needs every match of its post, so the lines are put down without theirs first.
        self.folder.write(BEFORE, (_halved(row, source) for row, source in rivals.noted(self._matches())))
        rivals.settle()
        with (self.folder.path / BEFORE).open("rb") as halves:
            self.folder.write("matches.jsonl", _digested(map(rivals.whole, halves), digest))
        (self.folder.path / BEFORE).unlink()
        skipped = [
            {"source" if name == "place" else name: one[name] for name in one} for one in self.folder.run["skipped"]
        ]
        self.folder.write("problems.jsonl", map(as_line, skipped + self.problems))
        inputs = [one.as_json() for one in self.inputs]
        totals = {name: sum(one[name] for one in inputs) for name in COUNTED}
        totals["problems"] += len(skipped)
        result = {"inputs": inputs, "totals": totals, "matches_sha256": digest.hexdigest()}
        self.folder.write("result.json", [as_page(result)])

    def _matches(self) -> Iterator[tuple[Row, str]]:
        for (place, form), tasks in groupby(self.folder.tasks(), lambda task: (task.source, task.form)):
            self.inputs.append(Input(place, form))
            found, source = self._of(self.inputs[-1], tasks), quoted(place)
            for row in without_doubles(found) if form == "text" else found:
                self.inputs[-1].matches += 1
                yield row, source

    def _of(self, source: Input, tasks: Iterable[Task]) -> Iterator[Row]:
        for task in tasks:
            with self.folder.part(task.number).open(encoding="ascii", newline="\n") as file:
                about = json.loads(next(file))
                self.problems += [{"source": source.place, **source.placed(one)} for one in about["problems"]]
                if more := about["problems_not_kept"]:
                    told = {"problem": f"{more} more of the same kinds", "remedy": "Mend those above first."}
                    self.problems.append({"source": source.place, **told})
                for line in file:
                    yield source.row(line, task)
            source.add(about)


def without_doubles(matches: Iterable[Row]) -> Iterator[Row]:
    """Of two matches of a post that overlap, the better one. In plain text both sides of a border can find the same post."""
    held: list[Row] = []
    for match in matches:
        while held and held[0].start < match.start - 4 * OVERLAP:
            yield held.pop(0)
        twin = next((one for one in held if _overlap(one, match)), None)
        if twin and (twin.score, twin.words) >= (match.score, match.words):
            continue
        if twin:
            held.remove(twin)
        insort(held, match, key=lambda one: (one.start, one.end, one.post))
    yield from held


def _overlap(one: Row, other: Row) -> bool:
    return one.post == other.post and one.end > other.start and other.end > one.start


@dataclass(slots=True)
class Rivals:
    """For each post, the best match that is no copy of it: one with less than nine tenths of the words that the best one has.

    The same rule as `verify.margins`, which needs all matches in memory.
    """

    best: dict[tuple[int, int], float] = field(default_factory=dict)
    """By post and number of words, the best score."""
    rival: dict[int, float] = field(default_factory=dict)
    """By post, the best score of those that are no copies, where there are any."""

    def noted(self, matches: Iterable[tuple[Row, str]]) -> Iterator[tuple[Row, str]]:
        """First pass: every match is looked at."""
        best = self.best
        for one in matches:
            row = one[0]
            key = (row.post, row.words)
            best[key] = max(row.score, best.get(key, row.score))
            yield one

    def settle(self) -> None:
        """All have been looked at."""
        most: dict[int, int] = {}
        for post, words in self.best:
            most[post] = max(words, most.get(post, 0))
        for (post, words), score in self.best.items():
            if words < 0.9 * most[post]:
                self.rival[post] = max(score, self.rival.get(post, 0.0))

    def whole(self, halves: bytes) -> bytes:
        """Second pass: a line with its margin."""
        post, score, before, rest = halves.split(b"\t")
        return before + margin(float(score), self.rival.get(int(post), 0.0)).encode() + rest


def _halved(row: Row, source: str) -> bytes:
    before, rest = row.json(source)
    return f"{row.post}\t{row.score!r}\t{before}\t{rest}\n".encode()


def _digested(lines: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for line in lines:
        digest.update(line)
        yield line
