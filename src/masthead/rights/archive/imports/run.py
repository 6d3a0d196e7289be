"""Reading an import in a process of its own: `python -m masthead.rights.archive.imports.run NUMBER`.

Apart from the worker, because reading a large archive would take the processor from what publishes on time, and because files that
strangers made belong into a process that may be lost. It ends with the worker that started it.
"""

from __future__ import annotations

import resource
import sys
from importlib import import_module

import django

from masthead.kit.apart import begun_apart

MOST_MEMORY = 3 << 30
"""Bytes; a file that would need more ends its own process and nothing else."""


def main(import_id: int) -> None:
    """Make Django ready and read."""
    begun_apart()
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    django.setup()
    import_module("masthead.rights.archive.imports.bring").bring(import_id)


if __name__ == "__main__":
    main(int(sys.argv[1]))
