"""Making a dataset: what may leave is in it, what may not is listed, ids alone go where a platform wants it so, and it verifies."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from typer.testing import CliRunner

from masthead.config.cli import app
from masthead.connectors import PLATFORMS
from masthead.contract.capabilities import Source
from masthead.contract.terms import Redistribution, Terms, say
from masthead.media import bundle
from masthead.posts.tests.scene import people
from masthead.rights.archive.tests.scene import brought, channel_in, read, sent
from masthead.rights.datasets.ask import ask_for, delete_file
from masthead.rights.datasets.check import check
from masthead.rights.datasets.dsse import read_public
from masthead.rights.datasets.make import make
from masthead.rights.datasets.rows import RECORD_FIELDS
from masthead.rights.models import Dataset, HandedOn, Release
from masthead.rights.signing import change_key, key_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HERE = Source("https://terms.example", date(2026, 11, 24))


@pytest.fixture
def workspace(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return people()[0]


def rules(monkeypatch: pytest.MonkeyPatch, verdict: Any, redistribution: Redistribution | None = None) -> None:
    """Other terms for the sandbox."""
    stated = (*say("own_post", ("redistribute", "ai_train"), verdict, "The clause.", HERE),)
    terms = Terms("1", None, stated, redistribution=redistribution)
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(PLATFORMS["sandbox"], terms=terms))


def asked(workspace: Any, **changes: Any) -> Dataset:
    fields = {"name": "Posts", "use": "redistribute", "purpose": "for a museum", "license": "https://l.example"}
    return ask_for(workspace, fields | changes, by=workspace.users.get(), now=NOW)


def unpacked(row: Dataset, folder: Path) -> Path:
    row.refresh_from_db()
    with default_storage.open(row.storage_path) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def made(workspace: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    rules(monkeypatch, "deny")
    channel = channel_in(workspace)
    brought(workspace, "Own from an archive")
    brought(workspace, "Somebody else's", 1, kind="others_post", author="@b")
    read(channel, "Read through the API", 2)
    sent(channel, "Written here", days=3)
    row = asked(workspace)
    assert make(row.pk)
    return unpacked(row, tmp_path / "out")


def test_what_may_leave_is_in_it_and_what_may_not_is_listed(made, workspace):
    assert [one["text"] for one in lines(made / "records.jsonl")] == ["Own from an archive", "Written here"]
    assert {one["rule"] for one in lines(made / "refused.jsonl")} == {"others", "sandbox:own_post:redistribute"}
    assert "Read through" not in (made / "refused.jsonl").read_text()
    manifest = json.loads((made / "croissant.json").read_text())
    told = {one["mh:rule"]: (one["mh:records"], one["mh:clause"]) for one in manifest["mh:refused"]}
    assert told["sandbox:own_post:redistribute"] == (1, "The clause.") and told["others"][0] == 1
    row, left = Dataset.objects.get(), Release.objects.get()
    assert (left.released, left.refused, left.purpose) == (2, 2, "for a museum") and row.release == left
    assert row.files["records.jsonl"]["rows"] == 2 and row.size and row.ready_at


def test_it_checks_and_a_flipped_byte_is_caught(made, workspace):
    key = read_public(key_of(workspace, NOW).public)
    assert check(made, key).good and check(made, key).trusted
    for name in ("records.jsonl", "refused.jsonl", "croissant.json", "statement.dsse.json"):
        before = (made / name).read_bytes()
        (made / name).write_bytes(before[:40] + bytes([before[40] ^ 1]) + before[41:])
        assert not check(made, key).good, name
        (made / name).write_bytes(before)
    assert check(made, key).good


def test_what_is_added_missing_or_signed_by_another_is_caught(made, workspace):
    old = read_public(key_of(workspace, NOW).public)
    new = read_public(change_key(workspace, NOW).public)
    assert check(made, old).good and not check(made, new).good
    (made / "more.jsonl").write_text("{}\n")
    assert check(made, old).faults == ("more.jsonl is not signed",)
    (made / "more.jsonl").unlink()
    (made / "records.jsonl").unlink()
    assert check(made, old).faults == ("records.jsonl is missing or was changed",)


def test_the_command_says_what_it_found(made, workspace, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text(key_of(workspace, NOW).public)
    good = CliRunner().invoke(app, ["rights", "verify", str(made), "--key", str(key)])
    assert good.exit_code == 0 and "for a museum" in good.output and "records.jsonl: 2 rows" in good.output
    assert "does not show who signed" in CliRunner().invoke(app, ["rights", "verify", str(made)]).output
    (made / "records.jsonl").write_text("")
    bad = CliRunner().invoke(app, ["rights", "verify", str(made), "--key", str(key)])
    assert bad.exit_code == 1 and "records.jsonl is missing or was changed" in bad.output
    key.write_text("nonsense")
    assert CliRunner().invoke(app, ["rights", "verify", str(made), "--key", str(key)]).exit_code == 2


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
@pytest.mark.skipif(not importlib.util.find_spec("mlcroissant"), reason="mlcroissant comes with bin/test --all")
def test_the_manifest_is_valid_croissant_and_loads(workspace, tmp_path, form):
    brought(workspace, "Grüße")
    row = asked(workspace, form=form)
    assert make(row.pk)
    folder = unpacked(row, tmp_path / "out")
    found = importlib.import_module("mlcroissant").Dataset(jsonld=str(folder / "croissant.json"))
    assert not found.metadata.issues.errors and not found.metadata.issues.warnings
    (record,) = found.records("records")
    assert record["records/text"].decode() == "Grüße" and len(record) == len(RECORD_FIELDS)
    assert check(folder).good and found.metadata.ctx.is_v1_1()


IDS = Redistribution("Ids only.", HERE, ids_only=True, limits=((3, timedelta(days=30)),))


def test_ids_alone_leave_where_the_platform_wants_it_so(workspace, monkeypatch, tmp_path):
    rules(monkeypatch, "deny", IDS)
    channel = channel_in(workspace)
    for number in range(3):
        read(channel, f"r{number}", number)
    brought(workspace, "Own", 9)
    row = asked(workspace)
    assert make(row.pk)
    folder = unpacked(row, tmp_path / "out")
    ids = lines(folder / "ids.jsonl")
    assert ids == [{"platform": "sandbox", "remote_id": f"r{number}"} for number in range(3)]
    assert [one["text"] for one in lines(folder / "records.jsonl")] == ["Own"]
    assert HandedOn.objects.get().records == 3 and check(folder).good


def test_another_use_gets_no_ids_where_the_terms_deny_it(workspace, monkeypatch, tmp_path):
    rules(monkeypatch, "deny", IDS)
    read(channel_in(workspace), "r1")
    row = asked(workspace, use="ai_train")
    assert make(row.pk)
    assert not (unpacked(row, tmp_path / "out") / "ids.jsonl").exists()


def test_a_limit_is_kept_and_says_what_is_left(workspace, monkeypatch):
    rules(monkeypatch, "deny", IDS)
    channel = channel_in(workspace)
    for number in range(4):
        read(channel, f"r{number}", number)
    row = asked(workspace)
    assert not make(row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and "lets 3 records" in row.why and not row.storage_path
    assert not HandedOn.objects.exists()


def test_one_makes_it_at_a_time_and_its_file_can_go(workspace):
    brought(workspace, "Own")
    row = asked(workspace)
    assert bundle.take(Dataset, row.pk, datetime.now(UTC)) and not make(row.pk)
    Dataset.objects.update(held_until=NOW - timedelta(days=1))
    assert make(row.pk)
    row.refresh_from_db()
    delete_file(row)
    row.refresh_from_db()
    assert row.state == "ready" and not row.storage_path and row.files


def test_a_dataset_names_no_place_in_our_storage(workspace, tmp_path):
    files = [{"kind": "image", "file": f"{workspace.pk}/archive/aa/x.png", "name": "data/x.png", "url": ""}]
    brought(workspace, "Mine", media=files)
    row = asked(workspace)
    assert make(row.pk)
    told = (unpacked(row, tmp_path / "out") / "records.jsonl").read_text()
    assert "data/x.png" in told and "/archive/aa/" not in told
