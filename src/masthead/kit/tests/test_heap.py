"""Garbage collection in a long-lived process."""

from __future__ import annotations

import subprocess
import sys

IN_A_PROCESS_OF_ITS_OWN = """
import gc, weakref
from masthead.kit.heap import YOUNG, keep_loaded

class Ring:
    pass

before = len(gc.get_objects())
keep_loaded()
assert gc.get_freeze_count() > before // 2, "what was loaded is still looked through"
assert gc.get_threshold()[0] == YOUNG
ring = Ring()
ring.itself, seen = ring, weakref.ref(ring)
del ring
gc.collect()
assert seen() is None, "what came later is no longer collected"
"""


def test_what_is_loaded_is_left_alone_and_what_comes_later_is_collected() -> None:
    subprocess.run([sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN], check=True, timeout=60)
