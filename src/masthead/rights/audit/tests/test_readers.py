"""Readers give every document with its place, whatever the file is like."""

from __future__ import annotations

import gzip
import hashlib
import json
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from masthead.rights.audit import batch as batches
from masthead.rights.audit import corpus
from masthead.rights.audit.batch import Notes
from masthead.rights.audit.corpus import plan, sources
from masthead.rights.audit.readers import columns, reader

PACKS = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".zst": lambda data: zstandard.ZstdCompressor().compress(data),
}
UNPACKS = {"": bytes, ".gz": gzip.decompress, ".zst": lambda data: zstandard.ZstdDecompressor().decompress(data)}


def read_all(place, fields=("text",), chunk=corpus.CHUNK, form=""):
    """Every piece of text of a file with its document and its place in the decoded file, and all notes."""
    files, _ = sources([str(place)], form)
    found, told, documents, size = [], [], 0, 0
    for task in plan(files, pytest.fail, chunk):
        notes = Notes()
        for batch in reader(task.form)(task, fields, notes, hashlib.sha256()):
            assert (batch.padded[batch.size :] == 0x20).all() and len(batch.padded) - batch.size >= 64
            ends = [*batch.starts[1:].tolist(), batch.size]
            for piece, (begin, end) in enumerate(zip(batch.starts.tolist(), ends, strict=True)):
                text = bytes(batch.data[begin:end]).rstrip(b" ")
                if batch.escaped:
                    assert text.startswith(b'"')
                    begin, text = begin + 1, text[1:].removesuffix(b'"')
                absolute = 0 if task.form == "parquet" else documents
                place_of = int(batch.doc_starts[piece] + batch.shifts[piece]) + size + batch.escaped
                found.append((int(batch.documents[piece]) + absolute, place_of, text))
        told += notes.kept
        documents, size = documents + notes.documents, size + notes.size
    return found, told


def jsonl(rows, end=b"\n"):
    return b"".join(json.dumps(row).encode() + end for row in rows)


@pytest.mark.parametrize("packing", PACKS)
@pytest.mark.parametrize("chunk", [200, 1 << 20])
def test_places_of_lines_of_json_are_places_in_the_decoded_file(tmp_path, packing, chunk):
    rows = [
        {"id": number, "meta": {"text": "not this"}, "text": f"text {number} \u00e9 'x' \n\t\" end"}
        for number in range(100)
    ]
    data = jsonl(rows)
    path = tmp_path / f"c.jsonl{packing}"
    path.write_bytes(PACKS[packing](data))
    found, told = read_all(path, chunk=chunk)
    assert not told and [document for document, _, _ in found] == list(range(100))
    for document, at, text in found:
        assert data[at : at + len(text)] == text
        assert json.loads(b'"' + text + b'"') == rows[document]["text"]


