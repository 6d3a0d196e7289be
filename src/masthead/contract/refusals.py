"""A platform's refusals as a table: status and a word of what it says -> one of our errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from masthead.contract.errors import ConnectorError

RECONNECT = "Reconnect the channel."
CHANGE = "Change the post and schedule it again."


@dataclass(frozen=True, slots=True)
class Row:
    """A refusal: its status, a word of what is said in small letters ("" for any), the error, the field at fault, what to do."""

    status: int
    word: str
    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE


def first_fit(table: Sequence[Row], status: int, words: str) -> Row | None:
    """The first row that fits; None where the status decides."""
    small = words.lower()
    return next((row for row in table if row.status == status and row.word in small), None)


def quoted(words: str) -> str:
    """The platform's own words as the end of a sentence of ours, without its full stop; "" where it said nothing."""
    return f" and said: {words.rstrip('.')}" if words else ""
