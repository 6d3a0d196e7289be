"""The icons of the shell: read once from the vendored sprite, written inline into pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "vendor" / "lucide" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>')
FALLBACK = "circle"


@cache
def shapes() -> dict[str, str]:
    """Icon name -> the SVG elements inside it (Lucide, ISC licence)."""
    return dict(_SYMBOL.findall(SPRITE.read_text()))


def svg(name: str, classes: str = "") -> str:
    """An icon as inline SVG, hidden from screen readers; a plain circle where the name is unknown."""
    inner = shapes().get(name) or shapes()[FALLBACK]
    return (
        f'<svg class="icon {classes}" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f"{inner}</svg>"
    )
