"""The record key of a segment: a valid TID, the same on every try, in the order of the thread."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
VALID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
MICROSECONDS = 53
CLOCK = 10


def record_key(created_at: datetime, key: str, index: int) -> str:
    """A TID from the second of `created_at` plus 40 bits of `key`, so that posts made in one moment do not collide.

    Its time may lie 18 minutes ahead of `created_at`; nothing depends on that, the post's own date is in the record.
    """
    bits = int.from_bytes(hashlib.sha256(key.encode()).digest()[:5], "big")
    micros = int(created_at.timestamp()) * 1_000_000 + (bits >> CLOCK) + index
    number = (micros % (1 << MICROSECONDS)) << CLOCK | bits % (1 << CLOCK)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(60, -1, -5))
