"""What the workers of a run of tests share: counts are added up, and a test that measures time is alone."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings

from masthead.tests.machine import machine
from masthead.tests.tally import counted, tally

ROOT = Path(__file__).parents[3]


def test_the_settings_are_those_of_this_process() -> None:
    """A worker's home is its own, and what a program started by a test finds is what the test finds."""
    home = os.environ["MASTHEAD_HOME"]
    assert str(settings.HOME) == home
    assert "allauth.socialaccount.providers.openid_connect" in {one.name for one in apps.get_app_configs()}
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert home != os.environ["TEST_RUN_HOME"]


def known(requests: dict[str, int], answers: int, wrong: int = 0) -> dict[str, SimpleNamespace]:
    """A description as the doubles of one process leave it, and one that nothing was checked against."""
    told = {"name": "North", "file": "north.json"}
    one = SimpleNamespace(**told, requests=Counter(requests), answers=Counter(x=answers), wrong=["?"] * wrong)
    return {"North": one, "South": SimpleNamespace(name="South", file="s.json", requests=Counter(), answers=Counter())}


def test_what_two_workers_checked_is_added_up() -> None:
    one, other = known({"post": 2, "read": 1}, 3), known({"post": 4, "remove": 1}, 4, wrong=1)
    assert tally([*counted(one), *counted(other)]) == [
        "North: 8 requests and 7 answers checked against north.json, 3 operations, 1 not as described"
    ]


def test_a_test_alone_waits_for_others_and_is_not_overtaken(tmp_path: Path) -> None:
    order: list[str] = []

    def act(name: str, *, alone: bool) -> None:
        with machine(tmp_path, alone=alone):
            order.append(name)

    with machine(tmp_path, alone=False):
        act("another", alone=False)  # two that share run together
        first = threading.Thread(target=act, args=("alone",), kwargs={"alone": True})
        first.start()
        first.join(0.2)
        later = threading.Thread(target=act, args=("later",), kwargs={"alone": False})
        later.start()
        later.join(0.2)
        assert order == ["another"]
    first.join(10)
    later.join(10)
    assert order == ["another", "alone", "later"]


@pytest.mark.parametrize(
    ("arguments", "spread"),
    [
        ((), True),
        (("-m", "faults"), True),
        (("src/masthead/posts", "-x"), True),
        (("src/masthead/posts", "-k", "thread"), False),
        (("src/masthead/tests/test_docs.py::test_x",), False),
        (("-n", "0"), False),
        (("--pdb",), False),
    ],
)
def test_what_is_run_on_all_cores(arguments: tuple[str, ...], spread: bool, tmp_path: Path) -> None:
    """bin/test with an environment that prepares nothing and a pytest that only says what it was given."""
    for folder in ("bin", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bin/environment").write_text("prepare() { :; }\n")
    (tmp_path / ".venv/bin/pytest").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / ".venv/bin/pytest").chmod(0o755)
    script = tmp_path / "bin/test"
    script.write_text((ROOT / "bin/test").read_text())
    said = subprocess.run(["bash", str(script), *arguments], capture_output=True, text=True, check=True).stdout.split()
    assert tuple(said[-len(arguments) :]) == arguments or not arguments
    assert ("--dist=loadfile" in said) == spread
