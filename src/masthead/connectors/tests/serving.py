"""A contract double as a real HTTP server: uvicorn on a free port of this machine, in a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import uvicorn


class Serving:
    """An ASGI app at `url` between `start` and `stop`; `url` is known before the start, so that the app may use it."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: Any) -> None:
        """Serve the app. Fails where the server is not up after ten seconds."""
        config = uvicorn.Config(
            app,
            log_level="critical",
            lifespan="off",
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline, "the double did not start"
            time.sleep(0.005)

    def stop(self) -> None:
        """Stop serving and end the thread."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(10)
        self._listener.close()
