"""A request to the make-believe Meta, taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Asked:
    """Method, path, the object and its edge, parameters of query and form together, files by name, the token."""

    method: str
    path: str
    node: str
    edge: str
    sent: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    token: str = ""
    host: str = ""


def listed(items: Sequence[Mapping[str, Any]], asked: Asked) -> dict[str, Any]:
    """A page of a list, with cursors as Meta gives them."""
    start, limit = int(asked.sent.get("after") or 0), int(asked.sent.get("limit", "25"))
    end = start + limit
    body: dict[str, Any] = {"data": list(items[start:end])}
    if body["data"]:
        body["paging"] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(items):
            body["paging"]["next"] = "https://graph.test/next"
    return body
