"""The true detector behind every reader: posts are found in every form of corpus, and stand where the run says."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from masthead.rights.audit.conclude import conclude, concluded
from masthead.rights.audit.corpus import Source
from masthead.rights.audit.evidence import proven
from masthead.rights.audit.run import Options, carry_out, start
from masthead.rights.audit.tests.test_run import write_posts
from masthead.rights.audit.tests.test_warc import page
from masthead.rights.audit.verify import margins

WORDS = [
    "".join(random.Random(number).choices("abcdefghijklmnopqrstuvwxyz\u00e9\u00fc", k=3 + number % 7))
    for number in range(8000)
]
FORMS = ("a.jsonl", "b.jsonl.zst", "c.txt", "d.parquet", "e.warc.gz", "f.jsonl")


def texts(seed: int, count: int, low: int, high: int) -> list[str]:
    numbers = random.Random(seed)
    return [" ".join(numbers.choices(WORDS, k=numbers.randint(low, high))) for _ in range(count)]


def write_words(folder: Path) -> tuple[str, Path]:
    """100 posts, and a corpus of every form in which each stands once, with quotes, line breaks and letters beyond ASCII around it."""
    corpus = folder / "corpus"
    corpus.mkdir()
    posts = [f"{text} \u201cend\u201d & <more> done" for text in texts(1, 100, 30, 40)]
    filler = texts(2, 200, 60, 90)
    docs = [f'"{filler[2 * at]}"\n\t{post}\n{filler[2 * at + 1]}' for at, post in enumerate(posts)]
    rows = [json.dumps({"meta": filler[0], "text": doc}) for doc in docs]
    (corpus / "a.jsonl").write_text("\n".join(rows))
    (corpus / "b.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress("\n".join(rows).encode()))
    (corpus / "c.txt").write_text("\n\n".join(docs))
    pq.write_table(pa.table({"text": docs}), corpus / "d.parquet", row_group_size=17)
    html = [doc.replace("&", "&amp;").replace("<", "&lt;").encode() for doc in docs]
    (corpus / "e.warc.gz").write_bytes(b"".join(gzip.compress(page(at, one)) for at, one in enumerate(html)))
    spread = [{"text": filler[at], "x": 1, "text2": [posts[at]]} for at in range(100)]
    (corpus / "f.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in spread))
    return str(write_posts(folder, posts)), corpus


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("detect")
    posts, corpus = write_words(place)
    folder = start(place / "run", posts, [str(corpus)], Options(fields=("text", "text2"), chunk=20_000))
    carry_out(folder)
    return folder


def test_every_post_is_found_in_every_form_and_stands_where_the_run_says(folder):
    sources = {one["place"]: Source(**one) for one in folder.run["inputs"]}
    found = Counter(
        (Path(match.source).name, match.post) for match in folder.matches() if match.words == match.post_words
    )
    missing = [(form, post) for form in FORMS for post in range(100) if not found[form, post]]
    assert not missing and max(found.values()) == 1
    for match in list(folder.matches())[::23]:
        assert proven(match, sources[match.source], ("text", "text2")), match
        assert not proven(replace(match, start=match.start + 2), sources[match.source], ("text", "text2"))


def test_documents_are_those_of_the_source(folder):
    for match in folder.matches():
        if match.words == match.post_words:
            assert match.document == (0 if match.source.endswith(".txt") else match.post)


def test_margins_are_those_of_the_whole_run(folder):
    matches = list(folder.matches())
    assert [match.margin for match in matches] == [match.margin for match in margins(matches)]


def test_the_report_is_written_at_the_end_and_says_how_to_do_it_again(folder):
    assert not concluded(folder)
    verdicts = conclude(folder, made_at="2026-11-24T12:00:00+00:00")
    assert concluded(folder) and verdicts.matches == folder.result["totals"]["matches"]
    assert len((folder.path / "findings.jsonl").read_bytes().splitlines()) >= 600
    page = (folder.path / "report.html").read_text()
    assert "masthead audit run --posts" in page and folder.result["inputs"][0]["sha256"] in page
