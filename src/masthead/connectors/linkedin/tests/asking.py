"""A request to the double, taken apart as Rest.li does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request

from masthead.connectors.linkedin.tests.memory import Fail


@dataclass(frozen=True)
class Asked:
    """What is asked: the verb, what follows the kind in the path, the query, and the Rest.li method."""

    method: str
    rest: str
    query: dict[str, str]
    rest_method: str


def query(request: Request) -> dict[str, str]:
    """The query; lists stay encoded, so that a comma inside a value is not taken for one between two."""
    raw = request.scope["query_string"].decode()
    lists = dict(one.partition("=")[::2] for one in raw.split("&") if "=List(" in one)
    return dict(parse_qsl(raw)) | lists


def listed(raw: str) -> list[str]:
    """The members of a Rest.li "List(...)"."""
    found = re.fullmatch(r"List\(([^()]*)\)", raw)
    if not found:
        raise Fail(400, "Invalid query parameters passed to request")
    return [unquote(one) for one in found[1].split(",") if one]
