"""Declarations of people: three states, the most restrictive wins, and what cannot be read is never a yes."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masthead.contract.preference import AI_RECORD, AI_USES, INTENTS_RECORD, combined, from_content_usage, from_record
from masthead.contract.terms import USES

GLOBAL = {"$type": f"{AI_RECORD}#globalScope"}


def declared(scope: Any = GLOBAL, **allow: Any) -> dict[str, Any]:
    said = {name: {"allow": value, "updatedAt": "2026-05-01T00:00:00Z"} for name, value in allow.items()}
    return {"$type": AI_RECORD, "scope": scope, "updatedAt": "2026-05-01T00:00:00Z", "preferences": said}


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ({"training": False}, {"ai_train": "deny"}),
        ({"training": True, "inference": False}, {"ai_train": "allow", "ai_input": "deny"}),
        ({"training": True, "syntheticContent": False}, {"ai_train": "deny", "ai_input": "deny"}),
        ({"embedding": False}, {"analyse": "deny"}),
        ({"training": "perhaps"}, {"ai_train": "deny"}),
        ({"training": None}, {}),
        ({"something": False}, {}),
        ({}, {}),
    ],
)
def test_the_lexicon(said: dict[str, Any], means: dict[str, str]) -> None:
    assert from_record(declared(**said)) == means


def test_a_scope_counts_where_it_fits() -> None:
    posts = {"$type": f"{AI_RECORD}#collectionScope", "collection": "app.bsky.feed.post"}
    assert from_record(declared(posts, training=True), collection="app.bsky.feed.post") == {"ai_train": "allow"}
    assert from_record(declared(posts, training=False), collection="app.bsky.feed.like") == {}
    lab = {"$type": f"{AI_RECORD}#entityScope", "entity": "did:web:lab.example"}
    assert from_record(declared(lab, training=True), reader="did:web:lab.example") == {"ai_train": "allow"}
    assert from_record(declared(lab, training=True)) == {}
    later = {"$type": f"{AI_RECORD}#moonScope"}
    assert from_record(declared(later, training=True, inference=False)) == {"ai_input": "deny"}


def test_the_draft_of_intents() -> None:
    record = {
        "$type": INTENTS_RECORD,
        "syntheticContentGeneration": {"allow": False},
        "bulkDataset": {"allow": True},
        "protocolBridging": {"updatedAt": "2019-02-20T22:44:20.000Z"},
    }
    assert from_record(record) == {"ai_train": "deny", "ai_input": "deny", "redistribute": "allow"}
    assert from_record({"$type": "app.bsky.feed.post", "text": "hello"}) == {}
    assert from_record({"$type": AI_RECORD, "preferences": "none"}) == {}


@pytest.mark.parametrize(
    ("values", "means"),
    [
        (["train-ai=n"], {"ai_train": "deny"}),
        (["train-ai=y, search=n"], {"ai_train": "allow"}),
        ([" train-ai=n;exceptions=foo ,search=y"], {"ai_train": "deny"}),
        (["train-ai=y, train-ai=n"], {"ai_train": "deny"}),
        (["train-ai=y", "train-ai=n"], {"ai_train": "deny"}),
        (["train-ai"], {}),
        (["train-ai=maybe"], {}),
        (["TRAIN-AI=n"], {}),
        (["train-ai=n,,"], {}),
        (["=n"], {}),
        ([""], {}),
        ([], {}),
    ],
)
def test_content_usage(values: list[str], means: dict[str, str]) -> None:
    assert from_content_usage(*values) == means


states = st.dictionaries(st.sampled_from(USES), st.sampled_from(["allow", "deny"]))


@given(st.lists(states, max_size=4))
def test_joining_is_strict_and_knows_no_order(some: list[Any]) -> None:
    joined = combined(some)
    for use in USES:
        said = {one[use] for one in some if use in one}
        assert joined.get(use) == ("deny" if "deny" in said else "allow" if said else None)
    assert all(combined(order) == joined for order in permutations(some))


@given(
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nothing_that_is_no_yes_becomes_one(value: Any) -> None:
    said = from_record({"$type": AI_RECORD, "preferences": dict.fromkeys(AI_USES, {"allow": value})})
    assert value is True or "allow" not in said.values()
    assert "allow" not in from_record({"$type": AI_RECORD, "preferences": value, "scope": GLOBAL}).values()


@given(st.text())
def test_any_header_is_read(value: str) -> None:
    assert set(from_content_usage(value)) <= {"ai_train"}
