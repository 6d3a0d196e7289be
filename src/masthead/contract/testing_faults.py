"""The sandbox's fault knobs: what it does to the next requests that create a post."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """One way to go wrong. Those named STORE_ keep the post before they fail."""

    STORE_THEN_CLOSE = "store_then_close"
    STORE_THEN_500 = "store_then_500"
    STORE_THEN_HANG = "store_then_hang"
    STORE_THEN_CUT = "store_then_cut"
    FAIL_500 = "fail_500"
    LIMITED = "limited"
    REFUSED = "refused"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a word, no password
    SLOW = "slow"
    HELD = "held"


STORING = frozenset(
    {Fault.STORE_THEN_CLOSE, Fault.STORE_THEN_500, Fault.STORE_THEN_HANG, Fault.STORE_THEN_CUT, Fault.SLOW, Fault.HELD}
)


@dataclass(frozen=True, slots=True)
class Knob:
    """Do `fault` to the next `times` posts of `handle` ("" for anybody).

    `seconds` is a wait: Retry-After, a hang, the time of processing, how long a request is held before it is read.
    """

    fault: Fault
    times: int = 1
    handle: str = ""
    seconds: float = 120.0


class Knobs:
    """The knobs that are turned, oldest first."""

    def __init__(self) -> None:
        self.turned: list[Knob] = []

    def turn(self, knob: Knob) -> None:
        """Add a knob."""
        self.turned.append(knob)

    def clear(self) -> None:
        """Turn every knob back."""
        self.turned.clear()

    def take(self, handle: str) -> Knob | None:
        """The knob for this post, used up by one; None where all goes well."""
        for place, knob in enumerate(self.turned):
            if knob.handle in ("", handle):
                left = Knob(knob.fault, knob.times - 1, knob.handle, knob.seconds)
                self.turned[place : place + 1] = [left] if left.times > 0 else []
                return knob
        return None
