"""WARC: every record has its place, a broken one costs only itself, pages become text."""

from __future__ import annotations

import gzip
import hashlib
import random
import subprocess
import sys
import time
import zlib

import pytest
import zstandard

from masthead.rights.audit.batch import Notes
from masthead.rights.audit.corpus import CHUNK, plan, sources
from masthead.rights.audit.readers import html, reader
from masthead.rights.audit.tests.test_readers import read_all
from masthead.rights.audit.warc import Records

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def record(kind, uri, block, media="application/http; msgtype=response", end=b"\r\n"):
    lines = [
        b"WARC/1.0",
        b"WARC-Type: " + kind,
        b"WARC-Record-ID: <urn:uuid:" + uri + b">",
        b"Content-Type: " + media.encode(),
    ]
    lines += [b"WARC-Target-URI: http://example.org/" + uri, b"Content-Length: %d" % len(block)]
    return end.join(lines) + end + end + block + end + end


def page(number, text):
    return record(b"response", b"%d" % number, HTML + b"<html><body><p>" + text + b"</p></body></html>")


def some(count):
    numbers = random.Random(3)
    return [page(number, b"page %d says %s" % (number, b"%d " % numbers.random() * 40)) for number in range(count)]


PACKS = {
    "": b"".join,
    ".gz": lambda records: b"".join(map(gzip.compress, records)),
    ".zst": lambda records: b"".join(zstandard.ZstdCompressor().compress(one) for one in records),
    # A file that was packed as a whole, against the standard.
    "1.gz": lambda records: gzip.compress(b"".join(records)),
}


@pytest.mark.parametrize("packing", PACKS)
@pytest.mark.parametrize("chunk", [2000, CHUNK])
def test_records_are_found_with_their_places_however_the_file_is_packed_and_cut(tmp_path, packing, chunk):
    records = [record(b"warcinfo", b"0", b"software: test", "application/warc-fields"), *some(300)]
    whole = b"".join(records)
    path = tmp_path / f"c.warc{packing.removeprefix('1')}"
    path.write_bytes(PACKS[packing](records))
    found, told = read_all(path, chunk=chunk)
    assert not told
    assert [document for document, _, _ in found] == list(range(1, 301))
    for document, at, text in found:
        assert whole[at:].startswith(b"WARC/1.0\r\nWARC-Type: response")
        assert text.startswith(b"page %d says" % (document - 1))


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_a_file_is_cut_between_records(tmp_path, packing):
    path = tmp_path / f"c.warc{packing}"
    path.write_bytes(PACKS[packing](some(300)))
    files, _ = sources([str(path)])
    tasks = list(plan(files, pytest.fail, 3000))
    assert len(tasks) > 5 and sum(task.length for task in tasks) == path.stat().st_size
    for task in tasks:
        notes = Notes()
        list(reader("warc")(task, (), notes, hashlib.sha256()))
        assert notes.documents and not notes.kept


def test_a_gzip_mark_within_packed_bytes_is_no_border(tmp_path):
    block = b"\x1f\x8b\x08\x00" * 3000 + b"WARC/1.0 in the middle"
    records = [record(b"resource", b"%d" % number, block, "text/plain; charset=latin-1") for number in range(20)]
    path = tmp_path / "c.warc.gz"
    path.write_bytes(b"".join(gzip.compress(one, 0) for one in records))
    found, told = read_all(path, chunk=5000)
    assert not told and len(found) == 20


