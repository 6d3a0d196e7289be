"""What may not be kept is emptied to the second, what was deleted there is followed, and the ledger says both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.terms import Deletion
from masthead.posts.models import PastPost, Publication, Sample
from masthead.posts.states import State
from masthead.posts.tests.scene import past_post, people, post_on
from masthead.rights import keep, tasks
from masthead.rights.keep import keep_all
from masthead.rights.models import Record, Removal
from masthead.rights.tests.gates import HERE, NOW, term, terms

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def channel() -> Channel:
    workspace, _owner = people("bakery")
    return Channel.objects.create(workspace=workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1")


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Terms of the sandbox with storage times; a call changes them."""

    def say(*rules: Any, deletion: bool = True) -> None:
        made = terms(*rules, deletion=Deletion("Follow.", HERE) if deletion else None)
        monkeypatch.setitem(PLATFORMS, "sandbox", replace(PLATFORMS["sandbox"], terms=made))

    say(term("others_post", "store", "allow", 48 * HOUR), term("profile", "store", "allow", 24 * HOUR))
    return say


def record(channel: Channel, remote_id: str, **changes: Any) -> Record:
    about = {
        "workspace": channel.workspace, "channel": channel, "platform": "sandbox", "kind": "others_post",
        "author": "@ann", "remote_id": remote_id, "text": "Good bread.", "media": [{"url": "https://a.example/1"}],
        "raw": {"a": 1}, "posted_at": NOW - 90 * HOUR, "obtained_via": "api", "obtained_at": NOW - 48 * HOUR,
    }  # fmt: skip
    return Record.objects.create(**about | changes)


def content(row: Any) -> tuple[Any, ...]:
    row.refresh_from_db()
    return row.text, row.media, row.raw


def test_48_hours_end_to_the_second(channel: Channel, limits: Any) -> None:
    row = record(channel, "1")
    assert keep_all(NOW - timedelta(seconds=1)) == 0
    assert content(row)[0] == "Good bread."
    assert keep_all(NOW) == 1
    assert (*content(row), row.author, row.remote_id) == ("", [], {}, "", "1")
    done = Removal.objects.get()
    assert (done.item, done.rule, done.version) == (f"imported:{row.pk}", "sandbox:others_post:store", "1")
    assert (done.learned_at, done.removed_at, done.workspace) == (NOW, NOW, channel.workspace)
    assert keep_all(NOW + HOUR) == 0, "an emptied row is not due again"
    assert Removal.objects.count() == 1


def test_each_kind_has_its_own_time(channel: Channel, limits: Any) -> None:
    profile = record(channel, "1", kind="profile", obtained_at=NOW - 24 * HOUR)
    post = record(channel, "2", obtained_at=NOW - 24 * HOUR)
    assert keep_all(NOW) == 1
    assert (content(profile)[0], content(post)[0]) == ("", "Good bread.")


def test_an_own_archive_is_bound_by_no_storage_time(channel: Channel, limits: Any) -> None:
    rows = [record(channel, str(number), obtained_via=via) for number, via in enumerate(("export", "own"))]
    assert keep_all(NOW + 900 * HOUR) == 0
    assert [content(row)[0] for row in rows] == ["Good bread."] * 2


@pytest.mark.django_db(transaction=True)
def test_files_go_with_the_last_record_that_needs_them(
    channel: Channel, limits: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    both, only = (f"{channel.workspace_id}/archive/{name}" for name in ("both", "only"))
    for where in (both, only):
        default_storage.save(where, ContentFile(b"x"))
    record(channel, "1", media=[{"file": both}, {"file": only}])
    record(channel, "2", media=[{"file": both}], obtained_at=NOW)
    assert keep_all(NOW) == 1
    assert default_storage.exists(both) and not default_storage.exists(only)


def test_past_posts_and_their_figures_go_when_nothing_refreshed_them(channel: Channel, limits: Any) -> None:
    limits(term("own_post", "store", "allow", 30 * 24 * HOUR))
    old, fresh = (past_post(channel, name, metrics={"likes": 3.0}, remote_id=name) for name in ("old", "fresh"))
    past = PastPost.objects
    past.update(obtained_at=NOW - 31 * 24 * HOUR, read_at=None)
    past.filter(pk=fresh.pk).update(read_at=NOW - HOUR)
    for row in (old, fresh):
        Sample.objects.create(past_post=row, metric="likes", native="likes", value=3, observed_at=NOW - HOUR)
    assert keep_all(NOW) == 1
    assert (*content(old), old.metrics) == ("", [], {}, {})
    assert (content(fresh)[0], fresh.metrics) == ("fresh", {"likes": 3.0})
    assert set(Sample.objects.values_list("past_post__remote_id", flat=True)) == {"fresh"}


def test_a_deletion_is_followed_and_our_own_text_stays(channel: Channel, limits: Any) -> None:
    publication = post_on(channel, "Written here", state=State.PUBLISHED)
    row = past_post(channel, "Written here", metrics={"likes": 3.0})
    PastPost.objects.filter(pk=row.pk).update(gone_at=NOW - 23 * HOUR, publication=publication)
    assert keep_all(NOW) == 1
    assert (*content(row), row.metrics) == ("", [], {}, {"likes": 3.0})
    done = Removal.objects.get()
    assert (done.rule, done.learned_at) == ("sandbox:deletion", NOW - 23 * HOUR)
    assert done.removed_at - done.learned_at <= timedelta(hours=24)
    assert Publication.objects.get().content["segments"][0]["text"] == "Written here"


def test_what_is_gone_stays_where_the_terms_do_not_ask(channel: Channel, limits: Any) -> None:
    limits(deletion=False)
    row = past_post(channel, "Kept")
    PastPost.objects.update(gone_at=NOW - HOUR)
    assert keep_all(NOW) == 0
    assert content(row)[0] == "Kept"


def test_a_hold_keeps_what_is_due(channel: Channel, limits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    held, free = record(channel, "1"), record(channel, "2")
    monkeypatch.setattr(keep, "HOLDERS", [])
    keep.holding(lambda shelf, ids: {held.pk} & set(ids) if shelf == "imported" else set())
    assert keep_all(NOW) == 1
    assert (content(held)[0], content(free)[0]) == ("Good bread.", "")
    keep.HOLDERS.clear()
    assert keep_all(NOW) == 1, "when the hold ends it goes"


def test_more_than_a_portion(channel: Channel, limits: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "AT_ONCE", 10)
    for number in range(25):
        record(channel, str(number))
    assert keep_all(NOW) == 25
    assert Removal.objects.count() == 25 and not Record.objects.exclude(text="").exists()


def test_the_worker_does_it_by_itself(channel: Channel, limits: Any) -> None:
    row = record(channel, "1", obtained_at=NOW - 900 * 24 * HOUR)
    async_to_sync(tasks.keep)()
    assert content(row)[0] == ""
