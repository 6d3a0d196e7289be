"""An audit in a process of its own: `python -m masthead.rights.audits.run NUMBER`.

Apart from the worker, because it takes every processor it gets for hours, and because what reads corpora is large: neither web nor
workers load it.
"""

from __future__ import annotations

import sys
from importlib import import_module

import django

from masthead.kit.apart import begun_apart


def main(audit_id: int) -> None:
    """Make Django ready and carry it out."""
    begun_apart()
    django.setup()
    import_module("masthead.rights.audits.carry_out").carry_out(audit_id)


if __name__ == "__main__":
    main(int(sys.argv[1]))
