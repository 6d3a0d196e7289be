"""What a platform's terms allow with data obtained there, per kind of record and use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from masthead.contract.capabilities import Source

Record = Literal["own_post", "others_post", "profile"]
Use = Literal["display", "store", "analyse", "combine", "export", "train"]
Verdict = Literal["allow", "deny", "ask"]


@dataclass(frozen=True, slots=True)
class Term:
    """One rule: what may be done (`use`) with a kind of record. `ask`: only with the person's own consent."""

    record: Record
    use: Use
    verdict: Verdict
    source: Source
