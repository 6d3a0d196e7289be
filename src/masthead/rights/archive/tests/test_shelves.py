"""One timeline over three shelves: order, places, copies, filters, search, and never another workspace's."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from masthead.channels.models import Channel
from masthead.media.models import Asset
from masthead.posts.models import Move, Post
from masthead.posts.states import State
from masthead.posts.tests.scene import people
from masthead.rights.archive.asked import restored, stored
from masthead.rights.archive.origins import item, with_others
from masthead.rights.archive.shelves import Place, everything, place_from, timeline
from masthead.rights.archive.tests.scene import DAY, brought, channel_in, read, sent
from masthead.rights.archive.wanted import Wanted

pytestmark = pytest.mark.django_db
ALL = Wanted(private=True)


@pytest.fixture
def channel() -> Channel:
    return channel_in(people()[0])


def texts(of: Channel, **changes: Any) -> list[str]:
    return [one.text for one in timeline(of.workspace, replace(ALL, **changes), limit=100).items]


def test_all_shelves_newest_first(channel):
    brought(channel.workspace, "brought", 2)
    read(channel, "read", 1)
    sent(channel, "one", "two", days=1.5)
    assert texts(channel) == ["read", "one", "two", "brought"]


def test_a_post_on_several_shelves_stands_there_once_and_names_the_others(channel):
    publication = sent(channel, "x", "y")
    seen = read(channel, "x", -0.01, publication=publication)
    assert [one.id for one in timeline(channel.workspace, ALL).items] == [
        f"published:{publication.pk}:0",
        f"published:{publication.pk}:1",
    ]
    record = brought(channel.workspace, "x", 0.01)
    page = with_others(channel.workspace, timeline(channel.workspace, ALL).items)
    assert [(one.id, one.others) for one in page] == [
        (f"published:{publication.pk}:1", ()),
        (f"imported:{record.pk}", (f"read:{seen.pk}", f"published:{publication.pk}:0")),
    ]
    assert item(channel.workspace, f"read:{seen.pk}", private=False).others == (
        f"imported:{record.pk}",
        f"published:{publication.pk}:0",
    )


def test_of_copies_that_one_is_shown_that_fits(channel):
    publication = sent(channel, "x")
    read(channel, "x", publication=publication)
    brought(channel.workspace, "x", channel=None)
    assert len(texts(channel)) == 1
    for shelf in ("imported", "published", "read"):
        assert texts(channel, shelf=shelf) == ["x"]
    assert [one.id.split(":")[0] for one in timeline(channel.workspace, replace(ALL, channel=channel.pk)).items] == [
        "published"
    ]


def test_a_like_of_an_own_post_does_not_hide_the_post(channel):
    brought(channel.workspace, "x", kind="reaction")
    read(channel, "x")
    assert len(texts(channel)) == 2


def test_what_has_not_gone_out_is_not_there(channel):
    sent(channel, "x", state=State.SCHEDULED)
    sent(channel, "y", state=State.PUBLISHED, receipts=[])
    sent(channel, "later", days=-9999)
    sent(channel, "half", "other half", state=State.FAILED, receipts=[{"remote_id": "h"}])
    assert texts(channel) == ["half"]


def test_filters(channel):
    workspace, other = channel.workspace, channel_in(channel.workspace, "@b")
    brought(workspace, "old", 9, account="@z", media=[{"kind": "image"}])
    brought(workspace, "", 8, gone_at=DAY)
    brought(workspace, "like", 7, kind="reaction")
    read(other, "repost", 6, kind="repost", media=[{"kind": "image", "url": "", "alt": ""}])
    gone = sent(channel, "removed", days=5, state=State.REMOVED)
    Move.objects.create(post=gone.post, publication=gone, target=State.REMOVED, actor="x", at=DAY)
    asset = Asset.objects.create(
        workspace=workspace, sha256="0" * 64, kind="image", mime="image/png", size=1, file_name="a.png"
    )
    part = {"text": "shown", "attachments": [{"asset": asset.pk, "alt": "A loaf"}]}
    sent(channel, "shown", "bare", days=4, content={"segments": [part, {"text": "bare"}], "language": "en"})
    assert texts(channel) == ["shown", "bare", "removed", "repost", "like", "", "old"]
    assert texts(channel, account="@z", platform="sandbox") == ["old"]
    assert texts(channel, channel=other.pk) == texts(channel, kind="others_post") == ["repost"]
    assert texts(channel, kind="reaction") == ["like"]
    assert texts(channel, platform="elsewhere") == []
    assert texts(channel, media=True) == ["shown", "repost", "old"]
    assert texts(channel, gone=True) == ["removed", ""]
    assert texts(channel, gone=False) == ["shown", "bare", "repost", "like", "old"]
    assert texts(channel, start=DAY - timedelta(days=6), end=DAY - timedelta(days=5)) == ["repost"]
    assert timeline(workspace, ALL).items[0].media[0]["alt"] == "A loaf"
    assert timeline(workspace, replace(ALL, gone=True)).items[0].gone_at == DAY


def test_search_reads_all_shelves(channel):
    brought(channel.workspace, "Rye bread", 2)
    read(channel, "Walnut bread", 1)
    sent(channel, "Bread at noon")
    Post.objects.update(search_text="Bread at noon")
    brought(channel.workspace, "Coffee", 0)
    assert texts(channel, words="brea") == ["Bread at noon", "Walnut bread", "Rye bread"]
    assert texts(channel, words="bread rye") == ["Rye bread"]
    assert texts(channel, words="' & !") == []


def test_messages_are_for_those_who_may_see_them(channel):
    record = brought(channel.workspace, "secret", kind="message")
    assert texts(channel) == ["secret"]
    assert texts(channel, private=False) == texts(channel, kind="message", private=False) == []
    assert item(channel.workspace, f"imported:{record.pk}", private=True).text == "secret"
    with pytest.raises(LookupError):
        item(channel.workspace, f"imported:{record.pk}", private=False)


def test_nothing_of_strangers(channel):
    stranger = channel_in(people("elsewhere")[0])
    things = [brought(stranger.workspace, "x"), read(stranger, "x"), sent(stranger, "x")]
    mine = read(channel, "x")
    assert texts(channel) == ["x"]
    assert with_others(channel.workspace, timeline(channel.workspace, ALL).items)[0].others == ()
    for shelf, row in zip(("imported", "read", "published"), things, strict=True):
        with pytest.raises(LookupError):
            item(channel.workspace, f"{shelf}:{row.pk}" + (":0" if shelf == "published" else ""), private=True)
    assert item(channel.workspace, f"read:{mine.pk}", private=False).text == "x"


@pytest.mark.parametrize(
    "id_", ["", "imported", "imported:", "imported:x", "imported:99999999999999999999", "read:²", "x:1", "published:1"]
)
def test_ids_that_are_none(channel, id_):
    with pytest.raises(LookupError):
        item(channel.workspace, id_, private=True)


def test_every_page_size_gives_the_same_timeline(channel):
    """Ties of time everywhere, threads over the edge of a page, copies on all shelves."""
    dice = random.Random(7)
    for number in range(60):
        days = dice.randrange(6)
        match dice.randrange(3):
            case 0:
                brought(channel.workspace, f"t{number}", days)
            case 1:
                sent(channel, *(f"t{number}.{part}" for part in range(dice.randrange(1, 4))), days=days)
            case _:
                read(channel, f"t{dice.randrange(number + 1)}~{number}", days)
    for number in range(0, 60, 3):
        read(channel, f"t{number}", dice.randrange(6))
    whole = [one.id for one in timeline(channel.workspace, ALL, limit=1000).items]
    assert len(whole) == len(set(whole)) > 60
    for size in (1, 2, 7, 25):
        pages = [page.items for page in everything(channel.workspace, ALL, limit=size)]
        assert [one.id for items in pages for one in items] == whole, size
        assert {len(items) for items in pages[:-1]} <= {size}


def test_passing_over_copies_costs_no_more_than_the_page(channel, django_assert_max_num_queries):
    """All that was read was brought in as well: the shelf of what was read is not walked to its end."""
    for number in range(80):
        brought(channel.workspace, f"t{number}", number)
        read(channel, f"t{number}", number + 0.001)
    with django_assert_max_num_queries(8):
        assert len(timeline(channel.workspace, ALL, limit=5).items) == 5


@given(st.integers(-(10**16), 10**16), st.integers(0, 2), st.integers(0, 2**63 - 1), st.integers(0, 2**31 - 1))
def test_a_place_survives_an_address(micros, shelf, row, part):
    place = Place(DAY + timedelta(microseconds=micros), shelf, row, part)
    assert place_from(str(place)) == place


@settings(max_examples=200)
@given(st.text())
def test_what_is_no_place_is_none(text):
    found = place_from(text)
    assert found is None or found.at.tzinfo


def test_a_wish_survives_json():
    wanted = Wanted(words="x", channel=3, start=DAY, gone=False, private=True)
    assert restored(stored(wanted)) == wanted
    assert stored(Wanted()) == {}
