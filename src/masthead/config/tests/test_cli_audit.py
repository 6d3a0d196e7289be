"""`masthead audit` needs no server and no database, says what is wrong and what to do, and starts at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from masthead.config import cli_audit
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.tests.test_run import OPTIONS, write_corpus, write_posts


def audit(*words: object):
    return CliRunner().invoke(cli_audit.app, [str(word) for word in words])


@pytest.fixture
def finished(tmp_path, monkeypatch):
    """A run that was carried out by the command, with the stand-in for the scan."""
    running = cli_audit.import_module("masthead.rights.audit.run")

    def options(**given):
        return OPTIONS.__class__(**{**given, "detector": OPTIONS.detector, "chunk": OPTIONS.chunk})

    monkeypatch.setattr(running, "Options", options)
    corpus, posts = write_corpus(tmp_path), write_posts(tmp_path)
    result = audit("run", "--posts", posts, "--corpus", corpus, "--out", tmp_path / "run", "--workers", 1)
    return Folder(tmp_path / "run"), result


def test_run_show_and_prove(finished):
    folder, result = finished
    assert result.exit_code == 0, result.output
    assert "1,000 matches" in result.output and "report.html" in result.output and "what.bin" in result.output
    shown = audit("show", folder.path, "--prove", 3)
    assert shown.exit_code == 0 and shown.output.count("Stands there") == 3
    again = audit("resume", folder.path)
    assert again.exit_code == 0 and "1,000 matches" in again.output


def test_a_match_that_does_not_stand_there_is_told(finished):
    folder, _ = finished
    path = folder.path / "matches.jsonl"
    first, *rest = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(first), "start": 5}), *rest]) + "\n")
    shown = audit("show", folder.path, "--prove", 2)
    assert shown.exit_code == 1 and "DOES NOT STAND" in shown.output and "1 matches" in shown.output


def test_what_is_wrong_is_said_with_what_to_do(tmp_path):
    posts = write_posts(tmp_path)
    corpus = write_corpus(tmp_path)
    out = ["--out", tmp_path / "run"]
    for words, told in (
        (["run", "--posts", tmp_path / "none", "--corpus", corpus, *out], "there is no such file"),
        (["run", "--posts", posts, "--corpus", tmp_path / "none", *out], "no such file"),
        (["run", "--posts", posts, "--corpus", corpus, "--format", "pdf", *out], "Choose one of"),
        (["resume", tmp_path], "masthead audit run"),
        (["show", tmp_path], "masthead audit resume"),
        (["run", "--posts", posts, "--corpus", corpus, "--on", "spark://x:1", *out], "dask://host:port"),
    ):
        result = audit(*words)
        assert result.exit_code == 1 and told in result.output, (words, result.output)


def test_it_starts_without_django_and_without_what_reads_a_corpus(tmp_path):
    code = (
        "import sys; from masthead.config import cli\n"
        "heavy = {'django', 'numba', 'numpy', 'pyarrow', 'boto3', 'distributed', 'ray'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_whole_run_needs_no_django(tmp_path):
    (tmp_path / "c.jsonl").write_text('{"text": "nothing of interest stands here today"}\n')
    posts = write_posts(tmp_path, ["somebody wrote this long sentence about bread and butter once"])
    code = (
        "import sys\nfrom masthead.config.cli_audit import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code, end\n"
        "sys.exit('loaded Django' if 'django' in sys.modules else 0)"
    )
    words = ["run", "--posts", posts, "--corpus", tmp_path / "c.jsonl", "--out", tmp_path / "run", "--workers", "1"]
    done = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, cwd=Path("/"))
    assert done.returncode == 0, done.stderr
    assert "0 matches in 1 documents" in done.stdout and (tmp_path / "run" / "report.html").exists()
