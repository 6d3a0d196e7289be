"""Entries that the database does not take: each is named, and everything else of the archive is there."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from django.db import OperationalError

from masthead.posts.tests.scene import people
from masthead.rights.archive.imports import rows
from masthead.rights.archive.imports.tests.scene import FIRST, archive, read, script, tweets
from masthead.rights.models import Import, Record
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture
def workspace() -> Workspace:
    return people()[0]


def _among_good_ones(workspace: Workspace, poison: dict[str, Any], **files: str | bytes) -> Import:
    """An archive with a post before and one after a bad one."""
    first, last = tweets(2, 10)
    return read(workspace, archive(0, **({"data/tweets.js": script("tweets", [first, poison, last])} | files)))


def _tweet(**more: Any) -> dict[str, Any]:
    return {"tweet": {"id_str": str(FIRST), "full_text": "Post", "created_at": "Sat Feb 18 12:33:11 +0000 2023"} | more}


def test_a_text_with_too_many_words_is_named_and_the_rest_is_there(workspace: Workspace) -> None:
    row = _among_good_ones(workspace, _tweet(full_text=" ".join(f"wort{n:07}" for n in range(200_000))))
    assert (row.state, row.seen, row.added, row.troubled) == (State.FINISHED, 3, 2, 1)
    assert row.problems[0]["entry"] == f"own_post {FIRST}" and "too many words" in row.problems[0]["why"]
    assert set(Record.objects.values_list("text", flat=True)) == {"Post 10", "Post 11"}


def test_names_beyond_the_index_are_named_and_the_rest_is_there(workspace: Workspace) -> None:
    luck = random.Random(1)

    def odd(length: int) -> str:
        return "".join(chr(luck.randrange(0x20000, 0x2A000)) for _ in range(length))

    account = script("account", [{"account": {"username": odd(250), "accountId": "7"}}])
    row = _among_good_ones(workspace, _tweet(id_str=odd(500)), **{"data/account.js": account})
    assert (row.state, row.added, row.troubled) == (State.FINISHED, 2, 1)


@pytest.mark.parametrize("odd", ["7\u0000", "7\ud800"])
def test_an_owner_whose_id_the_database_cannot_hold(workspace: Workspace, odd: str) -> None:
    account = script("account", [{"account": {"username": "ada", "accountId": odd}}])
    assert read(workspace, archive(3, **{"data/account.js": account})).added == 3
    again = read(workspace, archive(3, **{"data/account.js": account}), "again.zip")
    assert (again.state, again.added) == (State.FINISHED, 0)


@pytest.mark.parametrize("depth", [300, 900, 930, 945, 955, 960, 965, 970, 975, 980, 985, 990])
def test_a_deep_entry_is_named_and_the_rest_is_there(workspace: Workspace, depth: int) -> None:
    deep = "[" * depth + '"\\u0000"' + "]" * depth
    bad = json.dumps(_tweet())[:-2] + f', "deep": {deep}}}}}'
    items = [json.dumps(tweets(1, 10)[0]), bad, json.dumps(tweets(1, 11)[0])]
    row = read(workspace, archive(0, **{"data/tweets.js": f"window.YTD.tweets.part0 = [{','.join(items)}]"}))
    assert row.state == State.FINISHED and row.added + row.troubled == 3 and row.added >= 2, row.problems


def test_a_database_that_is_away_is_no_fault_of_an_entry(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_found: Any) -> int:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(rows, "_copied", away)
    with pytest.raises(OperationalError):
        rows.insert([("a",), ("b",)])