TRAPS = {
    "CRLF": (jsonl([{"text": "one"}, {"text": "two"}], b"\r\n"), [b"one", b"two"], 0),
    "BOM": (b"\xef\xbb\xbf" + jsonl([{"text": "one"}]), [b"one"], 0),
    "empty lines": (b'\n\n{"text": "one"}\n   \n{"text": "two"}', [b"one", b"two"], 0),
    "no end of line": (b'{"text": "one"}', [b"one"], 0),
    "escaped quotes": (rb'{"a": "\\", "text": "say \"hi\" \\"}', [rb"say \"hi\" \\"], 0),
    "lone surrogate": (rb'{"text": "half \ud83d here"}', [rb"half \ud83d here"], 0),
    "invalid UTF-8": (b'{"text": "caf\xe9 \xff"}', [b"caf\xe9 \xff"], 0),
    "key in a string": (b'{"note": "\\"text\\": \\"no\\"", "text": "yes"}', [b"yes"], 0),
    "key deeper": (b'{"a": {"text": "no"}, "b": [{"text": "no"}], "text": "yes"}', [b"yes"], 0),
    "spaces": (b' { "text" :\t"one" } \n', [b"one"], 0),
    "null": (b'{"text": null}\n{"text": ""}\n{"text": 5}', [], 0),
    "missing": (b'{"body": "one"}\n{"text": "two"}', [b"two"], 1),
    "cut off": (b'{"text": "one"}\n{"text": "two and', [b"one", b"two and"], 1),
    "not JSON": (b'hello\n{"text": "two"}\n}{\n[1]\n"x"\n', [b"two"], 4),
    "two objects": (b'{"text": "one"}{"text": "two"}\n', [b"one"], 1),
    "trailing comma": (b'{"text": "one",}\n', [b"one"], 1),
    "deep": (b'{"text": "one", "a": ' + b"[" * 500 + b"]" * 500 + b"}\n" + b'{"text": "two"}', [b"one", b"two"], 1),
    "array": (b'[\n{"text": "one"},\n{"text": "two"}\n]\n', [b"one", b"two"], 4),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_one_odd_line_of_json_costs_no_other(tmp_path, trap):
    data, texts, problems = TRAPS[trap]
    path = tmp_path / "c.jsonl"
    path.write_bytes(data)
    found, told = read_all(path)
    assert [text.strip() for _, _, text in found] == texts
    assert len(told) == problems and all(one["problem"] and one["remedy"] for one in told)
    for document, at, text in found:
        assert data[at : at + len(text.rstrip())] == text.rstrip()
        assert data.split(b"\n")[document].find(text.strip()) >= 0


def test_broken_lines_are_counted_beyond_what_is_kept(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_bytes(b"x\n" * 500 + b'{"text": "fine"}\n')
    files, _ = sources([str(path)])
    (task,) = plan(files, pytest.fail)
    notes = Notes()
    list(reader("jsonl")(task, ("text",), notes, hashlib.sha256()))
    assert len(notes.kept) == batches.KEPT and notes.left_out() == 500 - batches.KEPT
    assert notes.kept[3]["document"] == 3 and notes.kept[3]["byte"] == 6


def test_nested_fields_several_fields_and_keys_with_dots(tmp_path):
    rows = [
        {
            "title": "T",
            "messages": [{"role": "user", "content": "first"}, {"content": "second"}],
            "body": {"text": "inner", "more": {"text": "no"}},
            "a.b": "dotted",
            "a": {"b": "no"},
        }
    ]
    path = tmp_path / "c.jsonl"
    path.write_bytes(jsonl(rows))
    found, told = read_all(path, fields=("messages.content", "title", "body.text", "a\\.b"))
    assert not told
    assert [text.strip() for _, _, text in found] == [b"T", b"first", b"second", b"inner", b"dotted"]
    assert {document for document, _, _ in found} == {0}


def test_a_huge_line_is_read_whole_and_one_beyond_the_limit_in_pieces(tmp_path, monkeypatch):
    text = " ".join(f"word{number}" for number in range(300_000))
    path = tmp_path / "c.jsonl"
    path.write_bytes(jsonl([{"text": "before"}, {"text": text}, {"text": "after"}]))
    found, told = read_all(path, chunk=1000)
    assert not told and found[1][2].strip() == text.encode() and found[2][0] == 2
    monkeypatch.setattr(batches, "LONGEST", 1 << 20)
    monkeypatch.setattr(batches, "SIZE", 1 << 19)
    plain = tmp_path / "c.txt"
    plain.write_bytes(text.encode())
    pieces = list(
        batches.lines(
            iter([text.encode()[at : at + 4096] for at in range(0, len(text), 4096)]), notes := Notes(), 1 << 19
        )
    )
    assert b"".join(piece for _, piece in pieces) == text.encode()
    assert notes.kept and max(len(piece) for _, piece in pieces) <= (1 << 20) + 4096


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_packed_file_that_ends_early_is_read_as_far_as_it_goes(tmp_path, packing):
    numbers = random.Random(1)
    data = jsonl([{"text": f"text {number} {numbers.random()}"} for number in range(50_000)])
    whole = PACKS[packing](data)
    path = tmp_path / f"c.jsonl{packing}"
    path.write_bytes(whole[: len(whole) // 2])
    found, told = read_all(path)
    assert 10_000 < len(found) < 40_000
    assert any("ends early" in one["problem"] for one in told)
    for _, at, text in found[:-1]:
        assert data[at : at + len(text.rstrip())] == text.rstrip()


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_members_follow_each_other_and_a_broken_one_costs_only_itself(tmp_path, packing):
    members = [
        PACKS[packing](jsonl([{"text": f"member {number} line {line}"} for line in range(2000)])) for number in range(3)
    ]
    path = tmp_path / f"c.jsonl{packing}"
    path.write_bytes(b"".join(members))
    found, told = read_all(path)
    assert len(found) == 6000 and not told
    broken = bytearray(members[1])
    broken[len(broken) // 2 : len(broken) // 2 + 40] = bytes(40)
    path.write_bytes(members[0] + bytes(broken) + members[2])
    found, told = read_all(path)
    texts = b"".join(text for _, _, text in found)
    assert texts.count(b"member 0 ") == 2000 and texts.count(b"member 2 ") >= 1999
    assert any(path and "broken" in one["problem"] for one in told)


def test_lines_are_documents_and_a_text_is_one(tmp_path):
    path = tmp_path / "c.txt"
    data = "\n".join(f"line {number} \u00fc" for number in range(1000)).encode()
    path.write_bytes(data)
    found, _ = read_all(path, form="lines", chunk=512)
    assert [document for document, _, _ in found] == list(range(1000))
    assert all(data[at : at + len(text)] == text for _, at, text in found)
    found, _ = read_all(path, chunk=512)
    assert {document for document, _, _ in found} <= {0, 1} and found[0][2].startswith(b"line 0")


def test_wide_letters_are_told(tmp_path):
    path = tmp_path / "c.txt"
    path.write_bytes("hello".encode("utf-16"))
    assert "UTF-16" in read_all(path)[1][0]["problem"]


VALUES = ["one", None, "two \u00fc\nlines", "", "five", None, "seven"] * 40


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.binary(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.dictionary(pa.int8(), pa.large_string()),
    ],
    ids=str,
)
@pytest.mark.parametrize("chunk", [1, 1 << 20])
def test_rows_of_parquet_in_groups(tmp_path, kind, chunk):
    values = [None if value is None else value.encode() for value in VALUES] if kind == pa.binary() else VALUES
    table = pa.table(
        {"number": range(len(VALUES)), "text": pa.array(values).cast(kind) if kind != pa.binary() else pa.array(values)}
    )
    path = tmp_path / "c.parquet"
    pq.write_table(table, path, row_group_size=37, compression="zstd")
    found, told = read_all(path, chunk=chunk)
    assert not told
    assert [(document, text[:-1].decode()) for document, _, text in found] == [
        (row, value or "") for row, value in enumerate(VALUES)
    ]


def test_nested_columns_and_lists_of_parquet(tmp_path):
    rows = [
        {"m": [{"content": "a", "role": "x"}, {"content": "b", "role": "y"}], "s": {"text": "t"}},
        {"m": [], "s": {"text": "u"}},
    ]
    path = tmp_path / "c.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    found, told = read_all(path, fields=("m.content", "s.text"))
    assert not told
    assert sorted((document, text.strip()) for document, _, text in found) == [
        (0, b"a"),
        (0, b"b"),
        (0, b"t"),
        (1, b"u"),
    ]


def test_a_missing_column_and_one_of_numbers_are_told_with_the_names_there_are(tmp_path):
    path = tmp_path / "c.parquet"
    pq.write_table(pa.table({"body": ["a"], "number": [1]}), path)
    found, told = read_all(path)
    assert not found and "body" in told[0]["remedy"]
    _, told = read_all(path, fields=("number",))
    assert "INT64" in told[0]["problem"]


def test_a_broken_row_group_costs_only_itself(tmp_path):
    path = tmp_path / "c.parquet"
    texts = [f"row {number} {random.Random(number).random()}" for number in range(300)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=100, compression="zstd", use_dictionary=False)
    about = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    data[about.data_page_offset + 60 : about.data_page_offset + about.total_compressed_size] = bytes(
        about.total_compressed_size - 60
    )
    path.write_bytes(data)
    found, told = read_all(path)
    assert [document for document, _, _ in found] == [*range(100), *range(200, 300)]
    assert "row group 1" in told[0]["problem"] and told[0]["document"] == 100


def test_what_is_no_parquet_is_told_when_planning(tmp_path):
    path = tmp_path / "c.parquet"
    path.write_bytes(b"PAR1 nothing here PAR1")
    files, _ = sources([str(path)])
    told = []
    assert list(plan(files, told.append)) == [] and "cannot be read" in told[0].problem


def test_the_digest_is_that_of_the_stored_bytes(tmp_path):
    for name, data in {
        "c.jsonl": jsonl([{"text": "x"}] * 10),
        "c.jsonl.gz": gzip.compress(b"broken" * 100)[:-9] + b"rest",
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        files, _ = sources([str(path)])
        (task,) = plan(files, pytest.fail)
        digest = hashlib.sha256()
        list(reader(task.form)(task, ("text",), Notes(), digest))
        assert digest.hexdigest() == hashlib.sha256(data).hexdigest()


def test_joined_values_keep_apart():
    letters = np.frombuffer(b"foobar", np.uint8)
    text, starts = columns._joined(letters, np.array([0, 3, 6]), np.array([True, True]), 4)
    assert bytes(text) == b"foo\nbar\n    " and starts.tolist() == [0, 4]
