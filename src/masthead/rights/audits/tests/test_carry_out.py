"""An audit from asking to the signed report, by the worker's own job, killed in the middle, stopped, refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from masthead.kit.clock import now
from masthead.notifications.models import Notification
from masthead.posts.models import Post
from masthead.posts.tests.scene import people
from masthead.rights import tasks
from masthead.rights.archive.tests.scene import brought, channel_in, sent
from masthead.rights.audits import ask, hold
from masthead.rights.audits.posts import Nothing, decoys, write
from masthead.rights.audits.tests.scene import COPIED, DRAFTS, asked, corpus, filled, finished, free
from masthead.rights.datasets import dsse
from masthead.rights.models import Audit, Finding, Release
from masthead.rights.signing import key_of
from masthead.workspaces.models import Workspace

State = Audit.State
RUN = [sys.executable, "-m", "masthead.rights.audits.run"]


@pytest.fixture
def root(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = corpus(tmp_path / "corpora")
    settings.CORPORA = [str(path.parent)]
    monkeypatch.setenv("MASTHEAD_CORPORA", str(path.parent))
    return path.parent


def taken(client: Client, row: Audit, name: str) -> bytes:
    answer = client.get(f"/w/bakery/audits/{row.pk}/files/{name}")
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_from_asking_to_the_signed_report(
    dsn: str, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", dsn)
    workspace, owner = people()
    filled(workspace)
    row = asked(workspace, root)
    assert row.state == State.WAITING
    async_to_sync(tasks.audit)({"audit": row.pk})
    row.refresh_from_db()
    assert (row.state, row.why) == (State.FINISHED, "")
    assert row.counts["posts"] == 60 and row.counts["decoys"] == len(DRAFTS) and row.counts["judged"]
    assert row.counts["standings"]["attributed"] >= COPIED - 2 and "decoy" not in row.counts["standings"]
    assert Release.objects.get() == row.release and row.release.use == "analyse" and row.release.released == 60
    _the_findings_are_true(row, root)
    _the_page_and_its_files(row, owner, workspace, tmp_path)
    assert Notification.objects.get().kind == "audit" and not ask.folder_of(row).exists()
    ask.remove(row)
    assert not Finding.objects.exists() and not default_storage.exists(ask.kept_at(row, "report.html"))


def _the_findings_are_true(row: Audit, root: Path) -> None:
    lines = (root / "crawl.jsonl").read_bytes().split(b"\n")
    found = list(Finding.objects.filter(audit=row, standing="attributed"))
    assert [one.number for one in found] == list(range(len(found)))
    for one in found:
        place = lines[one.document][one.start : one.end].decode()
        assert place in "".join(text for text, _marked in one.place)
        assert dsse.key_id and place == "".join(text for text, marked in one.place if marked)


def _the_page_and_its_files(row: Audit, owner: Any, workspace: Workspace, tmp_path: Path) -> None:
    client = Client()
    client.force_login(owner)
    page = client.get(f"/w/bakery/audits/{row.pk}/").content.decode()
    assert "What stands where" in page and "Whose words they are" in page and "<mark>" in page and "style=" not in page
    assert str(root_of(row)) not in page.partition('id="findings"')[2].partition('id="files"')[0]
    for name in row.files:
        (tmp_path / name).write_bytes(taken(client, row, name))
    key = dsse.read_public(key_of(workspace, now()).public)
    said = dsse.read((tmp_path / "report.dsse.json").read_bytes(), [key], "urn:masthead:audit-report:v1")
    assert set(said.subjects) == {"findings.jsonl", "report.html", "report.pdf"} and not dsse.changed(said, tmp_path)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    rows = [json.loads(line) for line in (tmp_path / "findings.jsonl").read_text().splitlines()]
    assert len(rows) >= COPIED - 2


def root_of(row: Audit) -> str:
    return str(row.corpus["root"])


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_killed_with_9_in_the_middle_and_gone_on_with(dsn: str, root: Path) -> None:
    workspace = people()[0]
    filled(workspace)
    row = asked(workspace, root)
    environment = os.environ | {"DATABASE_URL": dsn, "MASTHEAD_PARENT": str(os.getpid())}
    with subprocess.Popen([*RUN, str(row.pk)], env=environment) as process:
        until = time.monotonic() + 90
        while not (ask.folder_of(row) / "run.json").exists() and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    row.refresh_from_db()
    assert row.state == State.RUNNING
    planned = (ask.folder_of(row) / "run.json").read_bytes()
    subprocess.run([*RUN, str(row.pk)], env=environment, check=True, timeout=60)
    row.refresh_from_db()
    assert row.state == State.RUNNING, "as long as the lease of the dead one lasts, nobody else takes it"
    free(row)
    connection.close()
    subprocess.run([*RUN, str(row.pk)], env=environment, check=True, timeout=120)
    row.refresh_from_db()
    assert row.state == State.FINISHED and row.counts["standings"]["attributed"] >= COPIED - 2
    assert default_storage.open(ask.kept_at(row, "run.json")).read() == planned, (
        "it went on with the run that was planned"
    )
    assert Release.objects.count() == 1


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Told when a process would have ended."""
    event = Event()
    monkeypatch.setattr(hold, "BEAT", 0.02)
    monkeypatch.setattr(hold, "end", event.set)
    return event


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["stopped", "removed", "taken over"])
def test_a_process_ends_when_its_lease_is_gone(tmp_path: Path, ended: Event, how: str) -> None:
    row = hold.take(asked(people()[0], tmp_path).pk, now())
    assert row is not None
    with hold.Hold(row) as held:
        held.progress = {"done": 5, "total": 9}
        assert not ended.wait(0.2), "it lives while it holds the lease"
        if how == "removed":
            ask.remove(Audit.objects.get(pk=row.pk))
        elif how == "taken over":
            Audit.objects.update(held_until=now() + timedelta(hours=1))
        else:
            assert Audit.objects.get().progress == {"done": 5, "total": 9} and ask.stop(row, now=now())
        assert ended.wait(5)
        assert not held.settle(state=State.FINISHED)
    assert not Audit.objects.filter(state=State.FINISHED).exists()


