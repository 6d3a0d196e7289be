"""What a make-believe Meta says when it is made to fail."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from masthead.connectors.meta.tests.memory import GraphError
from masthead.connectors.tests.harness import Trouble
from masthead.connectors.tests.troubles import Said

MAKES = re.compile(r"/v[\d.]+/\w+/(feed|media_publish|threads_publish)")


def makes_a_post(method: str, path: str) -> bool:
    """True for requests that create something people see."""
    return method == "POST" and bool(MAKES.fullmatch(path))


def used_up() -> Mapping[str, str]:
    """Headers of a quota that is free again in two minutes."""
    told = {"type": "pages", "call_count": 100, "total_time": 9, "estimated_time_to_regain_access": 2}
    return {
        "x-app-usage": json.dumps({"call_count": 12, "total_time": 3, "total_cputime": 4}),
        "x-business-use-case-usage": json.dumps({"1234": [told]}),
    }


BUSY = GraphError(2, "An unexpected error has occurred. Please retry your request later.")
EXPIRED = GraphError(190, "Error validating access token: Session has expired.", 463)
SAYS = {
    Trouble.FAIL_BEFORE: Said(500, BUSY.body()),
    Trouble.LIMITED: Said(400, GraphError(32, "(#32) Page request limit reached").body(), used_up),
    Trouble.TOKEN_EXPIRED: Said(400, EXPIRED.body()),
    Trouble.REFUSED: Said(400, GraphError(100, "(#100) This content is not allowed.").body()),
}
