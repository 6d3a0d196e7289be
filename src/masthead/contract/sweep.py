"""Reading a listing that comes newest first since a point, in pages, without losing what comes in meanwhile.

A sweep goes from the newest entry down to `since`; its place is a short text between two pages. When it ends, the newest
entry that it saw becomes the next `since`. An entry that arrives during a sweep is read by the next one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

EMPTY = "0"
"""The `since` of a listing that had nothing in it."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A place in the listing. `since`: all up to here was read. `newest`: with what a sweep began that still goes on, at `token`."""

    since: str = ""
    newest: str = ""
    token: str = ""

    @classmethod
    def at(cls, cursor: str) -> Sweep:
        """The place a cursor names; "" is the beginning."""
        return cls(**json.loads(cursor)) if cursor else cls()

    @property
    def cursor(self) -> str:
        """The place as a text to keep."""
        named = (("since", self.since), ("newest", self.newest), ("token", self.token))
        told = {name: value for name, value in named if value}
        return json.dumps(told, separators=(",", ":")) if told else ""

    @property
    def border(self) -> str:
        """The entry down to which is read; "" for the whole listing."""
        return "" if self.since == EMPTY else self.since

    @property
    def going(self) -> bool:
        """True amid a sweep."""
        return bool(self.token)

    def again(self) -> Sweep:
        """The same sweep from its beginning, where the platform no longer knows the token."""
        return Sweep(self.since)

    def after(self, newest: str, token: str, *, reached: bool) -> Sweep:
        """The place after a page. `newest`: the page's newest entry; `token` leads on; `reached`: the page went down to `since`.

        The first sweep of all is one page long; where it finds nothing, `since` becomes EMPTY and the next one reads all.
        """
        top = (self.newest if self.going else newest) or self.since or EMPTY
        if not token or reached or not self.since:
            return Sweep(top)
        return Sweep(self.since, top, token)
