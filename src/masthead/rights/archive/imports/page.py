"""What the pages of imports show: how each stands, and how people get an export from each platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from masthead.connectors import available
from masthead.contract.archive import Guide
from masthead.rights.archive.imports.ask import arriving
from masthead.rights.models import Import

State = Import.State
LOOKS = {
    State.WAITING: ("info", "clock"),
    State.READING: ("info", "hourglass"),
    State.FINISHED: ("ok", "circle-check"),
    State.FAILED: ("bad", "circle-x"),
    State.STOPPED: ("quiet", "ban"),
}


@dataclass(frozen=True)
class Standing:
    """An import as a page shows it. `percent` is None where it cannot be told."""

    row: Import
    tone: str
    icon: str
    word: str
    percent: int | None
    moving: bool
    can_stop: bool
    can_go_on: bool
    wants_file: bool

    @property
    def platforms(self) -> str:
        """The names of the platforms whose export it holds."""
        names = {one.key: one.name for one in available(sandbox=True)}
        keys = [self.row.platform, *(key.partition(":")[0] for key in self.row.cursor.get("owners", {}))]
        return ", ".join(names.get(key, key) for key in dict.fromkeys(keys) if key)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong, in the reader's language."""
        return [
            {"entry": one.get("entry", ""), "why": _said(one.get("why", "")), "remedy": _said(one.get("remedy", ""))}
            for one in self.row.problems
        ]

    @property
    def more_problems(self) -> int:
        """How many are counted and not kept."""
        return max(int(self.row.troubled) - len(self.row.problems), 0)


def _said(text: str) -> str:
    return _(text) if text else ""


def standing(row: Import) -> Standing:
    """How an import stands."""
    tone, icon = LOOKS[State(row.state)]
    comes = arriving(row)
    whole = row.size if comes else int(row.cursor.get("total") or 0)
    shown = comes or row.state in (State.READING, State.STOPPED)
    percent = min(100 * int(row.done) // whole, 100) if shown and whole else None
    word = _("Arriving") if comes else str(State(row.state).label)
    moving = row.state in (State.WAITING, State.READING)
    resumable = row.state in (State.STOPPED, State.FAILED) and bool(row.storage_path)
    return Standing(row, tone, icon, word, percent, moving, moving, resumable, comes)


def guides() -> list[tuple[str, Guide]]:
    """Each platform whose export can be read, with how to get it."""
    return [(one.name, one.archive.guide) for one in available(sandbox=False) if one.archive]
