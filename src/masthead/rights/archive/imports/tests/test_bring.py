"""From an archive to records: once each, whatever is broken, wherever it was stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from masthead.channels.models import Channel
from masthead.contract.errors import Refused
from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.imports import ask, bring, pieces, rows
from masthead.rights.archive.imports.from_disk import Unknown, bring_file
from masthead.rights.archive.imports.remove import remove
from masthead.rights.archive.imports.tests.scene import FIRST, archive, brought, free, packed, read, script, tweets
from masthead.rights.models import Import, Record
from masthead.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture
def workspace() -> Workspace:
    return people()[0]


def test_records_carry_their_origin(workspace: Workspace) -> None:
    channel = Channel.objects.create(
        workspace=workspace, platform="x", server="https://x.com", remote_id="7", handle="@Ada"
    )
    row = read(workspace, archive(3))
    assert (row.state, row.seen, row.added, row.troubled) == (State.FINISHED, 3, 3, 0), row.problems
    assert (row.platform, row.account, row.channel_id) == ("x", "ada", channel.pk)
    one = Record.objects.get(remote_id=str(FIRST))
    assert (one.text, one.kind, one.account, one.author, one.channel_id) == (
        "Post 0",
        "own_post",
        "ada",
        "ada",
        channel.pk,
    )
    assert (one.obtained_via, one.obtained_at, one.source_id) == ("export", row.created_at, row.pk)
    assert not default_storage.exists(pieces.place(row, 0)), "the archive itself is not kept"


def test_a_second_import_adds_nothing_and_a_newer_one_adds_what_is_new(workspace: Workspace) -> None:
    assert read(workspace, archive(3)).added == 3
    again = read(workspace, archive(3), "again.zip")
    assert (again.seen, again.added) == (3, 0)
    assert read(workspace, archive(5), "later.zip").added == 2
    assert Record.objects.count() == 5


def test_a_new_handle_doubles_nothing(workspace: Workspace) -> None:
    read(workspace, archive(3))
    renamed = script("account", [{"account": {"username": "countess", "accountId": "7"}}])
    row = read(workspace, archive(3, **{"data/account.js": renamed}), "renamed.zip")
    assert (row.added, row.account) == (0, "countess")


def test_two_workspaces_know_nothing_of_each_other(workspace: Workspace) -> None:
    other = people("other")[0]
    assert (read(workspace, archive(3)).added, read(other, archive(3)).added) == (3, 3)
    remove(Import.objects.get(workspace=other))
    assert Record.objects.filter(workspace=workspace).count() == 3


def test_what_is_broken_is_named_and_the_rest_is_there(workspace: Workspace) -> None:
    text = (
        "window.YTD.tweets.part0 = ["
        + json.dumps(tweets(1)[0])
        + ', {"tweet": {"id_str": oops}}, '
        + json.dumps(tweets(1, 1)[0])
        + "]"
    )
    data = archive(0, **{"data/tweets.js": text, "../up.js": "x", "data/like.js": "window.YTD.like.part0 = [{"})
    row = read(workspace, data)
    assert (row.state, row.added, row.troubled) == (State.FINISHED, 2, 3)
    assert [one["entry"] for one in row.problems] == ["../up.js", "data/tweets.js, 2", "data/like.js"]
    assert all(one["why"] and one["remedy"] for one in row.problems)


def test_nul_half_pairs_and_numbers_that_are_none(workspace: Workspace) -> None:
    item = tweets(1)
    item[0]["tweet"] |= {
        "full_text": "a\x00b\ud800",
        "source": "x\x00\ud800",
        "odd": [float("nan")],
        "in_reply_to_status_id_str": "\x00",
    }
    row = read(workspace, archive(0, **{"data/tweets.js": script("tweets", item)}))
    one = Record.objects.get()
    assert (row.added, one.text, one.raw["source"]) == (1, "ab?", "x?")


def test_files_are_kept_once_and_go_with_the_last_record(workspace: Workspace) -> None:
    shown = {
        "media": [{"type": "photo", "media_url_https": "https://pbs.twimg.com/media/F.jpg", "ext_alt_text": "A cat"}]
    }
    items = tweets(2)
    for one in items:
        one["tweet"]["extended_entities"] = shown
    files = {f"data/tweets_media/{FIRST + n}-F.jpg": b"\xff\xd8same picture" for n in range(2)}
    row = read(workspace, archive(0, **{"data/tweets.js": script("tweets", items)}, **files))
    first, second = (one.media[0] for one in Record.objects.order_by("pk"))
    assert first["file"] == second["file"] and first["file"].startswith(f"{workspace.pk}/archive/")
    assert (first["mime"], first["size"], first["alt"]) == ("image/jpeg", 14, "A cat")
    assert default_storage.open(first["file"]).read() == b"\xff\xd8same picture"
    assert remove(row) == (2, 0)
    assert not default_storage.exists(first["file"]) and not Import.objects.exists()


def test_a_file_that_another_import_still_needs_stays(workspace: Workspace) -> None:
    def with_picture(number: int) -> bytes:
        items = tweets(1, number)
        items[0]["tweet"]["extended_entities"] = {"media": [{"type": "photo", "media_url_https": "https://p/F.jpg"}]}
        return archive(
            0, **{"data/tweets.js": script("tweets", items), f"data/tweets_media/{FIRST + number}-F.jpg": b"p"}
        )

    first, _second = read(workspace, with_picture(0)), read(workspace, with_picture(1), "two.zip")
    remove(first)
    assert default_storage.exists(Record.objects.get().media[0]["file"])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no archive", "This is not an export that can be read here."),
        (packed({"index.html": "<p>"}), "This is not an export that can be read here."),
        (archive(3)[:200], "This is not an export that can be read here."),
        (b"PK\x05\x06" + b"\xff" * 18, "The archive's contents are larger than the limit."),
        (b"\x1f\x8b" + b"x" * 50, "This is no zip or tar archive, or it is damaged."),
    ],
)
def test_what_is_no_export_fails_with_a_reason(workspace: Workspace, data: bytes, why: str) -> None:
    row = read(workspace, data)
    assert (row.state, row.why) == (State.FAILED, why)
    assert row.problems[0]["remedy"]


def test_a_bomb_is_named_and_nothing_else_is_lost(workspace: Workspace, settings: Any) -> None:
    bomb = "window.YTD.like.part0 = [" + " " * 40_000_000 + "]"
    row = read(workspace, archive(2, **{"data/like.js": bomb}))
    assert (row.state, row.added) == (State.FINISHED, 2)
    assert row.problems[0]["entry"] == "data/like.js" and "many times" in row.problems[0]["why"]


def test_the_limit_of_one_entry(workspace: Workspace, settings: Any) -> None:
    settings.IMPORT_ENTRY_BYTES = 20_000
    items = tweets(3)
    items[1]["tweet"]["full_text"] = "x" * 2_000_000
    row = read(workspace, archive(0, **{"data/tweets.js": script("tweets", items)}))
    assert (row.added, row.troubled) == (2, 1) and "MASTHEAD_IMPORT_ENTRY_BYTES" in row.problems[0]["remedy"]


def test_an_import_is_read_by_one_at_a_time_and_only_when_whole(workspace: Workspace) -> None:
    data = archive(3)
    row = ask.begin(workspace, None, "archive.zip", len(data), now=now())
    assert not bring.bring(row.pk), "a piece is missing"
    row = brought(workspace, data)
    assert bring.take(row.pk, now()) and not bring.bring(row.pk)


def test_stopped_in_the_middle_and_gone_on_with(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring, "BATCH", 10)
    row = brought(workspace, archive(100))
    clock = bring.clock

    def stopping() -> Any:
        if Record.objects.count() >= 30:
            ask.stop(row, now=now())
        return clock()

    monkeypatch.setattr(bring, "clock", stopping)
    assert not bring.bring(row.pk)
    row.refresh_from_db()
    assert row.state == State.STOPPED and row.added == Record.objects.count() == 30
    monkeypatch.setattr(bring, "clock", clock)
    assert ask.go_on(row, now=now()) and bring.bring(row.pk)
    row.refresh_from_db()
    assert (row.state, row.seen, row.added, Record.objects.count()) == (State.FINISHED, 100, 100, 100)


def test_a_dead_reader_is_gone_on_with(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring, "BATCH", 10)
    row = brought(workspace, archive(100, **{"data/note-tweet.js": script("note_tweet", [])}))
    written, calls = rows.insert, []

    def dying(found: Any) -> int:
        calls.append(1)
        if len(calls) == 5:
            raise MemoryError
        return written(found)

    monkeypatch.setattr(rows, "insert", dying)
    with pytest.raises(MemoryError):
        bring.bring(row.pk)
    monkeypatch.setattr(rows, "insert", written)
    assert not bring.bring(row.pk), "the lease still holds"
    free(row)
    assert bring.bring(row.pk)
    row.refresh_from_db()
    assert (row.seen, row.added, Record.objects.count()) == (100, 100, 100)


def test_a_reader_that_dies_again_and_again_fails_the_import(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = brought(workspace, archive(3))
    with monkeypatch.context() as patch:
        patch.setattr(bring, "opened", lambda *_given: 1 // 0)
        for _try in range(bring.MOST_TRIES):
            with pytest.raises(ZeroDivisionError):
                bring.bring(row.pk)
            free(row)
    assert not bring.bring(row.pk)
    row.refresh_from_db()
    assert (row.state, row.why) == (State.FAILED, bring.DIED)
    assert ask.go_on(row, now=now()) and bring.bring(row.pk), "a person may try again"


def test_one_archive_may_hold_the_export_of_two_platforms(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bring, "BATCH", 2)
    item = {"media": [{"uri": "", "creation_timestamp": 1_700_000_000, "title": "A thread"}]}
    photo = {"media": [{"uri": "a.jpg", "creation_timestamp": 1_700_000_001, "title": "A photo"}]}
    files = {
        "your_instagram_activity/threads/threads_and_replies.json": json.dumps({"text_post_app_text_posts": [item]}),
        "your_instagram_activity/content/posts_1.json": json.dumps([photo]),
    }
    row = read(workspace, packed(files))
    assert (row.state, row.added) == (State.FINISHED, 2)
    assert dict(Record.objects.values_list("platform", "text")) == {"instagram": "A photo", "threads": "A thread"}


def test_pieces_come_in_turn_and_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 100)
    data = archive(20)
    row = ask.begin(workspace, None, "archive.zip", len(data), now=now())
    row = ask.take_piece(row, 0, data[:100])
    assert ask.next_piece(row) == 1 and ask.take_piece(row, 0, b"again").done == 100
    for number, piece in ((2, data[200:300]), (1, data[100:199]), (1, data[100:201])):
        with pytest.raises(Refused):
            ask.take_piece(row, number, piece)
    assert ask.begin(workspace, None, "archive.zip", len(data), now=now()).pk == row.pk, "the same file goes on"
    row = brought(workspace, data)
    assert bring.bring(row.pk) and Record.objects.count() == 20


def test_sizes_are_limited(workspace: Workspace, settings: Any) -> None:
    settings.IMPORT_BYTES = 1_000
    for size in (0, -1, 1_001):
        with pytest.raises(Refused):
            ask.begin(workspace, None, "a.zip", size, now=now())


def test_a_lost_piece_fails_the_import_by_name(workspace: Workspace) -> None:
    row = brought(workspace, archive(3))
    default_storage.delete(pieces.place(row, 0))
    bring.bring(row.pk)
    row.refresh_from_db()
    assert (row.state, row.why) == (State.FAILED, bring.PIECE_GONE)


def test_a_tombstone_stays_one(workspace: Workspace) -> None:
    read(workspace, archive(3))
    Record.objects.filter(remote_id=str(FIRST)).update(text="", gone_at=now())
    read(workspace, archive(3), "again.zip")
    assert Record.objects.get(remote_id=str(FIRST)).text == ""


def test_what_nobody_goes_on_with_is_let_go(workspace: Workspace) -> None:
    row = brought(workspace, archive(3))
    ask.stop(row, now=now())
    assert ask.forget_old(now()) == 0 and default_storage.exists(pieces.place(row, 0))
    assert ask.forget_old(now() + timedelta(days=31)) == 1
    assert not default_storage.exists(pieces.place(row, 0))


def test_from_this_machine_and_again(workspace: Workspace, tmp_path: Path) -> None:
    place = tmp_path / "archive.zip"
    place.write_bytes(archive(3))
    assert bring_file(place, workspace.slug).added == 3
    assert bring_file(place, workspace.slug).added == 0
    with pytest.raises(Unknown):
        bring_file(place, "nowhere")


@pytest.mark.parametrize("ended", [KeyboardInterrupt, SystemExit, MemoryError])
def test_the_same_command_goes_on_at_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: type[BaseException]
) -> None:
    """Ctrl-C, any number of times; the docs and the command's help say so."""
    place, written = tmp_path / "archive.zip", rows.insert
    place.write_bytes(archive(100))
    monkeypatch.setattr(bring, "BATCH", 10)

    def stopped(_found: Any) -> None:
        raise ended

    monkeypatch.setattr(rows, "insert", stopped)
    for _again in range(bring.MOST_TRIES + 1):
        with pytest.raises(ended):
            bring_file(place, workspace.slug)
    monkeypatch.setattr(rows, "insert", written)
    row = bring_file(place, workspace.slug)
    assert (row.state, row.added, Import.objects.count()) == (State.FINISHED, 100, 1)


