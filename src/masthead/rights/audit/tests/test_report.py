"""The report: hostile text stays text, page and document hold the same, and one changed byte is noticed."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from masthead.rights.audit.judge import judge
from masthead.rights.audit.report import beside, findings, html
from masthead.rights.audit.report.about import About, Input
from masthead.rights.audit.report.blocks import Heading, Pair, Words
from masthead.rights.audit.report.content import content
from masthead.rights.audit.report.fonts import fonts
from masthead.rights.audit.report.plain import odds, percent, plain, unescaped
from masthead.rights.audit.report.write import CLAIM, SIGNED, check, write
from masthead.rights.audit.tests.simulated import audit, match, wording
from masthead.rights.audit.values import Post
from masthead.rights.datasets import dsse

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
EVIL = (
    '<script>alert("1")</script><img src=x onerror=y>&lt;b&gt; \u202egnp.exe ]]> </style></title> \x00\x1b[31m %s {0}'
)
ABOUT = About(
    "2026-11-24T12:00:00+00:00",
    "0.1.0",
    f"masthead audit {EVIL}",
    "ab" * 32,
    (Input(f"c/{EVIL}", "cd" * 32, 12, 3),),
    {EVIL: EVIL},
)


class Seen(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def hostile():
    """An audit whose every text is hostile, with attributed posts."""
    posts, found, true = audit(3, planted=900)
    posts = [*posts, *(Post(f"t{one}", wording(10**6 + one, 9), twin_of=str(one)) for one in range(50))]
    for number in sorted(true)[:300]:
        posts[number] = Post(f"{number}{EVIL}", f"{wording(number, 20)} {EVIL} Жар-птица 東京", "<2026>")
    found = [replace(one, source=f"{EVIL}{one.document % 3}", text=posts[one.post].text) for one in found]
    return posts, found, judge(posts, found, target=0.05, seed=1)


@pytest.fixture(scope="module")
def written(hostile, tmp_path_factory):
    """The report of that audit."""
    folder = tmp_path_factory.mktemp("report")
    write(folder, ABOUT, *hostile, key=KEY)
    return folder


def test_hostile_text_makes_no_element_and_no_attribute(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    seen = Seen(page)
    assert len(page) > 50_000
    assert {"script", "img", "b", "link", "iframe", "a"} & set(seen.tags) <= {"b"}
    assert not [name for name in seen.attributes if name.startswith("on") or name in {"src", "href", "style"}]
    assert seen.tags.count("style") == seen.tags.count("title") == 1
    assert '<script>alert("1")</script>' in "".join(seen.words)


def test_what_deceives_the_eye_is_shown_as_a_replacement(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page)
    assert "\ufffdgnp.exe" in page


def test_the_page_allows_itself_nothing(written):
    page = (written / "report.html").read_text(encoding="utf-8")
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "http://" not in page and "https://" not in page and "url(" not in page


@given(st.text())
def test_any_text_comes_out_of_the_page_as_it_went_in(text):
    page = html.page([Words(text), Heading(text), Pair(text, text, ((text, True),), ((text, False),), ((text, text),))])
    told = "".join(Seen(page.decode("utf-8", "surrogatepass")).words) if "\x00" not in text else None
    assert told is None or told.count(text.replace("\r\n", "\n").replace("\r", "\n")) >= 1 or "\r" in text


def test_page_and_document_say_the_same(hostile):
    long = content(ABOUT, *hostile, "key", 200)
    short = content(ABOUT, *hostile, "key", 5)
    pairs = [sum(isinstance(one, Pair) for one in blocks) for blocks in (long, short)]
    assert pairs[0] > pairs[1] > 5
    without = [[one for one in blocks if not isinstance(one, Pair)] for blocks in (long, short)]
    assert sum(one != two for one, two in zip(*without, strict=True)) == 1, (
        "Only the sentence on how many are shown differs."
    )


def streams(raw):
    """The inflated streams of a PDF."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL):
        try:
            yield zlib.decompress(found.group(1))
        except zlib.error:
            continue


def test_the_document_is_a_pdf_with_pages_that_draw(written):
    raw = (written / "report.pdf").read_bytes()
    assert raw.startswith(b"%PDF-1.") and raw.rstrip().endswith(b"%%EOF")
    place = int(re.search(rb"startxref\s+(\d+)", raw).group(1))
    assert raw[place : place + 4] == b"xref"
    assert int(re.search(rb"/Count (\d+)", raw).group(1)) == raw.count(b"/Type /Page\n") >= 5
    drawn = b"".join(streams(raw))
    assert drawn.count(b" re f") + drawn.count(b" re\nf") > 20 and b"BT" in drawn
    assert b"/JavaScript" not in raw and b"/OpenAction" not in raw.replace(b"/OpenAction [", b"")


