"""Exports: everything is in them, each file with its checksum; killed anywhere they are made whole by the next worker."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import announce
from masthead.connectors import PLATFORMS
from masthead.contract.capabilities import Source
from masthead.contract.terms import Term, Terms
from masthead.kit.clock import now
from masthead.media import bundle
from masthead.media.bundle import LEASE, place
from masthead.media.models import Asset
from masthead.notifications.models import Notification
from masthead.posts.export import write as writing
from masthead.posts.export.ask import ask_again, ask_before_ends, ask_for, forget_old
from masthead.posts.export.telling import tell_ready
from masthead.posts.export.write import write
from masthead.posts.models import Export, Post, Variant
from masthead.posts.states import State
from masthead.posts.tests.scene import past_post, people, post_on

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Any:
    """Two channels with a draft, posts, schedules, a file and past posts; and another workspace with the same."""
    settings.MEDIA_ROOT = tmp_path
    for slug in ("bakery", "elsewhere"):
        workspace, _owner = people(slug)
        kept = {"workspace": workspace, "platform": "sandbox", "server": "http://127.0.0.1:1"}
        old, new = (Channel.objects.create(**kept, remote_id=n, handle=f"@{slug}{n}") for n in ("1", "2"))
        path = default_storage.save(f"{workspace.pk}/aa/loaf.png", ContentFile(b"a loaf of bread"))
        asset = Asset.objects.create(
            workspace=workspace, sha256=hashlib.sha256(b"a loaf of bread").hexdigest(), kind="image", mime="image/png",
            size=15, file_name="loaf.png", storage_path=path, alt="A loaf",
        )  # fmt: skip
        part = {"text": f"A draft of {slug}", "attachments": [{"asset": asset.pk, "alt": "", "focus": None}]}
        Variant.objects.create(post=Post.objects.create(workspace=workspace, segments=[part]), channel=old)
        post_on(old, f"Scheduled by {slug}", publish_at=now() + 3 * DAY)
        post_on(old, f"Published by {slug}", state=State.PUBLISHED)
        post_on(new, f"On the other channel of {slug}", publish_at=now() + 3 * DAY)
        past_post(old, f"Past of {slug}", metrics={"likes": 7.0})
    return Channel.objects.filter(workspace__slug="bakery").order_by("remote_id")


def contents(row: Export) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    row.refresh_from_db()
    with default_storage.open(row.storage_path) as file:
        whole = file.read()
    assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (row.sha256, row.size)
    archive = zipfile.ZipFile(BytesIO(whole))
    return archive, json.loads(archive.read("manifest.json"))


def lines(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


def export_of(*channels: Channel) -> Export:
    return ask_for(channels[0].workspace, channels, now=now(), by=None)


def test_everything_of_a_channel_is_in_it_and_nothing_of_others(scene):
    row = export_of(scene[0])
    assert write(row.pk)
    archive, manifest = contents(row)
    assert [one["segments"][0]["text"] for one in lines(archive, "drafts.jsonl")] == ["A draft of bakery"]
    assert len(lines(archive, "posts.jsonl")) == 2
    assert [one["content"]["segments"][0]["text"] for one in lines(archive, "schedules.jsonl")] == [
        "Scheduled by bakery"
    ]
    assert len(lines(archive, "publications.jsonl")) == 1
    past = lines(archive, "past_posts.jsonl")
    assert [(one["text"], one["samples"][0]["value"]) for one in past] == [("Past of bakery", 7.0)]
    assert [one["handle"] for one in lines(archive, "channels.jsonl")] == ["@bakery1"]
    for name, about in manifest["files"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == about["sha256"], name
    media = [name for name in archive.namelist() if name.startswith("media/")]
    assert [archive.read(name) for name in media] == [b"a loaf of bread"]
    assert manifest["files"][media[0]]["alt"] == "A loaf"
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"elsewhere" not in whole
    assert b"On the other channel" not in whole
    assert manifest["left_out"] == []


def test_all_channels(scene):
    row = ask_for(scene[0].workspace, [], now=now(), by=None)
    assert write(row.pk)
    assert len(lines(contents(row)[0], "schedules.jsonl")) == 2


MOMENTS = [(writing, "_write_part"), (bundle, "put"), (bundle, "lines_of")]
KILLS = [(*moment, turn) for moment in MOMENTS for turn in (1, 3)]


@pytest.mark.parametrize(
    ("module", "moment", "turn"), [*KILLS, (bundle, "put", 7), (writing, "_pack_media", 1), (bundle, "finish", 1)]
)
def test_a_worker_that_is_killed_anywhere_leaves_work_that_the_next_one_ends(scene, monkeypatch, module, moment, turn):
    row, calls, real = export_of(scene[0]), [0], getattr(module, moment)

    def dies(*given: Any) -> Any:
        calls[0] += 1
        if calls[0] == turn:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(module, moment, dies)
    with pytest.raises(KeyboardInterrupt):
        write(row.pk)
    monkeypatch.setattr(module, moment, real)
    assert not write(row.pk)  # the dead worker's lease still holds
    Export.objects.update(held_until=now() - LEASE)
    assert write(row.pk)
    archive, manifest = contents(row)
    assert archive.testzip() is None
    assert set(manifest["files"]) <= set(archive.namelist())
    assert not default_storage.exists(place(row, "drafts.jsonl"))  # the parts are gone, the whole stays
    assert not write(row.pk)  # safe to run twice


def test_parts_are_not_written_twice(scene, monkeypatch):
    row = export_of(scene[0])
    monkeypatch.setattr(writing, "_assemble", lambda export: False)
    write(row.pk)
    Export.objects.update(held_until=now() - LEASE)
    monkeypatch.setattr(writing, "_write_part", lambda *given: pytest.fail("written again"))
    write(row.pk)


def test_a_part_that_was_changed_in_storage_is_noticed(scene, monkeypatch):
    row = export_of(scene[0])
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_assemble", lambda export: False)
        write(row.pk)
    where = place(row, "drafts.jsonl")
    default_storage.delete(where)
    default_storage.save(where, ContentFile(b"{}\n"))
    Export.objects.update(held_until=now() - LEASE)
    with pytest.raises(bundle.Changed):
        write(row.pk)
    assert write(row.pk)  # all parts are made anew


def test_what_is_left_out_is_named(scene, monkeypatch):
    denied = Term("own_post", "redistribute", "deny", "No.", Source("https://example.org", date(2026, 1, 1)))
    sandbox = PLATFORMS["sandbox"]
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(sandbox, terms=Terms("1", None, (denied,))))
    gone = Asset.objects.get(workspace=scene[0].workspace)
    default_storage.delete(gone.storage_path)
    row = export_of(scene[0])
    assert write(row.pk)
    archive, manifest = contents(row)
    assert lines(archive, "past_posts.jsonl") == []
    assert [one["what"] for one in manifest["left_out"]] == [
        "1 of past posts (Sandbox)",
        f"media/{gone.pk}.png (loaf.png)",
    ]
    assert manifest["left_out"][0]["why"] == "No. [sandbox:own_post:redistribute]"
    assert len(lines(archive, "drafts.jsonl")) == 1  # what the workspace wrote itself is always in it


def test_it_is_made_by_itself_at_once_and_on_the_last_day(scene):
    workspace, at = scene[0].workspace, now()
    fields = {"platform": "sandbox", "scope": "channel", "channel": scene[0], "ends_at": at + 6 * DAY}
    sunset = announce(workspace, workspace.users.get(), now=at, **fields)
    assert (ask_before_ends(at), ask_before_ends(at)) == (1, 0)
    row = Export.objects.get()
    assert (row.sunset, row.channels, row.asked_by) == (sunset, [scene[0].pk], None)
    write(row.pk)
    assert ask_before_ends(at + 2 * DAY) == 0
    assert (ask_before_ends(at + 5 * DAY), ask_before_ends(at + 5.5 * DAY)) == (1, 0)
    Export.objects.filter(ready_at=None).delete()
    assert ask_before_ends(at + 7 * DAY) == 0  # afterwards there is nothing new to keep
    Sunset.objects.update(withdrawn_at=at)
    assert ask_before_ends(at + 5 * DAY) == 0


def test_without_a_gate_nothing_leaves(scene, monkeypatch):
    past_post(scene[0], "Read")
    row = export_of(scene[0])
    monkeypatch.setattr("masthead.posts.export.gate.GATES", [])
    with pytest.raises(RuntimeError, match="No gate"):
        write(row.pk)
    row.refresh_from_db()
    assert row.state != "ready" and not row.storage_path


def test_people_are_told_once_and_old_files_go(scene):
    row = export_of(scene[0])
    ask_again(now())
    write(row.pk)
    assert (tell_ready(row.pk), tell_ready(row.pk)) == (1, 0)
    assert str(row.key) in Notification.objects.get(title__contains="export").link
    row.refresh_from_db()
    assert forget_old(now()) == 0
    assert forget_old(now() + 181 * DAY) == 1
    assert not default_storage.exists(row.storage_path)
