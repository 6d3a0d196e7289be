"""A copy of the archive: what may leave is in it, each file with its checksum; killed anywhere, the next worker ends it."""

from __future__ import annotations

import hashlib
import json
import re
import tracemalloc
import zipfile
from datetime import datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from masthead.kit.clock import now
from masthead.media import bundle
from masthead.notifications.models import Notification
from masthead.posts.tests.scene import people
from masthead.rights.archive.as_items import of_publications, of_record
from masthead.rights.archive.export import collect as collecting
from masthead.rights.archive.export import site as siting
from masthead.rights.archive.export import write as writing
from masthead.rights.archive.export.ask import ask_again, ask_for, forget_old
from masthead.rights.archive.export.collect import line_of
from masthead.rights.archive.export.outbox import PUBLIC, create
from masthead.rights.archive.export.search_index import bucket, words_of
from masthead.rights.archive.export.telling import tell_ready
from masthead.rights.archive.export.write import write
from masthead.rights.archive.tests.scene import DAY, brought, channel_in, read, sent
from masthead.rights.archive.wanted import Wanted
from masthead.rights.models import ArchiveExport, Record, Release
from masthead.workspaces.models import Member, Workspace
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
EVIL = '<script>alert(1)</script> & "quotes" \u2028 </script>'


@pytest.fixture
def workspace(settings: Any, tmp_path: Any) -> Workspace:
    """A workspace with something on every shelf, a file, another's post, a message; and a stranger's."""
    settings.MEDIA_ROOT = tmp_path
    for slug in ("bakery", "elsewhere"):
        space, _owner = people(slug)
        channel = channel_in(space)
        path = default_storage.save(f"{space.pk}/aa/loaf.png", ContentFile(f"loaf of {slug}".encode()))
        media = [{"kind": "image", "file": path, "mime": "image/png", "alt": "A loaf", "name": "loaf.png"}]
        brought(space, f"Brought by {slug}", 40, media=media, url="https://example.org/brought", language="en")
        brought(space, EVIL, 41, url="javascript:alert(1)", visibility="private")
        brought(space, "Somebody else's words", 42, kind="others_post", author="@other")
        brought(space, "A secret", 43, kind="message")
        read(channel, f"Read by {slug}", 1)
        sent(channel, f"Sent by {slug}", "And more", days=2)
    return Workspace.objects.get(slug="bakery")


def copy_of(workspace: Workspace, **wanted: Any) -> ArchiveExport:
    return ask_for(workspace, Wanted(private=True, **wanted), now=now(), by=workspace.users.first())


def opened(row: ArchiveExport) -> zipfile.ZipFile:
    row.refresh_from_db()
    assert row.state == "ready"
    with default_storage.open(row.storage_path) as file:
        whole = file.read()
    assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (row.sha256, row.size)
    return zipfile.ZipFile(BytesIO(whole))


def items(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read("items.jsonl").splitlines()]


def test_everything_that_may_leave_is_in_it(workspace):
    row = copy_of(workspace)
    assert write(row.pk)
    archive = opened(row)
    texts = ["Read by bakery", "Sent by bakery", "And more", "Brought by bakery", EVIL]
    assert [one["text"] for one in items(archive)] == texts
    manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest["files"]) == set(archive.namelist()) - {"manifest.json"}
    for name, about in manifest["files"].items():
        content = archive.read(name)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (about["sha256"], about["bytes"]), name
    assert manifest["items"] == row.done == 5
    assert sum(int(one["what"].split()[0]) for one in manifest["left_out"]) == 2
    media = next(one for one in items(archive) if one["media"])["media"][0]
    assert archive.read(media["path"]) == b"loaf of bakery"
    assert "file" not in media
    whole = b"".join(archive.read(name) for name in archive.namelist())
    for kept_in in (b"elsewhere", b"Somebody else", b"A secret", b"workspace_id"):
        assert kept_in not in whole
    release = Release.objects.get()
    assert (release.released, release.refused, release.use) == (5, 2, "redistribute")


def test_only_what_was_found(workspace):
    row = copy_of(workspace, shelf="published")
    assert write(row.pk)
    assert [one["text"] for one in items(opened(row))] == ["Sent by bakery", "And more"]


def test_an_empty_copy(workspace):
    row = copy_of(workspace, words="nowhere")
    assert write(row.pk)
    assert items(opened(row)) == []


