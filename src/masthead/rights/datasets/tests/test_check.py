"""What is said of a dataset that somebody else made or changed. Checking promises never to raise, and to leave nothing behind."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from masthead.config.cli import app
from masthead.rights.datasets.check import CLAIM, KEY, MANIFEST, SIGNATURE, check
from masthead.rights.datasets.dsse import attest, digest, public_pem

SECRET = Ed25519PrivateKey.generate()
RECORDS = b'{"text":"one"}\n{"text":"two"}\n'


def signed(folder: Path, manifest: Any = None, predicate: Any = None, records: bytes = RECORDS) -> Path:
    """A dataset whose signature holds, whatever its manifest and claim are."""
    folder.mkdir()
    (folder / "records.jsonl").write_bytes(records)
    file = {"@id": "records.jsonl", "sha256": digest(folder / "records.jsonl")}
    told = {"distribution": [file], "mh:refused": []} if manifest is None else manifest
    (folder / MANIFEST).write_text(told if isinstance(told, str) else json.dumps(told))
    subjects = {name: digest(folder / name) for name in ("records.jsonl", MANIFEST)}
    said = {"rows": {"records.jsonl": 2}, "refused": 0} if predicate is None else predicate
    (folder / SIGNATURE).write_text(json.dumps(attest(subjects, CLAIM, said, [SECRET])))
    (folder / KEY).write_text(public_pem(SECRET.public_key()))
    return folder


def packed(folder: Path, *before: tuple[str, bytes]) -> Path:
    place = folder.with_suffix(".zip")
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in before:
            archive.writestr(name, content)
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return signed(tmp_path / "set")


def test_folder_and_zip_are_good(folder: Path) -> None:
    for place in (folder, packed(folder)):
        assert check(place, SECRET.public_key()).faults == ()
    assert check(signed(folder.parent / "open-ended", records=RECORDS[:-1])).good


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_file_of_the_same_name_is_a_fault(folder: Path) -> None:
    found = check(packed(folder, ("records.jsonl", b'{"text":"forged"}\n')), SECRET.public_key())
    assert found.faults == ("two files of the zip have the same name",)


@pytest.mark.parametrize("name", ["in/more.jsonl", "../more.jsonl", "in\\more.jsonl", "more.jsonl"])
def test_what_was_not_signed_is_a_fault(folder: Path, name: str) -> None:
    assert f"{name} is not signed" in check(packed(folder, (name, b"x"))).faults


def test_a_zip_that_grows_takes_no_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder.parent / "nowhere"))
    assert check(packed(folder)).good
    assert check(packed(folder, ("more.jsonl", b"0" * 5_000_000))).faults == ("more.jsonl is not signed",)
    (folder / SIGNATURE).write_bytes(b" " * (65 << 20))
    assert "too large" in check(folder).faults[0] and "too large" in check(packed(folder)).faults[0]


ODD: list[dict[str, Any]] = [
    {"manifest": {}},
    {"manifest": []},
    {"manifest": "null"},
    {"manifest": "[" * 100_000},
    {"manifest": {"distribution": [1], "mh:refused": []}},
    {"manifest": {"distribution": None}},
    {"manifest": {"distribution": [], "mh:refused": [{}]}},
    {"predicate": {}},
    {"predicate": []},
    {"predicate": 7},
    {"predicate": {"rows": [], "refused": 0}},
    {"predicate": {"rows": {"x.jsonl": 1}, "refused": 0}},
    {"predicate": {"rows": {"../../../etc/passwd": 1}, "refused": 0}},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:60])
def test_odd_ones_are_faults_and_no_errors(tmp_path: Path, odd: dict[str, Any]) -> None:
    made = signed(tmp_path / "set", **odd)
    assert not check(made).good and not check(packed(made)).good


def test_no_file_beside_the_dataset_is_read(folder: Path) -> None:
    beside = folder.parent / "beside.jsonl"
    beside.write_text("x\n" * 41)
    made = signed(folder.parent / "other", predicate={"rows": {"../beside.jsonl": 41}, "refused": 0})
    assert check(made).faults == ("../beside.jsonl has 0 rows, 41 were signed",)


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "", "7"])
def test_an_odd_signature_is_a_fault(folder: Path, text: str) -> None:
    (folder / SIGNATURE).write_text(text)
    assert check(folder).faults[0].startswith(SIGNATURE)


@pytest.mark.parametrize("how", ["locked", "method", "broken", "cut"])
def test_odd_zips(folder: Path, how: str) -> None:
    place = packed(folder)
    data = bytearray(place.read_bytes())
    at = data.find(b"PK\x01\x02")
    if how == "locked":
        data[at + 8] |= 1
        data[6] |= 1
    elif how == "method":
        data[at + 10] = data[8] = 99
    elif how == "broken":
        data[60:70] = bytes(10)
    else:
        del data[at + 20 :]
    place.write_bytes(data)
    assert not check(place).good


def test_links_and_what_is_no_file_are_faults(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "extra").symlink_to(elsewhere)
    os.mkfifo(folder / "pipe")
    assert check(folder).faults == ("extra is a link or no file", "pipe is a link or no file")
    (folder / KEY).unlink()
    os.mkfifo(folder / KEY)
    assert check(folder).faults == (f"{SIGNATURE}: {KEY} is missing",)


def test_the_command_steers_no_terminal(tmp_path: Path) -> None:
    claim = {"rows": {"records.jsonl": 2}, "refused": 0, "use": "ai_train", "purpose": "\x1b[2Jfor us", "to": ""}
    place = signed(tmp_path / "set", predicate=claim)
    told = CliRunner().invoke(app, ["rights", "verify", str(place)])
    assert told.exit_code == 0 and "?[2Jfor us" in told.output and "\x1b" not in told.output
