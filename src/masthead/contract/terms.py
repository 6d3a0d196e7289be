"""What a platform's terms allow with data obtained there, per kind of record and use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from masthead.contract.capabilities import Source

Record = Literal["own_post", "others_post", "profile"]
Use = Literal["display", "store", "analyse", "combine", "export", "train"]
Verdict = Literal["allow", "deny", "ask"]


@dataclass(frozen=True, slots=True)
class Term:
    """One rule: what may be done (`use`) with a kind of record. `ask`: only with the person's own consent.

    `within`: how long after it was obtained an allowed use may last; None without a limit.
    """

    record: Record
    use: Use
    verdict: Verdict
    source: Source
    within: timedelta | None = None


def verdict(terms: Sequence[Term], record: Record, use: Use) -> Verdict | None:
    """What the terms say to a use; None where they say nothing."""
    return next((one.verdict for one in terms if (one.record, one.use) == (record, use)), None)
