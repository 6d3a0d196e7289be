"""What publishing on X will call, before it does: uploads, descriptions, posts with and without a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from masthead.connectors.x.operations import DESCRIBE, INITIALIZE, UPLOAD
from masthead.connectors.x.publish import operation_for
from masthead.contract.foresight import Foreseen, Planned, PlannedFile
from masthead.contract.operations import Operation
from masthead.contract.values import MediaKind


def foresee(parts: Sequence[Planned], limits: Mapping[str, Any]) -> Sequence[Foreseen]:
    """The calls in the order in which they come first."""
    calls: Counter[str] = Counter()
    operations: dict[str, Operation] = {}
    for part in parts:
        for one in (*(call for file in part.files for call in _calls(file)), operation_for(part.text)):
            operations[one.name] = one
            calls[one.name] += 1
    return tuple(Foreseen(operations[name], units) for name, units in calls.items())


def _calls(file: PlannedFile) -> tuple[Operation, ...]:
    """Pictures go in one request, all else in chunks, of which only the first has a price; videos get no description."""
    upload = UPLOAD if file.kind is MediaKind.IMAGE else INITIALIZE
    return (upload, DESCRIBE) if file.alt and file.kind is not MediaKind.VIDEO else (upload,)
