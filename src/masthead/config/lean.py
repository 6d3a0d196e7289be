"""A long-lived part as a process of its own, without what only the command line needs (some 20 MB in each).

`masthead web` and `masthead worker` become this: python -m masthead.config.lean web HOST PORT THREADS | worker
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import NoReturn

from masthead.kit.orphans import end_with_parent

# structlog draws tracebacks with rich where it finds it; a part writes JSON, and rich is 4 MB in each of them.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
# Django's test tools, which the API's framework loads, do the same with jinja2: 3 MB where another package brought it.
sys.modules.setdefault("jinja2", None)  # type: ignore[arg-type]


def become(part: str, *arguments: object) -> NoReturn:
    """Turn this process into `part`; it still ends with the process named by MASTHEAD_PARENT."""
    os.execv(sys.executable, [sys.executable, "-m", "masthead.config.lean", part, *map(str, arguments)])  # noqa: S606


def run(part: str, arguments: list[str]) -> None:
    """Run until SIGTERM or SIGINT."""
    if part == "web":
        host, port, threads = arguments
        import_module("masthead.config.web").serve(host, int(port), int(threads))
    else:
        import_module("masthead.config.ready")
        import_module("masthead.config.work").work()


if __name__ == "__main__":
    owner = os.environ.pop("MASTHEAD_PARENT", "")
    if owner:
        end_with_parent(int(owner))
    run(sys.argv[1], sys.argv[2:])
