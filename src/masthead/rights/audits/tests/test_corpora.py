"""Nothing is read but what lies below what the operator names, whatever a form or a program says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from masthead.rights.audits.corpora import NotOffered, chosen, named, offered, place_of, roots, without_links, words_of


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "corpora"
    (folder / "2024" / "deep").mkdir(parents=True)
    for name in ("a.jsonl", "2024/b.jsonl", "2024/deep/c.jsonl", ".hidden.jsonl"):
        (folder / name).write_text("{}\n")
    (tmp_path / "secret.jsonl").write_text("{}\n")
    (folder / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.jsonl")
    settings.CORPORA = [str(folder), "s3://bucket/crawls/", "relative", "/", ""]
    return folder


def test_what_is_offered(root: Path) -> None:
    assert [one.place for one in roots()] == [str(root), "s3://bucket/crawls"]
    values = [value for value, _word in offered()]
    assert values == ["0/", "0/2024", "0/2024/b.jsonl", "0/2024/deep", "0/a.jsonl", "0/pipe.jsonl", "1/"]
    assert "tmp" not in offered()[1][1], "where it lies on the server is nobody's business"


def test_what_may_be_read(root: Path) -> None:
    assert place_of(chosen("0/", "2024/deep/c.jsonl")) == str(root / "2024/deep/c.jsonl")
    assert place_of(chosen("0/a.jsonl")) == str(root / "a.jsonl") and place_of(chosen("0/")) == str(root)
    assert (
        place_of(chosen("1/", "2024/")) == "s3://bucket/crawls/2024/"
        and place_of(chosen("1/")) == "s3://bucket/crawls/"
    )
    assert place_of(named("corpora", "2024")) == str(root / "2024") and words_of(chosen("0/2024")) == "corpora/2024"


@pytest.mark.parametrize(
    ("value", "below"),
    [
        ("0/", "../secret.jsonl"),
        ("0/2024", "../../secret.jsonl"),
        ("0/..", ""),
        ("0//etc/passwd", ""),
        ("0/", "/etc/passwd"),
        ("0/", "2024/./b.jsonl"),
        ("0/", ".hidden.jsonl"),
        ("0/", "link.jsonl"),
        ("0/", "out/secret.jsonl"),
        ("0/", "pipe.jsonl"),
        ("0/", "*.jsonl"),
        ("0/", "[a].jsonl"),
        ("0/", "a.jsonl\0"),
        ("0/", "2024\\b.jsonl"),
        ("0/", "none.jsonl"),
        ("0/", "x/" * 600),
        ("1/", "../other/"),
        ("1/", "a/../../other"),
        ("1/", "*"),
        ("2/", ""),
        ("-1/", ""),
        ("\u0661/", ""),
        ("/etc", ""),
        ("s3://other/", ""),
        ("", ""),
    ],
)
def test_nothing_else(root: Path, value: str, below: str) -> None:
    with pytest.raises(NotOffered):
        chosen(value, below)


def test_what_the_operator_takes_back_is_read_no_more(root: Path, settings: Any) -> None:
    kept = chosen("0/a.jsonl")
    settings.CORPORA = []
    with pytest.raises(NotOffered):
        place_of(kept)
    assert offered() == [] and roots() == []
    with pytest.raises(NotOffered):
        named("corpora")


def test_a_link_below_a_folder_is_found(root: Path) -> None:
    without_links(str(root / "2024"))
    without_links("s3://bucket/")
    with pytest.raises(NotOffered, match="is a link"):
        without_links(str(root))
    (root / "2024/deep/d.jsonl").symlink_to(root / "a.jsonl")
    with pytest.raises(NotOffered, match=r"d\.jsonl is a link"):
        without_links(str(root / "2024"))
