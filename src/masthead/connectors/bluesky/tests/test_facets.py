"""Links, mentions and hashtags in all kinds of text, by UTF-8 bytes."""

from __future__ import annotations

import pytest

from masthead.connectors.bluesky.facets import facets, handles, spans


def shown(text: str, kind: str) -> list[tuple[str, str]]:
    """(shown text, value) of every span of a kind."""
    return [(text[one.start : one.end], one.value) for one in spans(text) if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.com/a_(b). ok", [("https://example.com/a_(b)", "https://example.com/a_(b)")]),
        ("(https://example.com/x)", [("https://example.com/x", "https://example.com/x")]),
        ("https://example.com/x, and more", [("https://example.com/x", "https://example.com/x")]),
        ("“https://example.com/x”!", [("https://example.com/x", "https://example.com/x")]),
        ("見て https://example.com/日本 はい", [("https://example.com/日本", "https://example.com/日本")]),
        ("👩‍👩‍👧https://example.com", [("https://example.com", "https://example.com")]),
        ("example.com/a?b=c rocks", [("example.com/a?b=c", "https://example.com/a?b=c")]),
        ("http://example.com/#tag", [("http://example.com/#tag", "http://example.com/#tag")]),
        ("mail me@example.com", []),
        ("「https://example.com/日本」。", [("https://example.com/日本", "https://example.com/日本")]),
        ("HTTPS://Example.COM/A", [("HTTPS://Example.COM/A", "HTTPS://Example.COM/A")]),
        ("ftp://example.com/x", []),
        ("v1.2.3 and 3.14", []),
    ],
)
def test_links(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text, "link") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@alice.test hi", ["alice.test"]),
        ("hi (@Alice.Example.com), ok", ["alice.example.com"]),
        ("thanks @alice.test.", ["alice.test"]),
        ("@alice", []),
        ("a@alice.test", []),
        ("https://example.com/@alice.test", []),
        ("@alice.test and @alice.test", ["alice.test", "alice.test"]),
        ("@-bad.test @bad-.test", []),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert [value for _, value in shown(text, "mention")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#one #two", ["one", "two"]),
        ("#ende.", ["ende"]),
        ("#what?!", ["what"]),
        ("(#inside)", ["inside"]),
        ("#naïve", ["naïve"]),
        ("#cafe\u0301!", ["cafe\u0301"]),
        ("#日本語。", ["日本語"]),
        ("＃全角", ["全角"]),
        ("#123", []),
        ("#123abc", ["123abc"]),
        ("#️⃣ keycap", []),
        ("a#b", []),
        ("#", []),
        ("#!?", []),
        ("#👩‍👩‍👧", ["👩‍👩‍👧"]),
        ("#C++", ["C++"]),
        ("#" + "a" * 64, ["a" * 64]),
        ("#" + "a" * 65, []),
        ("#" + "e\u0301" * 64, ["e\u0301" * 64]),
        ("#" + "👩‍👩‍👧" * 64, []),
    ],
)
def test_hashtags(text: str, expected: list[str]) -> None:
    assert [value for _, value in shown(text, "tag")] == expected


@pytest.mark.parametrize("before", ["", "plain ", "é ", "日本語 ", "👩‍👩‍👧‍👦 ", "e\u0301 ", "🇩🇪\n"])
def test_offsets_count_bytes(before: str) -> None:
    text = f"{before}https://example.com #tag @alice.test"
    made = facets(text, spans(text), {"alice.test": "did:plc:alice"})
    raw = text.encode()
    assert [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in made] == [
        "https://example.com",
        "#tag",
        "@alice.test",
    ]


def test_an_unresolved_mention_stays_plain() -> None:
    text = "@alice.test @bob.test @alice.test"
    found = spans(text)
    assert handles(found) == ["alice.test", "bob.test"]
    made = facets(text, found, {"bob.test": "did:plc:bob"})
    assert [one["features"][0]["did"] for one in made] == ["did:plc:bob"]


def test_spans_never_overlap() -> None:
    text = "https://example.com/@alice.test#tag @bob.test/x #tag.example.com example.com#frag"
    found = spans(text)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
