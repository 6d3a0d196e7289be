"""File names as people may see them: a label only, never a path."""

from __future__ import annotations

import unicodedata

LONGEST = 100
_FORBIDDEN = set('<>:"|?*\\/')
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def label(name: str, extension: str) -> str:
    """A harmless display name that ends in the extension of what the file really is (`extension` without the dot)."""
    last = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c not in _FORBIDDEN and c not in _BIDI and unicodedata.category(c)[0] != "C")
    stem = " ".join(clean.split()).rsplit(".", 1)[0].strip(". ")
    return f"{stem[:LONGEST].rstrip() or 'file'}.{extension}"
