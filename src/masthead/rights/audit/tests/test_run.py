"""A run comes to the same result whoever does it, however often it is killed on the way."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from masthead.rights.audit import executors, run
from masthead.rights.audit.corpus import Source
from masthead.rights.audit.evidence import proven
from masthead.rights.audit.folder import Folder, NotARun
from masthead.rights.audit.posts import WrongPosts, load
from masthead.rights.audit.progress import Progress, duration, size
from masthead.rights.audit.readers.text import OVERLAP
from masthead.rights.audit.run import Options, Refused, carry_out, start
from masthead.rights.audit.storage import Unreadable
from masthead.rights.audit.tests.test_warc import page

STAND_IN = "masthead.rights.audit.tests.stand_in"
OPTIONS = Options(detector=STAND_IN, chunk=4000)
POSTS = [f"post number {number} says \u201chello\u201d to {number * 7} people \u00fc" for number in range(20)]
# What differs between two runs of the same: times, and nothing else.
NOT_EVIDENCE = {"log.jsonl", ".lock"}


def write_posts(folder: Path, texts=POSTS) -> Path:
    path = folder / "posts.jsonl"
    path.write_text("".join(json.dumps({"id": f"p{number}", "text": text}) + "\n" for number, text in enumerate(texts)))
    return path


def filled(number: int) -> str:
    return f"document {number} " + "filler words " * 10 + POSTS[number % 20] + " and an end"


def write_corpus(folder: Path) -> Path:
    """A corpus of every form; each document holds one post."""
    corpus = folder / "corpus"
    corpus.mkdir()
    rows = [{"text": filled(number), "other": POSTS[0]} for number in range(200)]
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    (corpus / "a.jsonl").write_bytes(lines)
    (corpus / "b.jsonl.gz").write_bytes(gzip.compress(lines, mtime=0))
    (corpus / "c.txt").write_text("\n".join(row["text"] for row in rows))
    pq.write_table(pa.table({"text": [row["text"] for row in rows]}), corpus / "d.parquet", row_group_size=30)
    records = [page(number, row["text"].encode()) for number, row in enumerate(rows)]
    (corpus / "e.warc.gz").write_bytes(b"".join(gzip.compress(one, mtime=0) for one in records))
    (corpus / "empty.jsonl").write_bytes(b"")
    (corpus / "what.bin").write_bytes(b"x")
    return corpus


def contents(path: Path) -> dict[str, bytes]:
    files = (one for one in path.rglob("*") if one.is_file() and one.name not in NOT_EVIDENCE)
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in files}


@pytest.fixture
def corpus(tmp_path):
    return write_corpus(tmp_path)


@pytest.fixture
def posts(tmp_path):
    return str(write_posts(tmp_path))


def done(path, posts, corpus, **more) -> Folder:
    folder = start(path, posts, [str(corpus)], OPTIONS)
    carry_out(folder, **more)
    return folder


def test_every_match_is_found_once_and_stands_where_it_says(tmp_path, posts, corpus):
    folder = done(tmp_path / "run", posts, corpus)
    matches = list(folder.matches())
    assert len(matches) == 5 * 200 and len(folder.tasks()) > 30
    by_source = {}
    for match in matches:
        by_source.setdefault(Path(match.source).name, []).append(match)
    assert {name: len(found) for name, found in by_source.items()} == dict.fromkeys(
        ("a.jsonl", "b.jsonl.gz", "c.txt", "d.parquet", "e.warc.gz"), 200
    )
    inputs = {one["place"]: Source(**one) for one in folder.run["inputs"]}
    for name, found in by_source.items():
        if name != "c.txt":
            assert [match.document for match in found] == list(range(200))
        assert all(match.post == number % 20 for number, match in enumerate(found))
        for match in found[::29]:
            assert proven(match, inputs[match.source], ("text",)), match
            assert not proven(replace(match, start=match.start + 1), inputs[match.source], ("text",))
    assert next(iter(folder.names())) == "" and list(folder.names())[-1] == "http://example.org/199"


def test_the_order_is_total(tmp_path, posts, corpus):
    folder = done(tmp_path / "run", posts, corpus)
    keys = [(one.source, one.document, one.start, one.end, one.post) for one in folder.matches()]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


def test_processes_give_the_same_bytes_as_one(tmp_path, posts, corpus):
    one = done(tmp_path / "one", posts, corpus)
    two = done(tmp_path / "two", posts, corpus, workers=2)
    assert contents(one.path) == contents(two.path)


def test_what_cannot_be_read_is_told_and_the_rest_is_found(tmp_path, posts, corpus):
    whole = (corpus / "b.jsonl.gz").read_bytes()
    (corpus / "b.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (corpus / "d.parquet").write_bytes(b"no parquet at all")
    with (corpus / "a.jsonl").open("ab") as file:
        file.write(b'broken line\n{"body": "no text"}\n')
    folder = done(tmp_path / "run", posts, corpus)
    told = {(Path(one["source"]).name, one["problem"].split(" (")[0]) for one in folder.problems()}
    assert told >= {
        ("empty.jsonl", "is empty"),
        ("what.bin", "has an ending that says nothing about its form"),
        ("d.parquet", "cannot be read"),
        ("b.jsonl.gz", "the gzip member at byte 0 of the packed file ends early"),
        ("a.jsonl", "the line is not a JSON object, or is cut off"),
        ("a.jsonl", "the line has no field text"),
    }
    lines = {
        one["problem"]: one for one in folder.problems() if "document" in one and one["source"].endswith("a.jsonl")
    }
    broken = lines["the line is not a JSON object, or is cut off"]
    data = (corpus / "a.jsonl").read_bytes()
    assert broken["document"] == 200 and data[broken["byte"] :].startswith(b"broken line")
    assert folder.result["totals"]["matches"] > 3 * 200
    assert folder.result["totals"]["problems"] == len(list(folder.problems()))


def test_a_post_on_the_border_of_two_tasks_of_text_is_found_once(tmp_path):
    posts = str(write_posts(tmp_path, ["first line of it\nsecond line of it", "first line of it"]))
    path = tmp_path / "c.txt"
    path.write_text("x" * 99 + "\n" + "first line of it\nsecond line of it\n" * 50)
    for chunk in (101, 110, 117, 130, 2000):
        folder = start(tmp_path / f"run{chunk}", posts, [str(path)], replace(OPTIONS, chunk=chunk))
        carry_out(folder)
        matches = [one for one in folder.matches() if one.post == 0]
        assert [one.start for one in matches] == [100 + 35 * number for number in range(50)], chunk
        assert len([one for one in folder.matches() if one.post == 1]) == 50
    assert OVERLAP > 2000


KILLED = """
import sys
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.run import carry_out
carry_out(Folder(__import__("pathlib").Path(sys.argv[1])), workers=int(sys.argv[2]))
"""


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_again_and_again_and_resumed_it_comes_to_the_same_bytes(tmp_path, posts, corpus, workers):
    expected = done(tmp_path / "expected", posts, corpus)
    folder = start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    slow = {**os.environ, "STAND_IN_SECONDS": "0.05"}
    killed, parts = 0, 0
    for _ in range(30):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder.path), str(workers)], env=slow)
        ends = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < ends:
            now = len(list((folder.path / "parts").glob("[0-9]*")))
            if now > parts + 6:
                os.kill(process.pid, signal.SIGKILL)
                killed, parts = killed + 1, now
                break
            time.sleep(0.01)
        process.wait(30)
        if folder.finished:
            break
    assert killed >= 2 and folder.finished
    # A worker can outlive its parent by a moment, and writes nothing.
    (folder.path / ".lock").unlink()
    found = contents(folder.path)
    found = {name: data for name, data in found.items() if not name.endswith(".new")}
    assert found == contents(expected.path)


@pytest.mark.faults
@pytest.mark.slow
def test_a_worker_that_is_killed_stops_the_run_and_keeps_what_is_done(tmp_path, posts, corpus):
    (corpus / "z.jsonl").write_bytes(b'{"text": "kill this worker"}\n')
    folder = start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    with pytest.raises(executors.Stopped, match="memory"):
        carry_out(folder, workers=2)
    assert not folder.finished
    with pytest.raises(NotARun, match="resume"):
        assert folder.result


def test_an_error_of_ours_names_the_file_and_the_run_can_be_resumed(tmp_path, posts, corpus):
    (corpus / "z.jsonl").write_bytes(b'{"text": "an error of ours"}\n')
    folder = start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    for workers in (1, 2):
        with pytest.raises(executors.Stopped, match=r"z\.jsonl.*one too many.*resume"):
            carry_out(folder, workers=workers)
    assert len(list((folder.path / "parts").iterdir())) >= len(folder.tasks()) - 6


def test_a_corpus_that_changed_is_refused(tmp_path, posts, corpus):
    folder = start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    (corpus / "a.jsonl").write_bytes(b'{"text": "other"}\n')
    with pytest.raises(Unreadable, match=r"a\.jsonl has changed"):
        carry_out(folder)
    (corpus / "a.jsonl").unlink()
    with pytest.raises(Unreadable, match=r"a\.jsonl"):
        carry_out(folder)


def test_another_version_is_refused_with_the_names(tmp_path, posts, corpus, monkeypatch):
    folder = start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    monkeypatch.setattr(run, "version", lambda name: "99")
    with pytest.raises(Refused, match=r"numpy .*now 99"):
        carry_out(folder)


def test_a_folder_is_used_once_and_by_one(tmp_path, posts, corpus):
    folder = start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    with pytest.raises(Refused, match="resume"):
        start(tmp_path / "run", posts, [str(corpus)], OPTIONS)
    with run._alone(folder), pytest.raises(Refused, match="worked on"):
        carry_out(folder)
    with pytest.raises(NotARun):
        carry_out(Folder(tmp_path / "nothing"))


HOSTILE = ["with space", "quote'\"", "\u00fcml\u00e4ut \U0001f600", "-n", "a\nb", "[x]*", "$(id)"]


@pytest.mark.parametrize("name", [f"{name}.jsonl" for name in HOSTILE])
def test_hostile_names(tmp_path, posts, name):
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / name).write_text(json.dumps({"text": filled(3)}) + "\n")
    made = done(tmp_path / "run", posts, folder)
    assert [one.source for one in made.matches()] == [str(folder / name)]


def test_nothing_to_read_says_what_to_do(tmp_path, posts):
    with pytest.raises(Unreadable, match="no such file"):
        start(tmp_path / "run", posts, [str(tmp_path / "none*.jsonl")], OPTIONS)
    (tmp_path / "x.bin").write_bytes(b"x")
    with pytest.raises(Unreadable, match="--format"):
        start(tmp_path / "run", posts, [str(tmp_path / "x.bin")], OPTIONS)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("not json", "line 2 is not JSON"),
        ("[1]", "line 2 is not an object"),
        ('{"id": "a"}', "line 2: text is missing"),
        ('{"id": "a", "text": 5}', "line 2: text"),
        ('{"text": "x"}', "line 2: id is missing"),
        ('{"id": "a", "text": "x", "decoy": "yes"}', "line 2: decoy"),
        ('{"id": "1", "text": "x"}', "two posts have the id 1"),
        ('{"id": "a", "text": "x", "posted_at": 5}', "posted_at"),
    ],
)
def test_a_wrong_post_is_named(tmp_path, line, words):
    path = tmp_path / "posts.jsonl"
    path.write_text('{"id": 1, "text": "fine", "decoy": true, "more": 1}\n' + line + "\n\n")
    with pytest.raises(WrongPosts, match=words):
        load(str(path))


def test_posts_may_be_packed_and_hold_anything(tmp_path):
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + rb'{"id": "a", "text": "half \ud83d", "twin_of": "b"}' + b"\r\n"))
    (post,), digest = load(str(path))
    assert post.text == "half \ud83d" and post.twin_of == "b" and len(digest) == 64
    with pytest.raises(WrongPosts, match="no such file"):
        load(str(tmp_path / "none"))
    path.write_bytes(b"\n")
    with pytest.raises(WrongPosts, match="no post"):
        load(str(path))


def test_progress_says_rate_and_time_left():
    now = iter([0.0, *[10.0] * 10])
    progress = Progress(1000, 200, clock=lambda: next(now))
    assert progress.left is None or progress.left >= 0
    progress.add(400, 5_000_000, 3)
    assert progress.rate == 500_000 and progress.left == 10
    assert progress.line() == " 60% of 1 kB, 500 kB/s, 10 s left, 3 matches"
    assert (size(999), size(2.5e6), duration(75), duration(7260)) == ("999 B", "2.5 MB", "1 min 15 s", "2 h 1 min")
