"""A corpus in S3 is read as one on the disk is, range by range. The store is moto's, a real server on this machine."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from masthead.rights.audit import storage_s3
from masthead.rights.audit.folder import Folder
from masthead.rights.audit.run import carry_out, start
from masthead.rights.audit.storage import Unreadable, found, look, opened, read
from masthead.rights.audit.tests.test_run import OPTIONS, write_corpus, write_posts


@pytest.fixture
def bucket(monkeypatch):
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    storage_s3.client.cache_clear()
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="texts")
    yield s3
    storage_s3.client.cache_clear()
    # The store is one for the whole process.
    urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()
    server.stop()


def filled(s3, folder):
    for path in folder.iterdir():
        s3.put_object(Bucket="texts", Key=f"crawl/{path.name}", Body=path.read_bytes())


def test_a_run_over_s3_finds_what_one_over_the_disk_finds(tmp_path, bucket):
    corpus, posts = write_corpus(tmp_path), str(write_posts(tmp_path))
    filled(bucket, corpus)
    disk = start(tmp_path / "disk", posts, [str(corpus)], OPTIONS)
    store = start(tmp_path / "store", posts, ["s3://texts/crawl/"], OPTIONS)
    for folder in (disk, store):
        carry_out(folder)

    def plain(folder: Folder, prefix: str) -> list[str]:
        return [
            json.dumps({**one, "source": one["source"].removeprefix(prefix)}) for one in folder.lines("matches.jsonl")
        ]

    assert plain(disk, f"{corpus}/") == plain(store, "s3://texts/crawl/") != []
    assert [one["sha256"] for one in disk.result["inputs"]] == [one["sha256"] for one in store.result["inputs"]]


def test_addresses_name_objects_folders_and_patterns(bucket):
    for key in ("a/x.jsonl", "a/y.jsonl.gz", "ab/z.jsonl", "a/deep/w.jsonl", "\u00fc m/[1].jsonl"):
        bucket.put_object(Bucket="texts", Key=key, Body=b"x")
    names = {
        "s3://texts": 5,
        "s3://texts/a": 3,
        "s3://texts/a/": 3,
        "s3://texts/a/x.jsonl": 1,
        "s3://texts/a*/*.jsonl": 3,
        "s3://texts/*": 5,
    }
    assert {name: len(found(name)) for name in names} == names
    place = "s3://texts/\u00fc m/[1].jsonl"
    assert found("s3://texts/\u00fc m/")[0] == look(place) and read(place, 0, 9) == b"x"


def test_reading_asks_for_ranges_and_can_be_sought(bucket, monkeypatch):
    data = bytes(range(256)) * 400
    bucket.put_object(Bucket="texts", Key="d", Body=data)
    monkeypatch.setattr(storage_s3, "AHEAD", 10_000)
    with opened("s3://texts/d", 100) as file:
        assert file.read(5) == data[100:105]
        assert file.seek(-7, 2) == len(data) - 7 and file.read() == data[-7:] and file.read(1) == b""
        file.seek(0)
        assert file.read() == data
    assert read("s3://texts/d", 50_000, 30_000) == data[50_000:80_000]


def test_what_is_not_there_says_where_to_look(bucket):
    for address, words in {
        "s3://texts/none.jsonl": "no such file",
        "s3://nobody/x.jsonl": "AWS_ENDPOINT_URL",
        "s3:///x": "names no bucket",
    }.items():
        with pytest.raises(Unreadable, match=words):
            found(address)
    with pytest.raises(Unreadable, match="AWS_ACCESS_KEY_ID"):
        look("s3://texts/none")


def test_an_object_that_changed_is_refused(tmp_path, bucket):
    bucket.put_object(Bucket="texts", Key="a.jsonl", Body=b'{"text": "one"}\n')
    folder = start(tmp_path / "run", str(write_posts(tmp_path)), ["s3://texts/a.jsonl"], OPTIONS)
    bucket.put_object(Bucket="texts", Key="a.jsonl", Body=b'{"text": "two"}\n')
    with pytest.raises(Unreadable, match="has changed"):
        carry_out(folder)


def test_without_boto3_it_says_what_to_install(monkeypatch):
    storage_s3.client.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    with pytest.raises(Unreadable, match=r"masthead\[s3\]"):
        storage_s3.client()
    storage_s3.client.cache_clear()
