"""Each finding of `masthead doctor` says what is wrong and what to do."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from masthead.channels.models import AppRegistration
from masthead.config import doctor, migrate
from masthead.config.rotate import rotate
from masthead.kit.clock import now
from masthead.kit.secrets import key_file, keyring
from masthead.posts.models import Heartbeat


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """A key file of this test's own."""
    path = tmp_path / "secret.keys"
    path.write_text(Fernet.generate_key().decode() + "\n")
    path.chmod(0o600)
    monkeypatch.setenv("MASTHEAD_KEYS_FILE", str(path))
    keyring.cache_clear()
    yield path
    keyring.cache_clear()


def sealed(server="s"):
    return AppRegistration.objects.create(platform="p", server=server, redirect_uri="r", secrets={"token": "t0p"})


@pytest.mark.django_db
def test_a_sound_installation_has_no_failure(keys, capsys):
    Heartbeat.objects.create(worker="w", host="h", pid=1, started_at=now(), beat_at=now())
    sealed()
    assert doctor.examine() is True, capsys.readouterr().out
    shown = capsys.readouterr().out
    assert "Workers: 1 alive" in shown and "Secrets: all 1 open" in shown


@pytest.mark.django_db
def test_without_a_living_worker_it_warns():
    assert doctor.check_worker().level == "warn"
    beat = now() - timedelta(hours=1)
    Heartbeat.objects.create(worker="w", host="h", pid=1, started_at=beat, beat_at=beat)
    assert "last seen" in doctor.check_worker().text


@pytest.mark.django_db
def test_a_lost_key_is_a_failure(keys):
    sealed()
    keys.write_text(Fernet.generate_key().decode() + "\n")
    keyring.cache_clear()
    line = doctor.check_secrets()
    assert (line.level, line.text) == ("fail", "Secrets: 1 of 1 do not open")


def test_a_key_file_that_is_missing_broken_or_open_to_others(keys):
    assert doctor.check_keys().level == "ok"
    keys.chmod(0o644)
    assert doctor.check_keys().level == "warn"
    keys.write_text("nonsense\n")
    assert doctor.check_keys().level == "fail"
    keys.unlink()
    assert str(key_file()) in doctor.check_keys().advice


@pytest.mark.django_db
def test_a_newer_schema_is_refused():
    migrate.refuse_newer()
    MigrationRecorder(connection).record_applied("posts", "9999_from_the_future")
    with pytest.raises(migrate.NewerSchema, match="9999_from_the_future"):
        migrate.refuse_newer()
    assert doctor.check_migrations().level == "fail"


@pytest.mark.django_db
def test_a_clock_that_is_wrong_is_a_failure(monkeypatch):
    assert doctor.check_clock().level == "ok"
    monkeypatch.setattr(doctor, "now", lambda: now() + timedelta(minutes=2))
    assert doctor.check_clock().level == "fail"


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("https://social.example.org", "ok"),
        ("http://localhost:8000", "warn"),
        ("http://social.example.org", "fail"),
        ("social.example.org", "fail"),
    ],
)
def test_the_public_address(settings, url, level):
    settings.PUBLIC_URL = url
    assert doctor.check_public_url().level == level


def test_media_that_cannot_be_written_is_a_failure(settings, tmp_path):
    (tmp_path / "file").write_text("")
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "file" / "x"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    assert doctor.check_media().level == "fail"


@pytest.mark.django_db
def test_rotation_puts_every_secret_under_a_new_key_and_can_forget_the_old(keys, capsys):
    old = keys.read_text().split()
    for server in ("a", "b"):
        sealed(server)
    rotate(drop_old=False)
    assert keys.read_text().split()[1:] == old
    keyring.cache_clear()
    assert [row.secrets["token"] for row in AppRegistration.objects.all()] == ["t0p", "t0p"]
    rotate(drop_old=True)
    assert len(keys.read_text().split()) == 1
    assert keys.stat().st_mode & 0o077 == 0
    keyring.cache_clear()
    assert doctor.check_secrets().text == "Secrets: all 2 open"
    assert "2 secrets" in capsys.readouterr().out
