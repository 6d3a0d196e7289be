"""Moving schedules to another channel: checked against its rules, nothing lost, nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import announce
from masthead.kit.clock import now
from masthead.kit.transitions import WrongMove
from masthead.posts import compose, schedule
from masthead.posts.compose import Invalid
from masthead.posts.models import Move, Post, Publication, Variant
from masthead.posts.schedule import frozen
from masthead.posts.states import Editorial, State
from masthead.posts.sunset.affected import to_move
from masthead.posts.sunset.hold import REASON
from masthead.posts.sunset.move_on import Fate, look, move_on
from masthead.posts.tests.scene import people, post_on

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def scene() -> Any:
    """A channel that ends tomorrow, another that goes on, and the owner."""
    workspace, owner = people()
    kept = {"workspace": workspace, "platform": "sandbox", "server": "http://127.0.0.1:1"}
    old = Channel.objects.create(**kept, remote_id="1", handle="@old", name="Old")
    new = Channel.objects.create(**kept, remote_id="2", handle="@new", name="New", limits={"text_limit": 100})
    fields = {"platform": "sandbox", "scope": "channel", "channel": old, "ends_at": now() + DAY}
    return old, new, owner, announce(workspace, owner, now=now(), **fields)


def moved(row: Publication, target: Channel, owner: Any) -> Any:
    return move_on(row, target, now=now(), user=owner)


def test_one_that_fits_goes_out_there_at_the_same_time(scene):
    old, new, owner, _sunset = scene
    row = post_on(old, "Short enough", publish_at=now() + 3 * DAY)
    assert moved(row, new, owner).fate is Fate.SCHEDULED
    row.refresh_from_db()
    made = Publication.objects.get(state=State.SCHEDULED)
    assert (made.channel, made.post_id, made.publish_at) == (new, row.post_id, row.publish_at)
    assert made.content["segments"] == row.content["segments"]
    assert (row.state, row.reason, row.why) == (State.CANCELLED, "moved_on", "moved to New")
    assert [one.channel for one in row.post.variants.all()] == [new]
    assert Move.objects.filter(publication=row, why="moved to New", actor=str(owner)).count() == 1
    with pytest.raises(WrongMove):  # not twice
        moved(row, new, owner)


def test_one_that_does_not_fit_becomes_a_draft_with_its_text_time_and_the_reason(scene):
    old, new, owner, sunset = scene
    row = post_on(old, "x" * 200, publish_at=now() + 3 * DAY)
    fit = look(row, new, now=now())
    assert fit.fate is Fate.DRAFT
    assert "too long" in fit.problems[0].message
    assert Post.objects.count() == 1  # looking makes nothing
    moved(row, new, owner)
    made = Post.objects.exclude(pk=row.post_id).get()
    assert (made.state, made.segments[0]["text"], made.wanted_at) == (Editorial.DRAFT, "x" * 200, row.publish_at)
    assert "too long" in made.note
    assert [one.channel for one in made.variants.all()] == [new]
    assert to_move(sunset, [old]) == []


def test_what_was_frozen_moves_not_what_was_written_since(scene):
    old, new, owner, _sunset = scene
    row = post_on(old, "Approved words", publish_at=now() + 3 * DAY)
    compose.edit(row.post, segments=[{"text": "Newer words, which nobody approved", "attachments": []}])
    Post.objects.filter(pk=row.post_id).update(state=Editorial.DRAFT)
    moved(row, new, owner)
    made = Publication.objects.get(state=State.SCHEDULED)
    assert made.content["segments"][0]["text"] == "Approved words"
    assert made.post_id != row.post_id
    assert Post.objects.get(pk=row.post_id).segments[0]["text"].startswith("Newer words")


def test_a_tailored_text_moves_and_the_other_channels_keep_theirs(scene):
    old, new, owner, _sunset = scene
    third = Channel.objects.create(
        workspace=old.workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="3", handle="@c"
    )
    row = post_on(old, "For all", publish_at=now() + 3 * DAY)
    variant = compose.tailor(row.post, old, segments=[{"text": "Only for the old one"}], options={"unknown": "x"})
    Variant.objects.create(post=row.post, channel=third)
    Publication.objects.filter(pk=row.pk).update(content=frozen(row.post, variant))
    row.refresh_from_db()
    moved(row, new, owner)
    texts = {one.channel_id: one.segments for one in row.post.variants.all()}
    assert texts[new.pk][0]["text"] == "Only for the old one"
    assert texts[third.pk] is None
    assert old.pk not in texts
    made = Publication.objects.get(channel=new)
    assert made.content["options"] == {}  # a setting that the target does not know stays behind


def test_one_that_goes_out_there_anyway_is_not_sent_twice(scene):
    old, new, owner, _sunset = scene
    row = post_on(old, "Both", publish_at=now() + 3 * DAY)
    compose.tailor(row.post, new, segments=None, options={})
    schedule.schedule(row.post, {new.pk: now() + 3 * DAY}, now=now(), actor="ann")
    assert moved(row, new, owner).fate is Fate.THERE
    assert Publication.objects.filter(state=State.SCHEDULED, channel=new).count() == 1
    assert Post.objects.count() == 1


def test_what_was_put_aside_moves_too_and_what_is_late_becomes_a_draft(scene):
    old, new, owner, sunset = scene
    aside = {"state": State.CANCELLED, "reason": REASON}
    row = post_on(old, "Ahead", publish_at=now() + 3 * DAY, **aside)
    late = post_on(old, "Late", publish_at=now() - DAY, **aside)
    assert [one.pk for one in to_move(sunset, [old])] == [late.pk, row.pk]
    assert moved(row, new, owner).fate is Fate.SCHEDULED
    assert moved(late, new, owner).fate is Fate.DRAFT
    assert "passed" in Post.objects.get(state=Editorial.DRAFT).note
    assert to_move(sunset, [old]) == []


def test_a_target_that_ends_as_well_is_refused_and_nothing_is_changed(scene):
    old, new, owner, _sunset = scene
    row = post_on(old, "Short", publish_at=now() + 3 * DAY)
    Sunset.objects.create(
        workspace=old.workspace, platform="sandbox", scope="channel", channel=new, ends_at=now() + 2 * DAY,
        created_at=now(), announced_at=now(),
    )  # fmt: skip
    with pytest.raises(Invalid, match="New ends on"):
        moved(row, new, owner)
    row.refresh_from_db()
    assert row.state == State.SCHEDULED
    assert Post.objects.count() == 1
