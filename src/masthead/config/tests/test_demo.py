"""What the demo says in the terminal, and what it keeps out of it."""

from __future__ import annotations

import environ
import pytest

from masthead.config import cli


@pytest.fixture
def started(monkeypatch):
    """The installations that would have been run, in an environment that is put back."""
    runs = []
    monkeypatch.setattr(cli, "_run", runs.append)
    monkeypatch.setattr(cli.os, "environ", {})
    monkeypatch.setattr(cli, "prepare", lambda home: home)
    return runs


def test_the_demos_mail_goes_into_a_folder(started, tmp_path):
    home = tmp_path / "with a space"
    cli.demo(home=home)
    found = environ.Env.email_url_config(cli.os.environ["EMAIL_URL"])
    assert found["EMAIL_FILE_PATH"] == str(home / "mail") and "filebased" in found["EMAIL_BACKEND"]
    assert started[0].before == [["seed-demo"]]


def test_a_mail_server_of_ones_own_is_kept(started, tmp_path):
    cli.os.environ["EMAIL_URL"] = "smtp://mail.example:25"
    cli.demo(home=tmp_path)
    assert cli.os.environ["EMAIL_URL"] == "smtp://mail.example:25"
