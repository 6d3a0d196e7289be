"""A real relay for tests: `with running_relay() as port:`. bin/servers/nostr brings the program."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from masthead.connectors.tests.real import absent, free_port, program, tools

SETTINGS = """
DEBUG: false
relay_name: tests
storage:
  sqlalchemy.url: sqlite+aiosqlite:///{home}/notes.db
  validators: [nostr_relay.validators.is_not_too_large, nostr_relay.validators.is_signed, nostr_relay.validators.is_recent]
gunicorn: {{bind: '127.0.0.1:{port}', workers: 1, loglevel: info}}
verification: {{nip05_verification: disabled}}
authentication: {{enabled: false}}
"""


@contextmanager
def running_relay() -> Iterator[int]:
    """The port of a relay that checks signatures, sizes and times. Skips where the program is absent."""
    place = tools("MASTHEAD_NOSTR", "nostr") / "bin" / "nostr-relay"
    if not place.exists():
        absent(f"The Nostr relay is not installed in {place.parent.parent}; run bin/servers/nostr")
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        (home / "settings.yaml").write_text(SETTINGS.format(home=home, port=port))
        with program([place, "-c", "settings.yaml", "serve"], home=home, ready=f"http://127.0.0.1:{port}/"):
            yield port