@pytest.mark.django_db
def test_one_at_a_time_in_the_whole_installation(tmp_path: Path) -> None:
    first, second = asked(people()[0], tmp_path), asked(people("smith")[0], tmp_path)
    assert hold.take(first.pk, now()) and not hold.take(second.pk, now()) and not hold.take(first.pk, now())
    free(first)
    assert hold.take(second.pk, now()), "a dead one keeps nobody waiting"


@pytest.mark.django_db
def test_states_are_guarded(tmp_path: Path) -> None:
    row = asked(people()[0], tmp_path)
    assert not ask.go_on(row, now=now()) and ask.stop(row, now=now()) and not ask.stop(row, now=now())
    assert not hold.take(row.pk, now())
    row.refresh_from_db()
    assert ask.go_on(row, now=now())
    finished(row)
    assert not ask.stop(row, now=now()) and not ask.go_on(row, now=now()) and not hold.take(row.pk, now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("below", "posts", "says"),
    [
        ("none.jsonl", True, "no such file"),
        ("", True, "is a link"),
        ("crawl.jsonl", False, "No post may be looked for"),
    ],
)
def test_what_cannot_be_done_says_why(dsn: str, root: Path, below: str, posts: bool, says: str) -> None:
    workspace = people()[0]
    if posts:
        filled(workspace)
    (root / "link.jsonl").symlink_to("/etc/passwd")
    row = asked(workspace, root, below)
    environment = os.environ | {"DATABASE_URL": dsn, "MASTHEAD_PARENT": str(os.getpid())}
    subprocess.run([*RUN, str(row.pk)], env=environment, check=True, timeout=120)
    row.refresh_from_db()
    assert row.state == State.FAILED and says in row.why


@pytest.mark.django_db
def test_what_is_looked_for(tmp_path: Path) -> None:
    workspace, _owner = people()
    other = people("smith")[0]
    channel = channel_in(workspace)
    brought(workspace, "Own words")
    brought(workspace, "Somebody else's", kind="others_post", author="@b")
    brought(other, "Another workspace")
    sent(channel, "Written here")
    Post.objects.create(workspace=workspace, segments=[{"text": "Never sent"}, {"text": " "}])
    Post.objects.create(workspace=workspace, segments=[{"text": "OWN  words"}])
    Post.objects.create(workspace=workspace, segments=[{"text": "Waits for approval"}], state="approved")
    Post.objects.create(workspace=other, segments=[{"text": "Another draft"}])
    row = asked(workspace, tmp_path)
    release = write(row, tmp_path / "posts.jsonl", now())
    lines = [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text().splitlines()]
    assert {one["text"] for one in lines if not one.get("decoy")} == {"Own words", "Written here"}
    assert [one["text"] for one in lines if one.get("decoy")] == ["Never sent"]
    assert release.released == 2 and release.use == "analyse"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "receipts", "is_decoy"),
    [("cancelled", [], True), ("expired", [], True), ("cancelled", [{"remote_id": "1"}], False), ("unconfirmed", [], False),
     ("failed", [], False), ("scheduled", [], False), ("removed", [{"remote_id": "1"}], False)],
)  # fmt: skip
def test_only_what_certainly_never_went_out_is_a_decoy(state: str, receipts: list[Any], is_decoy: bool) -> None:
    workspace, _owner = people()
    publication = sent(channel_in(workspace), "Bread", state=state, receipts=receipts)
    Post.objects.filter(pk=publication.post_id).update(state="archived")
    assert [one["text"] for one in decoys(workspace.pk)] == (["Bread"] if is_decoy else [])


@pytest.mark.django_db
def test_nothing_to_look_for(tmp_path: Path) -> None:
    with pytest.raises(Nothing):
        write(asked(people()[0], tmp_path), tmp_path / "posts.jsonl", now())


@pytest.mark.django_db
def test_folders_that_nobody_goes_on_with_go(tmp_path: Path) -> None:
    row = asked(people()[0], tmp_path)
    ask.folder_of(row).mkdir(parents=True)
    stray = ask.home() / ("0" * 32)
    stray.mkdir()
    assert ask.forget_folders(now()) == 1 and ask.folder_of(row).exists() and not stray.exists()
    ask.stop(row, now=now())
    assert ask.forget_folders(now() + timedelta(days=31)) == 1 and not ask.folder_of(row).exists()


def test_web_and_workers_load_nothing_large() -> None:
    asking = (
        "import sys, masthead.rights.audits.run, django\ndjango.setup()\n"
        "import masthead.config.urls, masthead.rights.tasks, masthead.rights.audits.views\n"
        "print(sorted({'numba', 'pyarrow', 'scipy', 'boto3', 'masthead.rights.audit.run'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.strip() == "[]"
