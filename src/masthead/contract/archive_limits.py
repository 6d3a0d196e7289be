"""How much an archive may hold, whatever it says of itself, and the words in which it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from masthead.kit.words import N_ as _

MOST_NAMES = 2_000_000
MOST_DIRECTORY_BYTES = 256_000_000
FREE_BYTES = 10_000_000
"""So much of a file may come out before its ratio is looked at."""
DAMAGED = _("This entry of the archive is damaged.")
NOT_AN_ARCHIVE = _("This is no zip or tar archive, or it is damaged.")
DOWNLOAD_AGAIN = _("Download it from the platform once more.")
BOMB = _("It grows to many times its packed size, as traps for programs do.")
RAISE_RATIO = _("Nothing more was read. The operator can raise MASTHEAD_IMPORT_RATIO.")
TOO_MUCH = _("The archive's contents are larger than the limit.")
RAISE_UNPACKED = _("Nothing more was read. The operator can raise MASTHEAD_IMPORT_UNPACKED_BYTES.")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes: of everything unpacked, of one entry; `ratio` of unpacked to packed."""

    unpacked: int = 100_000_000_000
    entry: int = 8_000_000
    ratio: int = 200

    def grown(self, packed: int) -> int:
        """How many bytes may come out of so many packed ones."""
        return max(FREE_BYTES, packed * self.ratio)
