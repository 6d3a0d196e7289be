"""The pages of audits: starting, following, reading; who may what; strangers see nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from masthead.posts.tests.scene import people
from masthead.rights.audits import ask
from masthead.rights.audits.telling import tell_audited
from masthead.rights.audits.tests.scene import asked, finished
from masthead.rights.models import Audit
from masthead.workspaces.models import AuditEntry, Member, User
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Crawl", "corpus": "0/crawl.jsonl", "fields_named": "text, message.content", "target": "0.01"}


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "corpora"
    folder.mkdir()
    (folder / "crawl.jsonl").write_text("{}\n")
    settings.CORPORA = [str(folder)]
    return folder


@pytest.fixture
def client(root: Path) -> Client:
    made = Client()
    made.force_login(people()[1])
    return made


@pytest.fixture
def row(client: Client, root: Path) -> Audit:
    return asked(Member.objects.get().workspace, root)


def url(name: str, *more: Any) -> str:
    return reverse(f"rights:{name}", args=["bakery", *more])


def test_starting_one(client: Client, root: Path) -> None:
    assert "Nothing was audited yet" in client.get(url("audits")).content.decode()
    assert "corpora/crawl.jsonl" in client.get(url("audit_new")).content.decode()
    assert client.post(url("audit_new"), GIVEN).status_code == 302
    row = Audit.objects.get()
    assert row.corpus == {"root": str(root), "below": "crawl.jsonl"} and row.wanted == {"kind": "own_post"}
    assert (row.fields, row.target, row.state) == (["text", "message.content"], 0.01, "waiting")
    page = client.get(url("audit", row.pk)).content.decode()
    assert "Waiting for its turn" in page and "style=" not in page and 'hx-trigger="every 2s"' in page
    assert AuditEntry.objects.filter(action="audit.asked").exists()


@pytest.mark.parametrize(
    "changes",
    [{"corpus": "0/../secret"}, {"corpus": "/etc/passwd"}, {"corpus": "9/"}, {"corpus": "0/", "below": "../x"}, {"name": ""},
     {"below": "more"}, {"since": "2026-02-02", "until": "2026-01-01"}, {"target": "0.9"}, {"form": "exe"}],
)  # fmt: skip
def test_bad_input_starts_nothing(client: Client, changes: dict[str, str]) -> None:
    answer = client.post(url("audit_new"), GIVEN | changes)
    assert answer.status_code == 400 and not Audit.objects.exists()


def test_without_a_corpus_the_page_says_how(client: Client, settings: Any) -> None:
    settings.CORPORA = []
    page = client.get(url("audit_new")).content.decode()
    assert "MASTHEAD_CORPORA=" in page and "masthead audit run" in page
    assert "MASTHEAD_CORPORA=" in client.post(url("audit_new"), GIVEN).content.decode() and not Audit.objects.exists()


def test_following_it(client: Client, row: Audit) -> None:
    told = {"phase": "reading", "done": 50, "total": 200, "rate": 4_000_000, "left": 75, "matches": 1234}
    Audit.objects.update(state="running", progress=told)
    page = client.get(url("audit", row.pk)).content.decode()
    assert "25 %" in page and "1 min 15 s" in page and "1,234" in page and "Reading the corpus" in page
    client.post(url("audit_stop", row.pk))
    page = client.get(url("audit", row.pk)).content.decode()
    assert Audit.objects.get().state == "stopped" and "Go on" in page and "hx-trigger" not in page
    client.post(url("audit_go_on", row.pk))
    assert Audit.objects.get().state == "waiting"


def test_reading_it(client: Client, row: Audit) -> None:
    finished(row)
    page = client.get(url("audit", row.pk)).content.decode()
    assert "Words of 45 posts stand in the corpus." in page and "40 are put down to their posts" in page
    assert "at most 5" in page and "<mark>fresh bread 0</mark>" in page and "they say &lt;b&gt;" in page
    assert (
        "fresh bread 20<" not in page
        and "fresh bread 20<" in client.get(url("audit", row.pk) + "?page=2").content.decode()
    )
    short = client.get(url("audit", row.pk) + "?standing=short").content.decode()
    assert "fresh bread 44<" in short and "fresh bread 0<" not in short
    assert client.get(url("audit", row.pk) + "?standing=x&page=zz").status_code == 200
    finished(asked(row.workspace, Path(row.corpus["root"])), judged=False)
    page = client.get(url("audit", Audit.objects.latest("pk").pk)).content.decode()
    assert "Whose words they are cannot be said" in page and "Not judged" in page


def test_it_speaks_german(client: Client, row: Audit) -> None:
    finished(row)
    User.objects.update(language="de")
    page = client.get(url("audit", row.pk)).content.decode()
    assert "Was wo steht" in page and "What stands where" not in page


def test_files_are_attachments_and_only_those_that_are_known(client: Client, row: Audit) -> None:
    finished(row)
    for name in ("report.html", "posts.jsonl", "other.txt"):
        default_storage.save(ask.kept_at(row, name), ContentFile(b"<script>"))
    about = {"size": 8, "sha256": "0" * 64}
    Audit.objects.update(files={"report.html": about, "posts.jsonl": about, "other.txt": about})
    answer = client.get(url("audit_file", row.pk, "report.html"))
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    for name in ("other.txt", "report.pdf", "..", "..%2F..%2Fsecret.keys", "findings.jsonl"):
        assert client.get(f"{url('audit', row.pk)}files/{name}").status_code == 404
    assert client.get(url("audit_file", row.pk, "posts.jsonl")).status_code == 200
    Member.objects.update(role=Role.VIEWER)
    assert client.get(url("audit_file", row.pk, "report.html")).status_code == 200
    assert client.get(url("audit_file", row.pk, "posts.jsonl")).status_code == 404
    row.refresh_from_db()
    ask.remove(row)
    assert not default_storage.exists(ask.kept_at(row, "report.html"))


def test_who_asked_is_told_once(client: Client, row: Audit) -> None:
    assert tell_audited(row.pk) == 0
    finished(row)
    assert (tell_audited(row.pk), tell_audited(row.pk)) == (1, 0)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUTHOR, Role.EDITOR])
def test_who_may_only_read(client: Client, row: Audit, role: str) -> None:
    Member.objects.update(role=role)
    assert client.get(url("audit_new")).status_code == 403 and client.post(url("audit_new"), GIVEN).status_code == 403
    for name in ("audit_stop", "audit_go_on", "audit_delete"):
        assert client.post(url(name, row.pk)).status_code == 403
    assert client.get(url("audit", row.pk)).status_code == 200 and client.get(url("audits")).status_code == 200
    assert Audit.objects.get().state == "waiting"


def test_strangers_see_nothing(client: Client, row: Audit) -> None:
    finished(row)
    stranger = Client()
    stranger.force_login(people("smith")[1])
    pages = [("audits", ()), ("audit_new", ()), ("audit", (row.pk,)), ("audit_file", (row.pk, "report.html"))]
    for name, more in pages:
        assert stranger.get(url(name, *more)).status_code == 404
        assert Client().get(url(name, *more)).status_code == 302
        if more:
            assert stranger.get(reverse(f"rights:{name}", args=["smith", *more])).status_code == 404
    for name in ("audit_stop", "audit_go_on", "audit_delete"):
        assert stranger.post(url(name, row.pk)).status_code == 404
        assert stranger.post(reverse(f"rights:{name}", args=["smith", row.pk])).status_code == 404
    assert "Crawl" not in stranger.get(reverse("rights:audits", args=["smith"])).content.decode()
    assert Audit.objects.get().state == "finished"


def test_deleting_one(client: Client, row: Audit) -> None:
    assert client.post(url("audit_delete", row.pk)).status_code == 302
    assert not Audit.objects.exists() and AuditEntry.objects.filter(action="audit.deleted").exists()