def test_kinds_of_record(tmp_path):
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n"
    )
    packed = gzip.compress(b"<p>chunked and packed</p>")
    records = [
        record(b"request", b"1", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        record(b"conversion", b"2", "plain \u00fc".encode(), "text/plain"),
        record(b"resource", b"3", b"<p>a page</p>", "text/html"),
        record(b"resource", b"4", b"\x89PNG", "image/png"),
        record(b"response", b"5", b"HTTP/1.1 200 OK\nContent-Type: text/html; charset=iso-8859-1\n\n<p>caf\xe9</p>"),
        record(b"response", b"6", chunked + b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"),
        record(b"response", b"7", chunked + b"<p>headers as they were, body unpacked</p>"),
        record(b"response", b"8", HTML.replace(b"\r\n\r\n", b"\r\nContent-Encoding: br\r\n\r\n") + bytes(range(256))),
        record(
            b"response",
            b"9",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Type: text/plain\r\n\r\n"
            + zlib.compress(b"deflated"),
        ),
        record(b"metadata", b"10", b"x", "application/warc-fields"),
        record(b"response", b"11", b"200 gemini", "application/gemini"),
        record(b"conversion", b"12", b"with line feeds only", "text/plain", b"\n"),
    ]
    path = tmp_path / "c.warc"
    path.write_bytes(b"".join(records))
    found, told = read_all(path)
    texts = {document + 1: text.strip().decode() for document, _, text in found}
    assert texts == {
        2: "plain \u00fc",
        3: "a page",
        5: "caf\u00e9",
        6: "chunked and packed",
        7: "headers as they were, body unpacked",
        9: "deflated",
        12: "with line feeds only",
    }
    assert [one["document"] for one in told] == [7] and "br" in told[0]["problem"]


def broken(records, which):
    """Records, one of which is damaged."""
    one = records[50]
    start = one.index(b"\r\n\r\n") + 4
    damaged = {
        "too short a length": one.replace(b"Content-Length: ", b"Content-Length: 1\r\nOther: "),
        "no length": one.replace(b"Content-Length: ", b"Length: "),
        "length is a word": one.replace(b"Content-Length: ", b"Content-Length: x"),
        "rubbish before": b"rubbish\r\n\r\n" + one,
        "body cut": one[: start + 20],
        "header cut": one[:60],
    }[which]
    return [*records[:50], damaged, *records[51:]]


@pytest.mark.parametrize("which", ["too short a length", "no length", "length is a word", "rubbish before"])
@pytest.mark.parametrize("packing", ["", ".gz"])
def test_a_broken_record_costs_only_itself(tmp_path, which, packing):
    path = tmp_path / f"c.warc{packing}"
    path.write_bytes(PACKS[packing](broken(some(100), which)))
    found, told = read_all(path)
    others = {text.split()[1] for _, _, text in found if text.startswith(b"page")} - {b"50"}
    assert others == {b"%d" % number for number in range(100) if number != 50}
    assert told and all(one["remedy"] for one in told)


@pytest.mark.parametrize("which", ["body cut", "header cut"])
def test_a_record_that_is_cut_off_in_its_own_member_costs_only_itself(tmp_path, which):
    path = tmp_path / "c.warc.gz"
    path.write_bytes(PACKS[".gz"](broken(some(100), which)))
    found, told = read_all(path)
    assert {text.split()[1] for _, _, text in found} >= {b"%d" % number for number in range(100) if number != 50}
    assert told


def test_a_broken_member_costs_only_its_record(tmp_path):
    members = [gzip.compress(one) for one in some(100)]
    damaged = bytearray(members[50])
    damaged[40:80] = bytes(40)
    path = tmp_path / "c.warc.gz"
    path.write_bytes(b"".join([*members[:50], bytes(damaged), *members[51:]]))
    found, told = read_all(path)
    assert {text.split()[1] for _, _, text in found} >= {b"%d" % number for number in range(100) if number != 50}
    assert any("broken" in one["problem"] for one in told)


def test_a_file_that_ends_early_gives_what_came(tmp_path):
    whole = PACKS[".gz"](some(100))
    path = tmp_path / "c.warc.gz"
    path.write_bytes(whole[:-12])
    found, told = read_all(path)
    assert len(found) == 100 and len(told) >= 1


def test_what_is_no_warc_is_told(tmp_path):
    path = tmp_path / "c.warc"
    path.write_bytes(b"hello world\n" * 10_000)
    found, told = read_all(path)
    assert not found and len(told) <= 2


def test_pieces_of_one_byte_give_the_same_records():
    data = b"".join(some(5)) + record(b"request", b"9", b"x" * 50)
    whole = Records(pytest.fail, frozenset({"response"}))
    one_by_one = Records(pytest.fail, frozenset({"response"}))
    expected = [*whole.feed(data), *whole.interrupt("end")]
    slowly = [one for at in range(len(data)) for one in one_by_one.feed(data[at : at + 1])]
    slowly += one_by_one.interrupt("end")
    assert slowly == expected and len(expected) == 5 and whole.number == one_by_one.number == 6


def test_a_page_as_a_reader_sees_it():
    source = b"""<!doctype html><html><head><title>Title</title><style>p{}</style><script>var a="no"</script></head>
    <body><p>One <b>wo</b>rd &amp; <a href="x">link</a></p><p>Next</p><ul><li>a</li><li>b</li></ul>line<br>break
    <table><tr><td>x</td><td>y</td></tr></table><!-- not this --><noscript>no</noscript></body></html>"""
    assert html.text(source).split("\n") == ["Title", "One word & link", "Next", "a", "b", "line", "break", "x", "y"]


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("\u4f60\u597d".encode("gb18030"), "gb2312", "\u4f60\u597d"),
        ("\u4f60\u597d".encode(), "nonsense-8", "\u4f60\u597d"),
        (b"caf\xe9 \x80", "", "caf\u00e9 \u20ac"),
        ("\u00fc".encode() + b"\xff", "utf-8", "\u00fc\ufffd"),
        (b"xn--abc", "punycode", "xn--abc"),
        (b"a\\u0041", "unicode_escape", "a\\u0041"),
        (b"abc", "zlib", "abc"),
        (b"abc", "utf\0-8", "abc"),
    ],
)
def test_charsets(data, charset, text):
    assert html.decoded(data, charset) == text


