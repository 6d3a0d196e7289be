"""The memory of a long-lived process: what it loaded at its start stays, so looking there for garbage is in vain."""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects until garbage is looked for. Hundreds of requests at once are soon more than Python's 700, and few of them are
garbage that counting references does not find."""


def keep_loaded() -> None:
    """Take all that is loaded now out of garbage collection for good. Call it once, at the end of a process's start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