class Pages(HTMLParser):
    """Addresses that a page leads to or loads, and its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [(tag, str(given[name])) for name in ("href", "src") if name in given]
        self.ids |= {str(given["id"])} if "id" in given else set()
        assert not any(name.startswith("on") or name == "style" for name in given)


def test_the_site_leads_nowhere_else_and_runs_nothing(workspace):
    row = copy_of(workspace)
    write(row.pk)
    archive = opened(row)
    names = set(archive.namelist())
    for name in (one for one in names if one.endswith(".html")):
        text, page = archive.read(name).decode(), Pages()
        page.feed(text)
        assert "alert(1)</script>" not in text
        for tag, address in page.found:
            if address.startswith("https://"):
                assert tag == "a"
                continue
            assert ":" not in address, address
            path, _hash, anchor = address.partition("#")
            base = name.rsplit("/", 1)[0].split("/") if "/" in name else []
            for step in path.split("/") if path else []:
                base = base[:-1] if step == ".." else [*base, step]
            assert not path or "/".join(base) in names, (name, address)
            assert not anchor or path or anchor in page.ids
    assert {"index.html", "site/all/2026-03.html", "site/all/2026-01.html"} <= names


def test_long_months_are_cut_and_lead_on(workspace, monkeypatch):
    monkeypatch.setattr(siting, "A_PAGE", 3)
    for number in range(8):
        brought(workspace, f"Bread {number}", number / 100)
    row = copy_of(workspace)
    write(row.pk)
    archive, seen, name = opened(row), [], "site/all/2026-03.html"
    while name:
        page = archive.read(name).decode()
        seen += re.findall(r'<article id="([^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        assert len(seen) <= 3 or 'rel="prev"' in page
        name = f"site/all/{older[1]}" if older else ""
    assert len(seen) == len(set(seen)) == len(items(archive)) == 13


def test_activities_that_a_reader_of_outboxes_takes(workspace):
    row = copy_of(workspace)
    write(row.pk)
    archive = opened(row)
    outboxes = [name for name in archive.namelist() if name.endswith("outbox.json")]
    assert len(outboxes) == 1
    outbox = json.loads(archive.read(outboxes[0]))
    actor = json.loads(archive.read(outboxes[0].replace("outbox", "actor")))
    assert (outbox["@context"], outbox["type"]) == ("https://www.w3.org/ns/activitystreams", "OrderedCollection")
    assert outbox["totalItems"] == len(outbox["orderedItems"]) == 5
    assert (actor["type"], actor["preferredUsername"]) == ("Person", "a")
    times = [datetime.fromisoformat(one["published"]) for one in outbox["orderedItems"]]
    assert times == sorted(times, reverse=True)
    for activity in outbox["orderedItems"]:
        note = activity["object"]
        assert (activity["type"], note["type"]) == ("Create", "Note")
        assert activity["actor"] == note["attributedTo"] == actor["id"]
        assert note["id"].startswith(("https://", "urn:uuid:"))
        assert "<script" not in note["content"] and "javascript:" not in json.dumps(activity)
        for file in note.get("attachment", ()):
            assert archive.read(file["url"].removeprefix("../../")) == b"loaf of bakery"
            assert (file["type"], file["mediaType"], file["name"]) == ("Image", "image/png", "A loaf")
    private = outbox["orderedItems"][-1]
    assert private["to"] == private["object"]["to"] == [f"{actor['id']}#followers"]
    assert len({one["id"] for one in outbox["orderedItems"]}) == 5


@pytest.mark.parametrize(
    ("told", "to", "cc"),
    [
        ("public", [PUBLIC], None),
        ("unlisted", ["#followers"], [PUBLIC]),
        ("home", ["#followers"], [PUBLIC]),
        ("private", ["#followers"], None),
        ("followers", ["#followers"], None),
        ("direct", None, None),
        ("deleted", None, None),
        ("", None, None),
    ],
)
def test_only_what_was_public_leaves_as_public(workspace, told, to, cc):
    activity = create(json.loads(line_of(of_record(brought(workspace, "One", visibility=told)))))
    followers = f"{activity['actor']}#followers"
    expected = {"to": to and [one if one == PUBLIC else followers for one in to], "cc": cc}
    assert {name: activity.get(name) for name in ("to", "cc")} == expected


def test_a_publication_for_few_leaves_for_few(workspace):
    row = sent(channel_in(workspace, "@few"), "For few", options={"visibility": "private"})
    assert of_publications([row])[0].raw == {"visibility": "private"}


MOMENTS = [
    (bundle, "put", 1), (bundle, "put", 3), (bundle, "put", 4), (collecting, "line_of", 2), (collecting, "timeline", 2),
    (bundle, "lines_of", 1), (bundle, "lines_of", 6), (writing, "_left_out", 1), (bundle, "finish", 1),
]  # fmt: skip


@pytest.mark.parametrize(("module", "moment", "turn"), MOMENTS)
def test_killed_anywhere_it_becomes_whole(workspace, monkeypatch, module, moment, turn):
    monkeypatch.setattr(collecting, "PORTION", 1)
    monkeypatch.setattr(collecting, "PORTIONS", 2)
    row, calls, real = copy_of(workspace), [0], getattr(module, moment)

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
    ArchiveExport.objects.update(held_until=now() - bundle.LEASE)
    assert write(row.pk)
    archive = opened(row)
    assert [one["text"] for one in items(archive)] == [
        "Read by bakery", "Sent by bakery", "And more", "Brought by bakery", EVIL,
    ]  # fmt: skip
    assert sum(int(one["what"].split()[0]) for one in row.left_out) == 2
    assert archive.testzip() is None
    assert not default_storage.exists(bundle.place(row, "00000.jsonl"))
    assert not write(row.pk)


def test_a_file_that_is_gone_is_named(workspace):
    default_storage.delete(f"{workspace.pk}/aa/loaf.png")
    row = copy_of(workspace)
    write(row.pk)
    archive = opened(row)
    assert not [name for name in archive.namelist() if name.startswith("media/")]
    assert any("no longer in the media storage" in one["why"] for one in row.left_out)
    assert "path" not in next(one for one in items(archive) if one["media"])["media"][0]


def test_memory_does_not_grow_with_the_archive(workspace, monkeypatch):
    monkeypatch.setattr(collecting, "PORTION", 50)
    monkeypatch.setattr(siting, "A_PAGE", 20)
    peaks = []
    for first in (0, 400):
        number = first * 2 or 400
        Record.objects.bulk_create(
            Record(
                workspace=workspace, platform="sandbox", account="@a", kind="own_post", author="@a", remote_id=f"m{n}",
                text=f"Memory {n} " + "x" * 4000, posted_at=DAY - timedelta(hours=n), obtained_at=DAY,
            )
            for n in range(first, number)
        )  # fmt: skip
        row = copy_of(workspace)
        tracemalloc.start()
        write(row.pk)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3, peaks


def test_words_are_cut_as_the_script_cuts_them():
    assert words_of("Bread, bread & café_1 ＡＢＣ 東京") == {"bread", "café_1", "abc", "東", "京"}
    assert bucket("bread") == bucket("brew") != bucket("rye")


def test_one_at_a_time_told_once_and_forgotten(workspace):
    row = copy_of(workspace)
    assert copy_of(workspace).pk == row.pk
    assert copy_of(workspace, shelf="read").pk != row.pk
    ask_again(now())
    write(row.pk)
    assert (tell_ready(row.pk), tell_ready(row.pk)) == (1, 0)
    assert Notification.objects.get().link == "/w/bakery/archive/exports/"
    row.refresh_from_db()
    assert forget_old(now()) == 0
    assert forget_old(now() + timedelta(days=31)) == 1
    assert not default_storage.exists(row.storage_path)


def test_the_page(workspace):
    client = Client()
    client.force_login(workspace.users.get())
    place = reverse("rights:archive_exports", args=["bakery"])
    assert "Take everything with you" in client.get(place).content.decode()
    assert client.post(place, {"q": "bread", "from": "2026-01-01"}).status_code == 302
    row = ArchiveExport.objects.get()
    assert row.wanted["words"] == "bread"
    page = client.get(place).content.decode()
    assert re.search("“bread”, from [^<]*2026", page) and "Being collected" in page and "hx-trigger" in page
    write(row.pk)
    row.refresh_from_db()
    page = client.get(place).content.decode()
    assert row.sha256 in page and "hx-trigger" not in page
    answer = client.get(reverse("rights:archive_export", args=["bakery", row.key]))
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == answer["X-Content-SHA256"] == row.sha256
    client.post(reverse("rights:archive_export_delete", args=["bakery", row.key]))
    assert not ArchiveExport.objects.exists() and not default_storage.exists(row.storage_path)


def test_strangers_and_those_who_may_not(workspace):
    row = copy_of(workspace)
    write(row.pk)
    get, gone = (
        reverse(f"rights:{name}", args=["bakery", row.key]) for name in ("archive_export", "archive_export_delete")
    )
    pages = reverse("rights:archive_exports", args=["bakery"])
    stranger = Client()
    stranger.force_login(Workspace.objects.get(slug="elsewhere").users.get())
    assert [stranger.get(get).status_code, stranger.post(gone).status_code, stranger.get(pages).status_code] == [
        404
    ] * 3
    assert stranger.post(pages).status_code == 404
    other = reverse("rights:archive_export", args=["elsewhere", row.key])
    assert stranger.get(other).status_code == 404
    Member.objects.filter(workspace=workspace).update(role=Role.EDITOR)
    editor = Client()
    editor.force_login(workspace.users.get())
    assert [editor.get(get).status_code, editor.post(gone).status_code, editor.post(pages).status_code] == [
        403,
        403,
        404,
    ]
    assert editor.get(pages).status_code == 200
    assert ArchiveExport.objects.count() == 1
