"""Words for people in code that knows no translation: marked here, collected by `bin/messages`, translated where they are shown."""

from __future__ import annotations


def N_(text: str) -> str:
    """The text itself. Import it as `_`, so that it is collected; literal texts only."""
    return text
