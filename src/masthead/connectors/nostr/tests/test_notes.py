"""Notes and keys without a server: the published vectors, ids that stay the same, and the tags of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from masthead.connectors.nostr.keys import decoded, encoded, key_from, public_of
from masthead.connectors.nostr.notes import event, note
from masthead.connectors.nostr.tests.gate import valid
from masthead.connectors.tests.kit import delivery, picture
from masthead.contract.values import Receipt, Segment

# The two examples of NIP-19.
NSEC, SECRET = (
    "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5",
    "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa",
)
NPUB, PUBLIC = (
    "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg",
    "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e",
)
RELAY, MEDIA = "https://relay.example", "https://files.example"
# The first vector of BIP-340: the secret key 3.
THREE = f"{3:064x}"


def test_keys_are_read_as_people_write_them() -> None:
    assert key_from(f" {NSEC}\n") == key_from(SECRET.upper()) == SECRET
    assert decoded("npub", NPUB) == PUBLIC and encoded("npub", PUBLIC) == NPUB
    assert public_of(THREE) == "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"


@pytest.mark.parametrize("typed", ["", NPUB, NSEC[:-1], NSEC.replace("q", "p"), "0" * 64, "f" * 64, SECRET[:-1]])
def test_what_is_no_secret_key_is_not_taken(typed: str) -> None:
    assert key_from(typed) == ""


@pytest.mark.parametrize("text", ['"\\ \n\t\r', "Äpfel 👩‍🚀 \u2028", "\x7f"])
def test_events_are_valid(text: str) -> None:
    assert valid(event(SECRET, 1, text, [["t", text]], 1_700_000_000))


def test_a_note_is_the_same_on_every_try_and_says_the_planned_time() -> None:
    planned = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    sent = replace(delivery("One", "Two"), publish_at=planned)
    first = note(SECRET, sent, 0, (), RELAY, MEDIA)
    again = note(SECRET, replace(sent, tries=4, sent_after=planned + timedelta(hours=1)), 0, (), RELAY, MEDIA)
    assert first["id"] == again["id"] and first["created_at"] == int(planned.timestamp())
    second = note(SECRET, sent, 1, (Receipt(first["id"]),), RELAY, MEDIA)
    assert second["created_at"] == first["created_at"] + 1


def test_twins_planned_for_the_same_second_of_another_day_differ() -> None:
    planned = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    ids = {
        note(SECRET, replace(delivery("Again"), publish_at=at), 0, (), RELAY, MEDIA)["id"]
        for at in (planned, planned + timedelta(days=1))
    }
    assert len(ids) == 2


def test_a_thread_names_root_and_parent() -> None:
    sent, author = delivery("One", "Two", "Three"), public_of(SECRET)
    second = note(SECRET, sent, 1, (Receipt("aa"),), RELAY, MEDIA)
    third = note(SECRET, sent, 2, (Receipt("aa"), Receipt("bb")), RELAY, MEDIA)
    where = "wss://relay.example"
    assert [tag for tag in second["tags"] if tag[0] == "e"] == [["e", "aa", where, "root", author]]
    assert [tag for tag in third["tags"] if tag[0] == "e"] == [
        ["e", "aa", where, "root", author],
        ["e", "bb", where, "reply", author],
    ]
    assert ["p", author] in third["tags"]


def test_a_file_is_told_in_text_and_tag() -> None:
    image = picture("image/jpeg", "A line\nand another")
    made = note(SECRET, delivery(Segment("Look", (image,))), 0, (), RELAY, MEDIA)
    where = f"{MEDIA}/{image.sha256}.jpg"
    assert made["content"] == f"Look\n{where}"
    tag = next(tag for tag in made["tags"] if tag[0] == "imeta")
    assert {f"url {where}", "m image/jpeg", "dim 48x32", f"x {image.sha256}", "alt A line and another"} <= set(tag)


def test_warning_hashtags_mentions_and_language_are_tags() -> None:
    text = f"#Bread and #Rye, https://x.example/#no, hello nostr:{NPUB}"
    made = note(SECRET, delivery(text, options={"content_warning": "Flour"}), 0, (), RELAY, "")
    for wanted in (["content-warning", "Flour"], ["t", "bread"], ["t", "rye"], ["p", PUBLIC], ["l", "en", "ISO-639-1"]):
        assert wanted in made["tags"]
    assert ["t", "no"] not in made["tags"]
