"""Opening archives and reading JSON of any size: limits, traps, broken things in the middle."""

from __future__ import annotations

import io
import json
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from masthead.contract.archive import Trouble, Unreadable, made_id, moment
from masthead.contract.archive_json import CHUNK, JsonStream
from masthead.contract.archive_limits import Limits
from masthead.contract.archive_source import ZipSource, opened


@contextmanager
def source(file: io.BytesIO, name: str = "a.zip", limits: Limits | None = None) -> Iterator[ZipSource]:
    with tempfile.TemporaryDirectory() as bench, opened(file, name, limits or Limits(), Path(bench)) as found:
        yield found


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made


def values(text: str | bytes, longest: int = 8_000_000) -> list[Any]:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return list(JsonStream(io.BytesIO(data), "f", longest).values())


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.json")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize("name", ["../up.json", "/etc/passwd", "a/../../b", "C:/x", "..\\up.json", "x\x01/../y"])
def test_names_that_lead_outside_are_set_aside(name: str) -> None:
    with source(packed((name, b"1"), ("good.json", b"2"))) as found:
        assert list(found.names) == ["good.json"] and len(found.troubles) == 1


def test_links_doubled_names_and_other_case_are_set_aside() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        made = packed((link(), b"/etc/passwd"), ("A.json", b"1"), ("a.JSON", b"2"), ("A.json", b"3"))
    with source(made) as found:
        assert list(found.names) == ["A.json"] and len(found.troubles) == 3
        assert found.open("A.json").read() == b"1"


def test_a_name_with_nul_is_set_aside() -> None:
    made = packed(("aXb.json", b"1"), ("good.json", b"2")).getvalue().replace(b"aXb.json", b"a\x00b.json")
    with source(io.BytesIO(made)) as found:
        assert list(found.names) == ["good.json"]


def test_a_bomb_is_stopped_by_what_comes_out() -> None:
    made = packed(("bomb.json", b"0" * 60_000_000))
    with source(made) as found, pytest.raises(Unreadable, match="many times"):
        drain(found, "bomb.json")


def test_everything_together_has_a_limit() -> None:
    made = packed(*((f"{number}.bin", bytes(range(256)) * 4_000) for number in range(5)))
    with source(made, limits=Limits(unpacked=2_500_000)) as found:
        drain(found, "0.bin")
        drain(found, "1.bin")
        with pytest.raises(Unreadable, match="larger than the limit"):
            drain(found, "2.bin")


def drain(found: ZipSource, name: str) -> None:
    file = found.open(name)
    while file.read(1 << 20):
        pass


def test_damaged_and_locked_entries_are_named() -> None:
    made = bytearray(packed(("a.json", b"hello " * 5_000), ("b.json", b"fine")).getvalue())
    made[60:70] = b"\x00" * 10
    with source(io.BytesIO(bytes(made))) as found:
        with pytest.raises(Unreadable, match="damaged"):
            drain(found, "a.json")
        assert found.open("b.json").read() == b"fine"
    locked = bytearray(packed(("a.json", b"secret")).getvalue())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with source(io.BytesIO(bytes(locked))) as found, pytest.raises(Unreadable, match="password"):
        found.open("a.json")


def test_a_list_of_names_that_would_fill_the_memory_is_refused() -> None:
    made = bytearray(packed(("a.json", b"1")).getvalue())
    at = made.rindex(b"PK\x05\x06")
    made[at + 12 : at + 16] = (300_000_000).to_bytes(4, "little")
    with pytest.raises(Unreadable), source(io.BytesIO(bytes(made))):
        pass


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x03\x04" + b"x" * 50])
def test_what_is_no_archive_is_an_archive_of_one_file(data: bytes) -> None:
    with source(io.BytesIO(data), "some/x.json") as found:
        assert list(found.names) == ["x.json"] and found.open("x.json").read() == data


@pytest.mark.parametrize("data", [b"PK\x05\x06" + b"\xff" * 18, b"\x1f\x8b" + b"x" * 50])
def test_a_damaged_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable), source(io.BytesIO(data), "x.zip"):
        pass


def test_a_file_is_found_by_the_end_of_its_path() -> None:
    with source(packed(("top/media/a.jpg", b"1"), ("one/b.jpg", b"1"), ("two/b.jpg", b"1"))) as found:
        assert found.locate("/media/a.jpg") == "top/media/a.jpg"
        assert found.locate("b.jpg") == "" and found.locate("edia/a.jpg") == ""


