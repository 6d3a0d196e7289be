"""What goes to the database as JSON."""

from __future__ import annotations

import json
from datetime import date

import pytest

from masthead.kit.jsonb import LENIENT, dumped


def test_what_the_database_cannot_hold_is_left_out() -> None:
    told = {"why": "a\x00b", "raw": [{"k\x00": "\ud800"}], "fine": "ä🙂", "typed": "\\u0000", "n": 1, "no": None}
    fine = {"why": "ab", "raw": [{"k": "?"}], "fine": "ä🙂", "typed": "\\u0000", "n": 1, "no": None}
    assert json.loads(dumped(told)) == fine


def test_half_a_pair_is_marked_where_there_is_no_nul() -> None:
    assert dumped({"text": "a\ud800"}) == '{"text": "a?"}'


def test_numbers_that_are_none_are_null() -> None:
    told = {"a": float("nan"), "b": [float("inf"), 1.5], "c": "\x00"}
    assert json.loads(dumped(told)) == {"a": None, "b": [None, 1.5], "c": ""}


def test_what_json_has_no_form_for_is_text_where_that_is_wanted() -> None:
    day = date(2026, 11, 24)
    assert dumped([day], LENIENT) == '["2026-11-24"]'
    with pytest.raises(TypeError):
        dumped([day])
