"""Pure: the known ends of platforms, plans, features and API versions, from sunsets.toml. They stop nothing; people announce."""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from masthead.metering.prices import Evidence

FILE = Path(__file__).with_name("sunsets.toml")
Scope = Literal["platform", "plan", "feature", "api_version", "server"]


@dataclass(frozen=True, slots=True)
class Known:
    """One end as a platform brought it: what, when it was said (None: not before), when it came, and who says so."""

    key: str
    platform: str
    scope: Scope
    subject: str
    announced_on: date | None
    ends_on: date
    source: str
    evidence: Evidence
    note: str = ""

    @property
    def notice(self) -> int:
        """Days from the announcement to the end; 0 where there was none."""
        return max(0, (self.ends_on - self.announced_on).days) if self.announced_on else 0


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{3,80}$")]
    platform: str
    scope: Scope
    subject: str = ""
    announced_on: date | None = None
    ends_on: date
    source: Annotated[str, Field(pattern=r"^https?://")]
    evidence: Evidence
    note: str = ""


def read(text: str) -> tuple[Known, ...]:
    """The rows of a file in order of time. Raises ValueError for a bad or doubled row."""
    rows = [_Row.model_validate(one) for one in tomllib.loads(text)["sunset"]]
    if len({row.key for row in rows}) != len(rows):
        raise ValueError("a key stands twice in sunsets.toml")
    return tuple(sorted((Known(**row.model_dump()) for row in rows), key=lambda one: (one.ends_on, one.key)))


@lru_cache(maxsize=1)
def known() -> tuple[Known, ...]:
    """All that are known to this version of Masthead."""
    return read(FILE.read_text(encoding="utf-8"))


def version(platform: str, name: str) -> Known | None:
    """The known end of a version of a platform's API; None where nobody has told one."""
    wanted = (platform, "api_version", name)
    return next((one for one in known() if (one.platform, one.scope, one.subject) == wanted), None)


def median_notice(rows: Iterable[Known]) -> int:
    """The middle of the notices in days, of ends that are dated by an announcement or had none; 0 without rows."""
    days = [one.notice for one in rows if one.scope != "api_version"]
    return round(statistics.median(days)) if days else 0
