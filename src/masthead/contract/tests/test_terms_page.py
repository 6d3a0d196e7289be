"""The reference of terms as text: each rule has its cell, each cell its clause."""

from __future__ import annotations

import re
from datetime import timedelta

from masthead.connectors import PLATFORMS
from masthead.contract.terms import KINDS, USES
from masthead.contract.terms_page import lines, numbered, page, span


def test_every_cell_has_its_clause() -> None:
    written = page(PLATFORMS)
    for platform in PLATFORMS.values():
        if platform.key == "sandbox":
            continue
        part = written.partition(f"## {platform.name}\n")[2].partition("\n## ")[0]
        rows = [line for line in part.splitlines() if line.startswith(tuple(f"| {kind} |" for kind in KINDS))]
        assert len(rows) == len(KINDS)
        cells = [cell for row in rows for cell in row.strip("| ").split(" | ")[1:]]
        assert len(cells) == len(KINDS) * len(USES)
        numbers = {int(re.search(r"\((\d+)\)$", cell)[1]) for cell in cells}  # type: ignore[index]
        assert numbers == set(numbered(platform.terms).values())
        assert all(f"\n{number}. " in part for number in numbers)
    assert "Sandbox" not in written


def test_time_limits_are_said() -> None:
    assert [span(timedelta(hours=hours)) for hours in (6, 48, 90 * 24)] == ["6 h", "48 h", "90 d"]
    told = "\n".join(lines(PLATFORMS["linkedin"]))
    assert "others_post  store         allow within 48 h" in told
    assert len(told.splitlines()) == 1 + len(KINDS) * len(USES)