def test_letters_no_font_has_are_boxes_and_counted(hostile, tmp_path):
    bare = fonts((tmp_path / "nowhere",))
    assert bare.regular is None
    assert bare.shown("Grüße, Жар-птица") == "Grüße, ???-?????"
    write(tmp_path, ABOUT, *hostile, key=KEY, letters=bare)
    told = b"".join(streams((tmp_path / "report.pdf").read_bytes()))
    assert b"letters of posts and places are shown here as boxes" in told


def test_the_same_audit_gives_the_same_bytes(hostile, written, tmp_path):
    write(tmp_path, ABOUT, *hostile, key=KEY)
    for name in (*SIGNED, "report.dsse.json"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name


@pytest.mark.parametrize("name", SIGNED)
def test_one_changed_byte_is_noticed(name, written):
    assert check(written, KEY.public_key()) == []
    path = written / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-2] + b"x" + whole[-1:])
    assert check(written, KEY.public_key()) == [name]
    path.write_bytes(whole)


def test_the_statement_is_of_the_key_it_names(written):
    statement = dsse.read(
        (written / "report.dsse.json").read_bytes(), [dsse.read_public((written / "report.pub").read_text())], CLAIM
    )
    assert statement.predicate["about"]["posts_sha256"] == "ab" * 32 and set(statement.subjects) == set(SIGNED)
    with pytest.raises(dsse.NotSigned):
        check(written, Ed25519PrivateKey.generate().public_key())


def test_findings_are_enough_to_count_again(hostile, written):
    posts, found, verdicts = hostile
    rows = [json.loads(line) for line in (written / "findings.jsonl").read_text().splitlines()]
    assert len(rows) == len(found)
    best = [row for row in rows if row["best"]]
    assert sum(row["standing"] == "attributed" for row in best) == len(verdicts.attributed)
    for group in verdicts.groups:
        held = [row for row in best if row["group"] == group.name and row["margin"] >= (group.cut or 1e9) - 0.001]
        assert sum(row["standing"] == "decoy" for row in held) == group.chance
        assert sum(row["standing"] == "attributed" for row in held) == group.attributed
    assert rows[0]["text_sha256"] == findings.digest(rows[0]["text"])


def test_without_decoys_the_report_says_why_it_attributes_nothing(tmp_path):
    posts, found, _ = audit(1, decoys=0)
    write(tmp_path, ABOUT, posts, found, judge(posts, found, target=0.05, seed=1))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No decoys were given" in page and "drafts that were never sent" in page and "not judged" in page
    assert "Attributed posts" not in page


def test_nothing_found_makes_a_report_too(tmp_path):
    write(tmp_path, ABOUT, [Post("a", "b")], [], judge([Post("a", "b")], [], target=0.05, seed=0))
    assert "None of the posts was found" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_shared_words_are_marked_in_the_post():
    said = beside.marked("Don’t miss: the CAFÉ opens at 9", "xx the cafe\u0301 opens\nat nine")
    assert [text for text, mark in said if mark] == ["the CAFÉ opens at"]
    assert "".join(text for text, _ in said) == "Don’t miss: the CAFÉ opens at 9"
    assert beside.marked("", "anything") == ()


def test_the_place_is_shown_with_what_stands_around_it(tmp_path):
    line = '{"text": "Ünd before. The café opens. After that"}\n'
    (tmp_path / "c.jsonl").write_text('{"text": "one"}\n' + line, encoding="utf-8")
    start = line.encode().index(b"The")
    told = match(0, 9.0, source=str(tmp_path / "c.jsonl"), text="The café opens", start=start, end=start + 15)
    told = replace(told, doc_start=16, document=1)
    assert beside.placed(told) == (
        ("Ünd before. ", False),
        ("The café opens", True),
        (". After that", False),
    )
    assert beside.placed(replace(told, text="changed since")) == (("changed since", True),)
    assert beside.around(replace(told, source="/nowhere/at/all")) == ("", "")


@given(st.text(), st.text())
def test_marks_lose_no_letter(post, place):
    assert "".join(text for text, _ in beside.marked(post, place)) == plain(post, beside.LONGEST)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_escapes_are_resolved_as_json_does(text):
    assert unescaped(json.dumps(text)[1:-1]) == text


def test_half_an_escape_stays_as_it_is():
    assert unescaped("\\u00e9 \\u00") == "é \\u00"
    assert plain(unescaped("\\ud83d alone")) == "\ufffd alone"
    assert unescaped("\\ud83d\\ude00") == "😀"


def test_numbers_are_said_as_people_say_them():
    assert [percent(one) for one in (0.05, 0.0123, 0.5, 0.000123, 0.00001, 0)] == [
        "5 %", "1.2 %", "50 %", "0.01 %", "less than 0.01 %", "0 %"
    ]  # fmt: skip
    assert [odds(one) for one in (0.25, 0.0001, 1e-40, 0.0)] == [
        "0.250", "about 1 in 10,000", "less than 1 in 10^40", "less than 1 in 10^300"
    ]  # fmt: skip