def test_the_page_says_its_charset_itself():
    assert (
        html.text('<meta charset="windows-1251"><p>\u041f\u0440\u0438\u0432\u0435\u0442'.encode("cp1251"))
        == "\u041f\u0440\u0438\u0432\u0435\u0442"
    )


def test_a_page_nested_without_end_is_read_in_time():
    begun = time.process_time()
    assert "deep" in html.text(b"<div>" * 50_000 + b"deep")
    assert time.process_time() - begun < 20


def test_formatting_takes_no_word_away():
    source = b"""<p>a <A HREF='x>y'>li</A>nk, <b class="1" title="a > b">bo</b>ld, <i/>it<br>new<bdo>x</bdo> <s
    >gone</s></p>"""
    assert html.text(source).split("\n") == ["a link, bold, it", "newx gone"]


PAGES_THAT_COST = {
    "charset": b"<meta " * 80 + b"charset=" + b" " * 1500,
    "charsets": b"<meta charset" * 150,
    "formatting": b"<p>" + b"".join(b"<b class=%d>" % number for number in range(1900)) + b"<p>x" * 2000,
    "odd formatting": b"<p>" + b"".join(b"<b class=%d '>" % number for number in range(1900)) + b"<p>x" * 2000,
    "no end of a tag": b"<b '" * 50_000,
    "attributes": b"<p " + b" ".join(b"a%d" % number for number in range(40_000)) + b">x",
}


@pytest.mark.parametrize("page", PAGES_THAT_COST.values(), ids=PAGES_THAT_COST)
def test_a_small_page_costs_no_seconds(page):
    begun = time.process_time()
    html.text(page)
    assert time.process_time() - begun < 0.5


def test_formatting_is_not_taken_up_again_for_every_block():
    """In a process of its own, whose memory has not been large before."""
    code = (
        "import resource\n"
        "from masthead.rights.audit.readers import html\n"
        "from masthead.rights.audit.tests.test_warc import PAGES_THAT_COST\n"
        "html.text(b'<p>x</p>'); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for page in PAGES_THAT_COST.values(): html.text(page)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 100_000, f"{done.stdout} kB"
