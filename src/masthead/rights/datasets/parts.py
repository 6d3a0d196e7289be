"""The tables of a dataset while it is made: records whole, ids alone where a platform wants it so, and never beyond its limits."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from masthead.connectors import PLATFORMS
from masthead.kit.clock import now as clock
from masthead.rights.datasets.croissant import Origin
from masthead.rights.datasets.limits import room
from masthead.rights.datasets.rows import ID_FIELDS, RECORD_FIELDS, id_row, record_row, redistribution
from masthead.rights.datasets.writing import Table, Written, table
from masthead.rights.items import Item
from masthead.rights.models import Dataset
from masthead.workspaces.models import Workspace

LOOK = 2_000
"""Records of a platform between two looks at its limit; the last look is at the end."""


class TooMany(Exception):
    """A platform's limit on what may be handed on would be passed. The text says what is left, and what to do."""


def is_bare(item: Item) -> bool:
    """Only the id leaves: the platform wants it so."""
    platform = PLATFORMS.get(item.platform)
    rule = redistribution(item, platform.terms if platform else None)
    return rule is not None and rule.ids_only


class Parts:
    """The tables: records whole, and ids alone where a platform wants it so."""

    def __init__(self, row: Dataset, folder: Path) -> None:
        self.row, self.folder = row, folder
        self.tables: dict[str, Table] = {"records": table(folder, "records", list(RECORD_FIELDS), row.form)}
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.handed_on: Counter[str] = Counter()

    def add(self, item: Item) -> None:
        """One record that may leave."""
        self.counts[item.platform, item.obtained_via, item.terms_version] += 1
        if not is_bare(item):
            self.tables["records"].add(record_row(item))
            return
        if "ids" not in self.tables:
            self.tables["ids"] = table(self.folder, "ids", list(ID_FIELDS), self.row.form)
        self.handed_on[item.platform] += 1
        _look(self.row.workspace, item.platform, self.handed_on[item.platform])
        self.tables["ids"].add(id_row(item))

    def close(self) -> list[Written]:
        """The files."""
        return [one.close() for one in self.tables.values()]

    @property
    def origins(self) -> list[Origin]:
        """Where the records come from, and how many."""
        return [Origin(*key, number) for key, number in sorted(self.counts.items())]


def _look(workspace: Workspace, platform: str, wanted: int) -> None:
    if wanted % LOOK == 1:
        check_room(workspace, platform, wanted)


def check_room(workspace: Workspace, platform: str, wanted: int) -> None:
    """Raises TooMany where the platform's limits leave fewer records than are wanted."""
    left = room(workspace, platform, clock())
    if left is not None and wanted > left.left:
        raise TooMany(_too_many(platform, left.left, left.limit, left.days))


def _too_many(platform: str, left: int, limit: int, days: int) -> str:
    return (
        f"{PLATFORMS[platform].name} lets {limit:,} records be handed on within {days} days, and {left:,} are left. "
        "Narrow the dataset by dates or channels, or wait."
    )
