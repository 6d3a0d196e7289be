"""The web server process: granian with one worker process and threads."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from masthead.config.home import home

STOP_SECONDS = 8


def serve(host: str, port: int, threads: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in flight get STOP_SECONDS to end."""
    (home() / "static").mkdir(exist_ok=True)
    os.environ["MASTHEAD_WEB_PARENT"] = str(os.getpid())
    Granian(
        "masthead.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()
