"""The three pictures: how often posts and decoys match, how well, and where."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from masthead.rights.audit.population import wilson
from masthead.rights.audit.report.plain import percent, plain
from masthead.rights.audit.report.shapes import Box, Drawing, Label, Role, Stroke
from masthead.rights.audit.texts import SHORTEST
from masthead.rights.audit.verdicts import Population, Verdicts

WIDTH: Final = 640.0
_LEFT: Final = 150.0
_RIGHT: Final = 490.0
_BINS: Final = 24
ENOUGH: Final = 20
"""Texts of a class whose interval sets the scale."""
_TOP: Final = 12
"""Sources that are drawn; the others are summed up."""

Shape = Box | Stroke | Label


def rates(found: Population) -> Drawing:
    """For each class of length how many posts and how many decoys match, with 95 % intervals."""
    rows = [row for row in (*found.rows, found.total) if row.live or row.decoys]
    bars: list[tuple[str, Role, int, int]] = []
    for row in rows:
        bars += [(row.name, "live", row.live_hits, row.live), ("", "chance", row.decoy_hits, row.decoys)]
    # The interval of a handful is wide: it may leave the picture, so that the others are seen.
    sizes = [count for *_, count in bars]
    least = min(ENOUGH, max(sizes, default=0))
    most = max((wilson(hits, count)[1] for _, _, hits, count in bars if count and count >= least), default=1.0) or 1.0
    shapes: list[Shape] = list(legend())
    for number, (name, role, hits, count) in enumerate(bars):
        top = 34.0 + 21.0 * number + 12.0 * (number // 2)
        shapes += _bar(name, role, hits, count, top, most)
    return Drawing(WIDTH, 34.0 + 21.0 * len(bars) + 12.0 * len(rows), tuple(shapes))


def legend() -> tuple[Shape, ...]:
    """Which colour is which."""
    return (
        Box(_LEFT, 4, 12, 12, "live"),
        Label(_LEFT + 18, 14, "posts"),
        Box(_LEFT + 90, 4, 12, 12, "chance"),
        Label(_LEFT + 108, 14, "chance (decoys)"),
    )


def _bar(name: str, role: Role, hits: int, count: int, top: float, most: float) -> list[Shape]:
    share = hits / count if count else 0.0
    low, high = wilson(hits, count) if count else (0.0, 0.0)
    scale = (_RIGHT - _LEFT) / most
    middle = top + 8
    shapes: list[Shape] = [
        Label(_LEFT - 10, top + 13, name, "end"),
        Box(_LEFT, top, min(max(0.5, share * scale), _RIGHT - _LEFT), 16, role),
        Label(_RIGHT + 10, top + 13, f"{percent(share)}  ({hits:,} of {count:,})", role="quiet"),
    ]
    if count:
        ends = (_LEFT + min(low, most) * scale, _LEFT + min(high, most) * scale)
        shapes.append(Stroke(((ends[0], middle), (ends[1], middle)), "whisker"))
    return shapes


def scores(verdicts: Verdicts) -> Drawing:
    """How well the posts match (filled), and how well as many posts would match by chance (line), by bits of the best match."""
    judged = [one for one in verdicts.findings if one.words >= SHORTEST]
    live = np.array([one.best.margin for one in judged if one.standing != "decoy"])
    chance = np.array([one.best.margin for one in judged if one.standing == "decoy"])
    most = max(40.0, float(np.percentile(np.concatenate((live, chance)), 99)) if len(judged) else 0.0)
    edges = np.linspace(0.0, most, _BINS + 1)
    weight = verdicts.decoys.live / (verdicts.decoys.count + 1)
    counts = np.histogram(np.clip(live, 0, most), edges)[0].astype(float)
    expected = np.histogram(np.clip(chance, 0, most), edges)[0] * weight
    top = max(1.0, float(counts.max(initial=0)), float(expected.max(initial=0)))
    return Drawing(WIDTH, 260.0, (*legend(), *_axes(most, top), *_columns(counts, top), _outline(expected, top)))


def _height(count: float, top: float) -> float:
    """Height of a column: the root, so that a few strong matches are seen beside many weak ones."""
    return 190.0 * math.sqrt(count / top)


def _axes(most: float, top: float) -> list[Shape]:
    shapes: list[Shape] = []
    for share in (0.0, 0.25, 1.0):
        y = 225.0 - _height(share * top, top)
        shapes += [
            Stroke(((50.0, y), (WIDTH - 10, y)), "grid"),
            Label(44.0, y + 4, f"{share * top:,.0f}", "end", "quiet"),
        ]
    for step in range(5):
        x = 50.0 + (WIDTH - 60) * step / 4
        more = " and more" if step == 4 else " bits" if step == 0 else ""
        shapes.append(Label(x, 243.0, f"{most * step / 4:.0f}{more}", "start" if step == 0 else "end", "quiet"))
    return shapes


def _columns(counts: Sequence[float] | np.ndarray, top: float) -> list[Shape]:
    width = (WIDTH - 60) / _BINS
    return [
        Box(50.0 + width * place + 1, 225.0 - _height(count, top), width - 2, _height(count, top), "live")
        for place, count in enumerate(counts)
        if count
    ]


def _outline(counts: Sequence[float] | np.ndarray, top: float) -> Stroke:
    width = (WIDTH - 60) / _BINS
    points: list[tuple[float, float]] = []
    for place, count in enumerate(counts):
        y = 225.0 - _height(count, top)
        points += [(50.0 + width * place, y), (50.0 + width * (place + 1), y)]
    return Stroke(tuple(points), "chance")


def sources(verdicts: Verdicts) -> Drawing:
    """Where the attributed posts stand: those with the most, the others summed up."""
    counted = Counter(one.best.source for one in verdicts.attributed).most_common()
    rows = [(_short(name), count) for name, count in counted[:_TOP]]
    if counted[_TOP:]:
        rows.append((f"{len(counted) - _TOP:,} others", sum(count for _, count in counted[_TOP:])))
    most = max((count for _, count in rows), default=1)
    shapes: list[Shape] = []
    for number, (name, count) in enumerate(rows):
        top = 8.0 + 26.0 * number
        shapes += [
            Label(240.0, top + 13, name, "end"),
            Box(250.0, top, max(0.5, 300.0 * count / most), 16, "live"),
            Label(260.0 + 300.0 * count / most, top + 13, f"{count:,}", role="quiet"),
        ]
    return Drawing(WIDTH, 16.0 + 26.0 * len(rows), tuple(shapes))


def _short(name: str) -> str:
    shown = plain(name).replace("\n", " ")
    return shown if len(shown) <= 34 else "…" + shown[-33:]
