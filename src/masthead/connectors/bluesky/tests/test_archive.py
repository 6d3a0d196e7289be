"""Bluesky's own export, made up: the tree, what the account wishes about AI, and every way a CAR can be broken."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any

import pytest

from masthead.connectors.bluesky.car import MOST_ALIKE, Blocks
from masthead.connectors.bluesky.tests.cars import Link, Repository, post
from masthead.connectors.tests.archives import owner, source, told
from masthead.contract.archive import Unreadable
from masthead.contract.terms import USES

POST, LIKE = "app.bsky.feed.post/", "app.bsky.feed.like/"
DENY = {"allow": False, "updatedAt": "2026-01-01T00:00:00Z"}
ALLOW = {"allow": True, "updatedAt": "2026-01-01T00:00:00Z"}


def read(made: Repository | io.BytesIO) -> tuple[list[Any], list[Any]]:
    return told("bluesky", made.car() if isinstance(made, Repository) else made, "repo.car")


def three_nodes() -> tuple[Repository, dict[str, bytes]]:
    """A tree of three nodes: left of the first key, and behind the second."""
    made = Repository()
    left = made.node({POST + "3laaaaaaaaa2a": post("one")})
    right = made.node({POST + "3lddddddddd2a": post("four")})
    top = made.node(
        {POST + "3lbbbbbbbbb2a": post("two"), POST + "3lccccccccc2a": post("three")},
        left,
        {POST + "3lccccccccc2a": right},
    )
    return made.commit(top), {"left": left, "right": right, "top": top}


def test_the_tree_gives_every_record_its_key() -> None:
    entries, troubles = read(three_nodes()[0])
    assert [one.text for one in entries] == ["one", "two", "three", "four"] and not troubles
    assert entries[0].remote_id == "at://did:plc:ada/app.bsky.feed.post/3laaaaaaaaa2a"
    assert entries[0].url == "https://bsky.app/profile/did:plc:ada/post/3laaaaaaaaa2a"
    assert owner("bluesky", three_nodes()[0].car(), "repo.car").remote_id == "did:plc:ada"


def test_replies_reactions_pictures_and_the_profile() -> None:
    made = Repository()
    parent = {"parent": {"uri": "at://did:plc:b/app.bsky.feed.post/3k", "cid": "c"}}
    shown = {"$type": "app.bsky.embed.images", "images": [{"alt": "A cat", "image": {"ref": Link(made.put({"x": 1}))}}]}
    like = {"subject": {"uri": "at://did:plc:b/app.bsky.feed.post/3k"}, "createdAt": "2025-02-01T00:00:00Z"}
    node = made.node(
        {
            "app.bsky.actor.profile/self": {"description": "Writes", "displayName": "Ada"},
            LIKE + "3laaaaaaaaa2a": like,
            POST + "3laaaaaaaaa2a": post("answer", reply=parent, embed=shown, langs=["de"]),
        }
    )
    profile, liked, answer = read(made.commit(node))[0]
    assert (profile.kind, profile.text) == ("profile", "Writes")
    assert (liked.kind, liked.raw["reaction"], liked.url) == (
        "reaction",
        "like",
        "https://bsky.app/profile/did:plc:b/post/3k",
    )
    assert (answer.reply_to, answer.language, answer.media[0].alt) == (
        "at://did:plc:b/app.bsky.feed.post/3k",
        "de",
        "A cat",
    )


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (
            {"community.lexicon.preference.ai/self": {"preferences": {"training": DENY, "inference": ALLOW}}},
            {"ai_train": "deny", "ai_input": "allow"},
        ),
        (
            {"org.user-intents.declaration/self": {"syntheticContentGeneration": DENY, "bulkDataset": DENY}},
            {"ai_train": "deny", "ai_input": "deny", "redistribute": "deny"},
        ),
        (
            {
                "community.lexicon.preference.ai/self": {"preferences": {"training": ALLOW}},
                "org.user-intents.declaration/self": {"syntheticContentGeneration": DENY},
            },
            {"ai_train": "deny", "ai_input": "deny"},
        ),
        (
            {"community.lexicon.preference.ai/self": {"preferences": {"syntheticContent": DENY, "embedding": DENY}}},
            {"ai_train": "deny", "ai_input": "deny", "analyse": "deny"},
        ),
        (
            {"community.lexicon.preference.ai/self": {"preferences": {"training": {"allow": "no"}}}},
            {"ai_train": "deny"},
        ),
        (
            {
                "community.lexicon.preference.ai/self": {
                    "scope": {"$type": "community.lexicon.preference.ai#moonScope"},
                    "preferences": {"training": DENY, "inference": ALLOW},
                }
            },
            {"ai_train": "deny"},
        ),
        (
            {
                "community.lexicon.preference.ai/self": {"preferences": {"training": ALLOW}},
                "community.lexicon.preference.ai/posts": {
                    "scope": {
                        "$type": "community.lexicon.preference.ai#collectionScope",
                        "collection": "app.bsky.feed.post",
                    },
                    "preferences": {"training": DENY},
                },
                "community.lexicon.preference.ai/someone": {
                    "scope": {"$type": "community.lexicon.preference.ai#entityScope", "entity": "example"},
                    "preferences": {"inference": ALLOW},
                },
            },
            {"ai_train": "deny"},
        ),
        ({}, {}),
    ],
)
def test_what_the_account_wishes_goes_with_each_record(wishes: dict[str, Any], expected: dict[str, str]) -> None:
    made = Repository()
    entries = read(made.commit(made.node({POST + "3laaaaaaaaa2a": post("one")} | wishes)))[0]
    assert [dict(one.preference) for one in entries] == [expected]
    assert set(expected) <= set(USES), "what is no use of ours, the gate never looks at"


def test_a_date_that_is_none_comes_from_the_key() -> None:
    made = Repository()
    node = made.node(
        {
            POST + "3jzfcijpj2z2a": post("one", createdAt="soon"),
            POST + "self": post("two", createdAt="0001-01-01T00:00:00Z"),
        }
    )
    first, second = read(made.commit(node))[0]
    assert first.posted_at and first.posted_at.year == 2023
    assert second.posted_at is None


def test_missing_and_changed_blocks_are_named_and_the_rest_is_read() -> None:
    made, nodes = three_nodes()
    del made.blocks[nodes["left"]]
    made.blocks[nodes["right"]] = made.blocks[nodes["right"]][:-1] + b"\x00"
    entries, troubles = read(made)
    assert [one.text for one in entries] == ["two", "three"]
    assert [one.why for one in troubles] == [
        "A block that the tree names is not in the file.",
        "A block is not what its hash says.",
    ]


def test_a_cycle_ends() -> None:
    made = Repository()
    inner = made.node({POST + "3laaaaaaaaa2a": post("one")})
    made.blocks[inner] = made.blocks[made.node({POST + "3lbbbbbbbbb2a": post("two")}, left=inner)]
    entries, troubles = read(made.commit(inner))
    assert not entries and len(troubles) == 1, "a node that is not what its hash says cannot close a circle"


def test_a_deep_tree_ends() -> None:
    made, node = Repository(), None
    for number in range(400):
        node = made.node({f"{POST}3l{number:011}": post(str(number))}, left=node)
    entries, troubles = read(made.commit(node or b""))
    assert 100 < len(entries) < 140 and len(troubles) == 1


def shared(levels: int) -> Repository:
    """A tree whose every node is named twice by the one above it."""
    made, below = Repository(), None
    for _level in range(levels):
        key = POST + "3laaaaaaaaa2a"
        below = made.node({key: post("x")}, left=below, rights={key: below} if below else {})
    return made.commit(below or b"")


@pytest.mark.parametrize("levels", [18, 100])
def test_a_tree_whose_nodes_are_shared_is_walked_once(levels: int) -> None:
    entries, troubles = read(shared(levels))
    assert (len(entries), len(troubles)) == (levels, levels - 1)
    assert {one.why for one in troubles} == {"The tree leads back to itself."}


def test_looking_for_wishes_in_a_tree_without_order_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    made, node = Repository(), None
    for number in range(40):
        node = made.node({f"z/{number}": post("x")} if number % 2 else {}, left=node)
    assert len(read(made.commit(node or b""))[1]) == 0
    monkeypatch.setattr("masthead.connectors.bluesky.car.MOST_FOR_PREFIX", 10)
    entries, troubles = read(made)
    assert not entries and len(troubles) == 1, "nothing is read when what the account wishes cannot be known"


def test_blocks_whose_names_begin_alike_do_not_slow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made, nodes = three_nodes()
    for number in range(200):
        alike = nodes["right"][:12] + number.to_bytes(24, "big")
        made.blocks = {alike: b"\xa0"} | made.blocks
    sought: list[int] = []
    real = Blocks._varint
    with source(made.car(), "repo.car") as found, closing(Blocks.of(found, "repo.car")) as blocks:
        monkeypatch.setattr(Blocks, "_varint", lambda self: sought.append(1) or real(self))
        with pytest.raises(Unreadable):
            blocks.get(nodes["right"])
    assert len(sought) == MOST_ALIKE


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_file_that_ends_early_gives_what_it_holds(cut: int) -> None:
    made, _nodes = three_nodes()
    whole = made.car().getvalue()
    commit = made.blocks.pop(made.root)
    made.blocks = {made.root: commit} | made.blocks
    whole = made.car().getvalue()
    entries, troubles = read(io.BytesIO(whole[:-cut]))
    assert len(entries) < 4 and troubles and troubles[0].why == "The file ends in the middle of a block."


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 30, b"PK nothing", b"\x0a" + b"\xa1" * 9])
def test_what_is_no_car_is_refused_with_a_reason(data: bytes) -> None:
    entries, troubles = told_raw(data)
    assert not entries and troubles[0].why


def told_raw(data: bytes) -> tuple[list[Any], list[Any]]:
    return told("bluesky", io.BytesIO(data), "repo.car")


def test_nothing_is_read_twice_into_memory() -> None:
    """The source gives the file in pieces; blocks are looked up on disk."""
    with source(three_nodes()[0].car(), "repo.car") as found:
        assert list(found.names) == ["repo.car"]
