"""What a corpus consists of, and how it is cut into tasks that can be done in any order, anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, Final

from masthead.rights.audit.cuts import after_line, after_record
from masthead.rights.audit.storage import Stored, Unreadable, found, look, read
from masthead.rights.audit.unpack import kind

CHUNK: Final = 64 << 20
"""Stored bytes of a task, about."""
SUFFIXES: Final = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jl": "jsonl",
    ".json": "jsonl",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}
PACKED: Final = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}
FORMS: Final = ("jsonl", "lines", "text", "parquet", "warc")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus and how it is read."""

    place: str
    size: int
    mark: str
    form: str
    packing: str

    @property
    def stored(self) -> Stored:
        """What must not change while the run lasts."""
        return Stored(self.place, self.size, self.mark)


@dataclass(frozen=True, slots=True)
class Task:
    """A stretch of a file. It begins and ends between two documents, in plain text between two lines."""

    number: int
    """Its place in the order of the run."""
    source: str
    form: str
    packing: str
    offset: int
    """First stored byte; the first row group in Parquet."""
    length: int
    """Stored bytes; row groups in Parquet."""

    def as_json(self) -> dict[str, Any]:
        """For the run folder."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read, and why."""

    place: str
    problem: str
    remedy: str


def sources(places: Sequence[str], form: str = "") -> tuple[list[Source], list[Skipped]]:
    """The files behind paths, folders, globs and `s3://` addresses, each once, sorted by place, and those that are not read.

    `form` is how all are read; without it a file's ending says it. Raises Unreadable where a place holds nothing, or nothing is left.
    """
    files = {one.place: one for place in places for one in found(place)}
    taken: list[Source] = []
    skipped: list[Skipped] = []
    for place in sorted(files):
        try:
            _take(files[place], form, taken, skipped)
        except Unreadable as error:
            skipped.append(Skipped(place, str(error), "Start a new run when it can be read."))
    if not taken:
        raise Unreadable(_nothing(places, skipped))
    return taken, skipped


def unchanged(source: Source) -> None:
    """Raises Unreadable where a file is not what it was when the run was planned."""
    if look(source.place) != source.stored:
        raise Unreadable(f"{source.place} has changed since the run was planned. Start a new run.")


def plan(files: Sequence[Source], tell: Callable[[Skipped], None], chunk: int = CHUNK) -> Iterator[Task]:
    """The tasks of a run, in its order. A file that cannot be cut is told, and has no tasks."""
    number = 0
    for source in files:
        try:
            stretches = list(_stretches(source, chunk))
        except (Unreadable, OSError, ValueError) as error:
            tell(Skipped(source.place, f"cannot be read ({_first_line(error)})", "Get the file again."))
            continue
        for offset, length in stretches:
            yield Task(number, source.place, source.form, source.packing, offset, length)
            number += 1


def _take(file: Stored, form: str, taken: list[Source], skipped: list[Skipped]) -> None:
    if not file.size:
        skipped.append(Skipped(file.place, "is empty", "Get the file again, if it should hold something."))
        return
    form_of = form or form_by_name(file.place)
    if not form_of:
        remedy = f"Give its form with --format: {', '.join(FORMS)}."
        skipped.append(Skipped(file.place, "has an ending that says nothing about its form", remedy))
        return
    packing = kind(read(file.place, 0, 4)) if form_of != "parquet" else ""
    taken.append(Source(file.place, file.size, file.mark, form_of, packing))


def form_by_name(place: str) -> str:
    """The form that a file's ending says, such as `.jsonl.gz`; nothing where it says none."""
    name = place.lower()
    for ending in PACKED:
        name = name.removesuffix(ending)
    return next((form for ending, form in SUFFIXES.items() if name.endswith(ending)), "")


def _stretches(source: Source, chunk: int) -> Iterator[tuple[int, int]]:
    if source.form == "parquet":
        yield from _row_groups(source, chunk)
    elif source.packing and source.form != "warc":
        # A packed stream can only be read from its beginning.
        yield 0, source.size
    else:
        yield from _cut(source, chunk)


def _cut(source: Source, chunk: int) -> Iterator[tuple[int, int]]:
    begun = 0
    while begun < source.size:
        end = source.size
        if begun + chunk < source.size:
            end = _border(source, begun + chunk)
        yield begun, end - begun
        begun = end


def _border(source: Source, place: int) -> int:
    if source.form == "warc":
        return after_record(source.place, place, source.size, source.packing)
    return after_line(source.place, place, source.size)


def _row_groups(source: Source, chunk: int) -> Iterator[tuple[int, int]]:
    first, held = 0, 0
    sizes = _row_group_sizes(source.place)
    for group, size in enumerate(sizes):
        if held and held + size > chunk:
            yield first, group - first
            first, held = group, 0
        held += size
    if sizes:
        yield first, len(sizes) - first


def _row_group_sizes(place: str) -> list[int]:
    # pyarrow takes a quarter of a second to load, which only Parquet should cost.
    from_columns: Callable[[str], list[int]] = import_module("masthead.rights.audit.readers.columns").row_groups
    return from_columns(place)


def _nothing(places: Sequence[str], skipped: Sequence[Skipped]) -> str:
    why = "".join(f"\n  {one.place} {one.problem}. {one.remedy}" for one in skipped[:5])
    return f"There is nothing to read in {', '.join(places)}.{why}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
