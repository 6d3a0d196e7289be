"""How much was checked against the platforms' own descriptions: what each process of a run counted, and the sum in words.

The doubles of connectors put their descriptions into `KNOWN` (connectors/tests/described.py). Where tests run in several
processes each hands on what it `counted`, as plain data, and the one that prints adds them up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Tallied(Protocol):
    """What is counted of a description, whatever its form (see described_graph.py for Meta's)."""

    name: str
    file: str
    requests: Counter[str]
    answers: Counter[str]
    wrong: list[str]


KNOWN: dict[str, Tallied] = {}


def counted(known: Mapping[str, Tallied] = KNOWN) -> list[dict[str, Any]]:
    """What was checked in this process, one entry for each description that something was checked against."""
    return [
        {
            "name": one.name,
            "file": one.file,
            "requests": dict(one.requests),
            "answers": one.answers.total(),
            "wrong": len(one.wrong),
        }
        for one in known.values()
        if one.requests
    ]


def tally(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each description, its entries from all processes added up; sorted by name."""
    requests: dict[tuple[str, str], Counter[str]] = {}
    others: Counter[tuple[str, str, str]] = Counter()
    for one in entries:
        name, file = one["name"], one["file"]
        requests.setdefault((name, file), Counter()).update(one["requests"])
        others.update({(name, file, "answers"): one["answers"], (name, file, "wrong"): one["wrong"]})
    return [
        f"{name}: {made.total()} requests and {others[name, file, 'answers']} answers checked against {file}, "
        f"{len(made)} operations, {others[name, file, 'wrong']} not as described"
        for (name, file), made in sorted(requests.items())
    ]
