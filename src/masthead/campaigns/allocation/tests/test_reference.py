"""The page of reference: its example runs, and it names every reason, rule and field that there is."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from masthead.campaigns.allocation import Limits, Move, Why

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "allocation.md"


def test_the_example_runs_and_divides_the_money(capsys):
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example
    names: dict[str, object] = {}
    exec(example.group(1), names)
    printed = capsys.readouterr().out
    assert "[100. 100. 100.]" in printed and "full" in printed and "conversions in 7 days" in printed


def test_every_reason_rule_and_field_of_a_move_is_named():
    text = PAGE.read_text()
    for name in [*Why, *(field.name for kind in (Limits, Move) for field in dataclasses.fields(kind))]:
        assert re.search(rf"`{name}[`=]", text), f"{name} is not described in docs/reference/allocation.md."
