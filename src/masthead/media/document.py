"""Documents (PDF): looked at only as far as to tell a whole file from one that is cut short; passed on as they came."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from masthead.contract.errors import Refused

TAIL = 2048


def check(path: Path) -> None:
    """Raise Refused(field="file") where the end of the document is missing (ISO 32000-2, 7.5.5: the trailer ends in %%EOF)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        if b"%%EOF" not in file.read():
            raise Refused(
                _("The document is damaged or cut short."),
                field="file",
                remedy=_("Export it as PDF again and upload that."),
            )
