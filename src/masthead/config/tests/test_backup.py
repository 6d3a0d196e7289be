"""A backup comes back whole but for the sessions, and a bad archive changes nothing."""

import io
import json
import os
import tarfile

import pytest

from masthead.config import restore
from masthead.config.backup import DUMP, MANIFEST, Unusable
from masthead.config.tests.surroundings import Place

SEED = """
import masthead.config.ready
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from masthead.channels.models import AppRegistration
from masthead.workspaces.models import User
AppRegistration.objects.create(platform="x", server="s", redirect_uri="r", secrets={"token": "t0p"})
SessionStore().create()
user = User.objects.create(email="ada@example.com")
UserSession.objects.create(user=user, session_key="k", ip="127.0.0.1")
default_storage.save("a/b/picture.png", ContentFile(b"pixels"))
"""
LOOK = """
import masthead.config.ready
from django.core.files.storage import default_storage
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from masthead.channels.models import AppRegistration
from masthead.workspaces.models import User
assert User.objects.count() == 1
print(Session.objects.count() + UserSession.objects.count(), "sessions")
print(AppRegistration.objects.get().secrets["token"], default_storage.open("a/b/picture.png").read())
"""


@pytest.fixture
def other():
    made = Place()
    yield made
    made.clear()


def inside(place, code):
    """Run a piece of code in the installation, with its database."""
    wrapped = (
        "import sys; from masthead.config.installation import *\nplace = prepare(); make_keys(place)\n"
        f"with database(place):\n    exec({code!r})\n"
    )
    return place.run_python(wrapped)


@pytest.mark.slow
def test_database_media_and_keys_come_back_in_a_new_place(place, other):
    file = place.around / "all.tar.gz"
    assert place.run("migrate").returncode == 0
    assert inside(place, SEED).returncode == 0
    made = place.run("backup", str(file), "--with-keys")
    assert "1 media files" in made.stdout, made.stderr
    assert file.stat().st_mode & 0o077 == 0
    back = other.run("restore", str(file))
    assert back.returncode == 0, back.stderr
    assert inside(other, LOOK).stdout.strip() == "0 sessions\nt0p b'pixels'"
    assert other.run("migrate").returncode == 0
    again = other.run("restore", str(file))
    assert again.returncode == 1 and "not empty" in again.stderr


@pytest.mark.slow
def test_without_the_flag_no_key_is_inside_and_an_existing_file_is_not_overwritten(place):
    file = place.around / "all.tar.gz"
    assert place.run("migrate").returncode == 0
    assert place.run("backup", str(file)).returncode == 0
    with tarfile.open(file) as archive:
        assert sorted(archive.getnames()) == [DUMP, MANIFEST]
    second = place.run("backup", str(file))
    assert second.returncode == 1 and "exists already" in second.stderr


def archive(path, entries, manifest=None):
    """An archive of (name, bytes or TarInfo) with a fitting list of files unless one is given."""
    with tarfile.open(path, "w:gz") as out:
        for name, content in entries:
            entry = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(content, bytes):
                entry.size = len(content)
            out.addfile(entry, io.BytesIO(content) if isinstance(content, bytes) else None)
        if manifest is not None:
            text = json.dumps(manifest).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            out.addfile(entry, io.BytesIO(text))
    return path


def link(name, target):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


@pytest.mark.parametrize(
    ("entries", "manifest", "reason"),
    [
        ([("../evil", b"x")], {}, "no backup holds"),
        ([("/etc/evil", b"x")], {}, "no backup holds"),
        ([("media/../../evil", b"x")], {}, "no backup holds"),
        ([("media/link", link("media/link", "/etc/passwd"))], {}, "no backup holds"),
        ([("evil", b"x")], {}, "no backup holds"),
        ([(DUMP, b"x"), (DUMP, b"y")], {}, "twice"),
        ([(DUMP, b"x")], None, "no list"),
        ([(DUMP, b"x")], {"format": 99, "files": {}}, "format 99"),
        ([(DUMP, b"x")], ["nonsense"], "cannot be read"),
        ([(DUMP, b"x")], {"format": 1, "files": {DUMP: {"sha256": "0"}}}, "damaged"),
        ([(DUMP, b"x")], {"format": 1, "files": {"media/missing": {"sha256": "0"}}}, "damaged"),
    ],
)
def test_a_bad_archive_is_refused_before_anything_is_restored(tmp_path, entries, manifest, reason):
    bench = tmp_path / "bench"
    bench.mkdir()
    with pytest.raises(Unusable, match=reason):
        restore.unpack(archive(tmp_path / "bad.tar.gz", entries, manifest), bench)
    assert not (tmp_path / "evil").exists()


def test_a_file_that_is_cut_off_is_refused(tmp_path):
    whole = archive(tmp_path / "whole.tar.gz", [(DUMP, os.urandom(50_000))], {"format": 1, "files": {}})
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:20_000])
    (tmp_path / "bench").mkdir()
    with pytest.raises(Unusable, match="cannot be read"):
        restore.unpack(cut, tmp_path / "bench")
