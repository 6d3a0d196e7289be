"""A life as a table you can read: states, arrows, and the one question whether a move is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


class WrongMove(Exception):
    """A row was asked to make a move that its life does not have."""

    def __init__(self, life: str, source: str, target: str) -> None:
        super().__init__(f"{life}: no arrow from {source} to {target}")
        self.source = source
        self.target = target


@dataclass(frozen=True)
class Life(Generic[State]):
    """Allowed moves: from each state to the states it may become, with the reason for the arrow."""

    name: str
    arrows: dict[State, dict[State, str]]

    def allows(self, source: State, target: State) -> bool:
        """True where the table has an arrow."""
        return target in self.arrows.get(source, {})

    def check_move(self, source: State, target: State) -> None:
        """Raise WrongMove where the table has no arrow."""
        if not self.allows(source, target):
            raise WrongMove(self.name, source, target)

    def sources(self, target: State) -> tuple[State, ...]:
        """The states from which `target` can be reached in one move."""
        return tuple(source for source, targets in self.arrows.items() if target in targets)
