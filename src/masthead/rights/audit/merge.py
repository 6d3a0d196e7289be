"""Puts the parts of a run together. The order is that of sources, documents and places, so who did which task when leaves no trace."""

from __future__ import annotations

import hashlib
import json
from bisect import insort
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from masthead.rights.audit.corpus import Task
from masthead.rights.audit.folder import Folder, as_line, as_page
from masthead.rights.audit.readers.text import OVERLAP

Found = dict[str, Any]
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

    def placed(self, found: Found, task: Task) -> Found:
        """A match or problem of a task with places that count from the source's beginning."""
        if self.form == "parquet":
            return found
        if self.form == "text" and "start" in found:
            return {**found, "start": found["start"] + task.offset, "end": found["end"] + task.offset}
        moved = {"document": self.documents, "byte": self.size, "doc_start": self.size}
        return found | {name: found[name] + by for name, by in moved.items() if name in found}


@dataclass(slots=True)
class Merge:
    """One pass over the parts. Memory holds the matches of a stretch of text, whatever their number."""

    folder: Folder
    inputs: list[Input] = field(default_factory=list)
    problems: list[Found] = field(default_factory=list)

    def write(self) -> None:
        """Write matches.jsonl, problems.jsonl and, last, result.json."""
        digest, scores = hashlib.sha256(), Rivals()
        # Margins need every match of a post, so the matches are gone through twice more, on the disk.
        self.folder.write("matches.jsonl", map(_line, scores.most_words(self._matches())))
        scores.best_of_others(self.folder.lines("matches.jsonl"))
        with closing(self.folder.lines("matches.jsonl")) as matches:
            self.folder.write("matches.jsonl", _digested(scores.with_margins(matches), digest))
        skipped = [
            {"source" if name == "place" else name: one[name] for name in one} for one in self.folder.run["skipped"]
        ]
        self.folder.write("problems.jsonl", map(as_line, skipped + self.problems))
        inputs = [one.as_json() for one in self.inputs]
        totals = {name: sum(one[name] for one in inputs) for name in COUNTED}
        totals["problems"] += len(skipped)
        result = {"inputs": inputs, "totals": totals, "matches_sha256": digest.hexdigest()}
        self.folder.write("result.json", [as_page(result)])

    def _matches(self) -> Iterator[Found]:
        for (place, form), tasks in groupby(self.folder.tasks(), lambda task: (task.source, task.form)):
            self.inputs.append(Input(place, form))
            found = self._of(self.inputs[-1], tasks)
            for match in without_doubles(found) if form == "text" else found:
                self.inputs[-1].matches += 1
                yield match

    def _of(self, source: Input, tasks: Iterable[Task]) -> Iterator[Found]:
        for task in tasks:
            with self.folder.part(task.number).open("rb") as file:
                about = json.loads(next(file))
                self.problems += [{"source": source.place, **source.placed(one, task)} for one in about["problems"]]
                if more := about["problems_not_kept"]:
                    told = {"problem": f"{more} more of the same kinds", "remedy": "Mend those above first."}
                    self.problems.append({"source": source.place, **told})
                for line in file:
                    yield source.placed(json.loads(line), task)
            source.add(about)


def without_doubles(matches: Iterable[Found]) -> Iterator[Found]:
    """Of two matches of a post that overlap, the better one. In plain text both sides of a border can find the same post."""
    held: list[Found] = []
    for match in matches:
        while held and held[0]["start"] < match["start"] - 4 * OVERLAP:
            yield held.pop(0)
        twin = next((one for one in held if _overlap(one, match)), None)
        if twin and (twin["score"], twin["words"]) >= (match["score"], match["words"]):
            continue
        if twin:
            held.remove(twin)
        insort(held, match, key=lambda one: (one["start"], one["end"], one["post"]))
    yield from held


def _overlap(one: Found, other: Found) -> bool:
    return bool(one["post"] == other["post"] and one["end"] > other["start"] and other["end"] > one["start"])


@dataclass(slots=True)
class Rivals:
    """For each post, the best match that is no copy of it: one with less than nine tenths of the words that the best one has.

    The same rule as `verify.margins`, which needs all matches in memory.
    """

    most: dict[int, int] = field(default_factory=dict)
    best: dict[int, float] = field(default_factory=dict)

    def most_words(self, matches: Iterable[Found]) -> Iterator[Found]:
        """First pass: how many words of each post stand anywhere."""
        for match in matches:
            self.most[match["post"]] = max(match["words"], self.most.get(match["post"], 0))
            yield match

    def best_of_others(self, matches: Iterable[Found]) -> None:
        """Second pass: the best score of those that are no copies."""
        for match in matches:
            if match["words"] < 0.9 * self.most[match["post"]]:
                self.best[match["post"]] = max(match["score"], self.best.get(match["post"], 0.0))

    def with_margins(self, matches: Iterable[Found]) -> Iterator[Found]:
        """Third pass."""
        for match in matches:
            yield {**match, "margin": round(match["score"] - self.best.get(match["post"], 0.0), 3)}


def _line(match: Found) -> bytes:
    return json.dumps(match).encode() + b"\n"


def _digested(matches: Iterable[Found], digest: Any) -> Iterator[bytes]:
    for line in map(_line, matches):
        digest.update(line)
        yield line
