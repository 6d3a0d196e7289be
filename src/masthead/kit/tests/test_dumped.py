"""What goes to the database as JSON."""

from __future__ import annotations

import json

from masthead.kit.pool import dumped


def test_what_the_database_cannot_hold_is_left_out() -> None:
    told = {"why": "a\x00b", "raw": [{"k\x00": "\ud800"}], "fine": "ä🙂", "typed": "\\u0000", "n": 1, "no": None}
    fine = {"why": "ab", "raw": [{"k": "?"}], "fine": "ä🙂", "typed": "\\u0000", "n": 1, "no": None}
    assert json.loads(dumped(told)) == fine