@pytest.mark.django_db(transaction=True)
def test_two_commands_do_not_read_one_archive_together(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, place, written = people()[0], tmp_path / "archive.zip", rows.insert
    place.write_bytes(archive(3))
    said: list[str] = []

    def other() -> None:
        try:
            bring_file(place, workspace.slug)
        except Unknown as unknown:
            said.append(str(unknown))
        finally:
            connection.close()

    def meanwhile(found: Any) -> Any:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        return written(found)

    monkeypatch.setattr(rows, "insert", meanwhile)
    assert bring_file(place, workspace.slug).added == 3
    assert said == ["This archive is being read already."]


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_killed_with_9_in_the_middle_and_gone_on_with(dsn: str, tmp_path: Path) -> None:
    workspace = people()[0]
    data = archive(60_000)
    row = brought(workspace, data)
    command = [sys.executable, "-m", "masthead.rights.archive.imports.run", str(row.pk)]
    environment = os.environ | {"DATABASE_URL": dsn, "MASTHEAD_PARENT": str(os.getpid())}
    with subprocess.Popen(command, env=environment) as process:
        until = time.monotonic() + 180
        while not Record.objects.exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    row.refresh_from_db()
    assert row.state == State.READING and 0 < row.added < 60_000
    assert row.added == Record.objects.count(), "records and cursor are written together"
    free(row)
    connection.close()
    subprocess.run(command, env=environment, check=True, timeout=120)
    row.refresh_from_db()
    assert (row.state, row.seen, row.added) == (State.FINISHED, 60_000, 60_000)
    assert Record.objects.values("remote_id").distinct().count() == 60_000