def test_values_across_the_borders_of_pieces() -> None:
    wanted = [{"n": number, "text": "ü" * 700} for number in range(4_000)] + [12_345, "x" * 3_000_000, None, True, 1.5]
    text = json.dumps(wanted, ensure_ascii=False)
    assert len(text) > 3 * CHUNK
    assert values(text) == wanted


@pytest.mark.parametrize(
    ("text", "read", "broken"),
    [
        ('[1, {"a": oops}, 3]', [1, 3], 1),
        ('[1, {"a": "x" "b"}, [tru], 3]', [1, 3], 2),
        ("[1,, 2,]", [1, 2], 0),
        ('[1, "a\\qb", 2]', [1, 2], 1),
        ("[1, nul, 2]", [1, 2], 1),
        ("[" + "[" * 200_000 + "]" * 200_000 + ", 2]", [2], 1),
        ("[" + "9" * 10_000 + ", 2]", [2], 1),
        ('[NaN, Infinity, "\\ud800", 2]', [None, None, "\ud800", 2], 0),
        ('[{"a": "[}"}, "]", "\\\\", 2]', [{"a": "[}"}, "]", "\\", 2], 0),
    ],
)
def test_what_is_broken_is_stepped_over(text: str, read: list[Any], broken: int) -> None:
    found = values(text)
    assert [one for one in found if not isinstance(one, Trouble)] == read
    assert sum(isinstance(one, Trouble) for one in found) == broken


@pytest.mark.parametrize("text", ['[1, {"a": 2', '[1, "abc', "[1, [2, [3", "[1", "[1, }", "{", ""])
def test_a_text_that_ends_early_gives_what_it_holds_and_says_so(text: str) -> None:
    stream, got = JsonStream(io.BytesIO(text.encode()), "f", 1_000), []
    with pytest.raises(Unreadable, match="ends in the middle"):
        got.extend(stream.values())


@pytest.mark.parametrize(
    "huge", ['"' + "\\\\" * 3_000_000 + '"', "[" + "1," * 3_000_000 + "1]", '{"a": "' + "x" * 6_000_000 + '"}']
)
def test_a_value_beyond_the_limit_is_stepped_over_in_little_memory(huge: str) -> None:
    data = io.BytesIO(f"[1, {huge}, 2]".encode())
    tracemalloc.start()
    found = list(JsonStream(data, "f", 100_000).values())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [found[0], found[2]] == [1, 2] and "larger" in found[1].why
    assert peak < 12_000_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert values(mark + '["Grüße"]'.encode(encoding)) == ["Grüße"]


def test_a_script_that_assigns_a_list() -> None:
    stream = JsonStream(io.BytesIO(b"window.YTD.tweets.part0 = [1, 2]"), "f", 100)
    stream.skip_assignment()
    assert list(stream.values()) == [1, 2]
    bare = JsonStream(io.BytesIO(b'["a = b"]'), "f", 100)
    bare.skip_assignment()
    assert list(bare.values()) == ["a = b"]


def test_fields_that_are_not_taken_are_skipped() -> None:
    stream = JsonStream(io.BytesIO(b'{"a": {"x": [1, 2]}, "b": [1, 2], "c": "x"}'), "f", 100)
    found = {name: list(stream.values()) for name in stream.fields() if name == "b"}
    assert found == {"b": [1, 2]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sat Feb 18 12:33:11 +0000 2023", datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
        ("2023-02-18T12:33:11.500Z", datetime(2023, 2, 18, 12, 33, 11, 500_000, tzinfo=UTC)),
        ("2023-02-18 14:33:11+02:00", datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
        ("2023-02-18 12:33:11 UTC", datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
        (1_676_723_591, datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
        ("1676723591000", datetime(2023, 2, 18, 12, 33, 11, tzinfo=UTC)),
    ],
)
def test_moments(value: Any, expected: datetime) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize(
    "value",
    ["", "soon", None, True, 1e300, float("nan"), "0001-01-01T00:00:00Z", "2023-02-30T00:00:00Z", "9" * 40, 0, [], {}],
)
def test_no_moment(value: Any) -> None:
    assert moment(value) is None


def test_made_ids_are_the_same_for_the_same() -> None:
    assert made_id(1, "a", ["\ud800"]) == made_id(1, "a", ["\ud800"]) != made_id(1, "b")
