"""Where an installation keeps its files, and the keys that lie there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The data directory: MASTHEAD_HOME, else the user's data directory. Made with mode 0700 if absent."""
    default = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "masthead"
    path = Path(os.environ.get("MASTHEAD_HOME") or default).expanduser().resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def django_key(folder: Path) -> str:
    """Django's signing key, kept in `django.key` (0600); made on first use."""
    return kept(folder / "django.key", lambda: secrets.token_urlsafe(50))


def kept(path: Path, make) -> str:
    """The text of a private file, made once; safe when two processes make it at the same time."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make() + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
