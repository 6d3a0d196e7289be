"""A discovery document of Google's is read as it is meant: paths with names of several parts, uploads, formats, what may be sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from masthead.connectors.tests import described
from masthead.connectors.tests.described import Described, Told

MASK = {"type": "string", "format": "google-fieldmask", "location": "query", "required": True}
DOCUMENT = {
    "discoveryVersion": "v1",
    "parameters": {"alt": {"type": "string", "enum": ["json"], "location": "query"}},
    "schemas": {
        "Place": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "annotations": {"required": ["shops.places.patch"]}},
                "opened": {"type": "string", "format": "google-datetime"},
                "visits": {"type": "string", "format": "uint64"},
                "floors": {"type": "integer", "format": "int32"},
                "state": {"$ref": "State", "readOnly": True},
                "near": {"type": "array", "items": {"$ref": "Place"}},
            },
        },
        "State": {"type": "object", "properties": {"open": {"type": "boolean"}}},
    },
    "resources": {
        "shops": {
            "resources": {
                "places": {
                    "methods": {
                        "get": {
                            "id": "shops.places.get",
                            "httpMethod": "GET",
                            "path": "v1/{+name}",
                            "flatPath": "v1/shops/{shopsId}/places/{placesId}",
                            "parameters": {"name": {"location": "path", "required": True, "type": "string"}},
                            "response": {"$ref": "Place"},
                        },
                        "patch": {
                            "id": "shops.places.patch",
                            "httpMethod": "PATCH",
                            "path": "v1/{+name}",
                            "flatPath": "v1/shops/{shopsId}/places/{placesId}",
                            "parameters": {"updateMask": MASK},
                            "request": {"$ref": "Place"},
                            "response": {"$ref": "Place"},
                        },
                    }
                },
                "photos": {
                    "methods": {
                        "set": {
                            "id": "shops.photos.set",
                            "httpMethod": "POST",
                            "path": "v1/photos",
                            "parameters": {
                                "size": {"type": "integer", "minimum": "1", "maximum": "100", "location": "query"}
                            },
                            "mediaUpload": {"protocols": {"simple": {"path": "/upload/v1/photos"}}},
                        }
                    }
                },
            }
        }
    },
}
WHERE = "/v1/shops/1/places/2"


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Described:
    monkeypatch.setattr(described, "FOLDER", tmp_path)
    monkeypatch.setattr(described, "KNOWN", {})
    (tmp_path / "shops.json").write_text(json.dumps(DOCUMENT))
    return Described("Shops", "shops.json", script="bin/servers/shops")


def answered(one: Described, body: Any) -> list[str]:
    return one.check_answer(Told("GET", WHERE), 200, body)


def changed(one: Described, body: Any, mask: str = "name,near.name") -> list[str]:
    return one.check_request(Told("PATCH", WHERE, (("updateMask", mask),), body, "application/json"))


def test_a_name_of_several_parts_is_found(one: Described) -> None:
    assert one.check_request(Told("GET", WHERE, (("alt", "json"),))) == []
    assert one.check_request(Told("GET", "/v1/shops/1")) and one.check_request(Told("GET", WHERE, (("page", "2"),)))
    assert one.requests == {"shops.places.get": 2}


@pytest.mark.parametrize(
    "body",
    [
        {"opened": "yesterday"},
        {"visits": 12},
        {"visits": "-12"},
        {"floors": 2**31},
        {"floors": 2.5},
        {"street": "Main Street"},
        {"near": [{"visits": "many"}]},
        {"state": {"open": "yes"}},
    ],
)
def test_an_answer_of_another_kind_is_wrong(one: Described, body: Mapping[str, Any]) -> None:
    good = {"name": "a", "opened": "2026-11-24T08:00:00Z", "visits": "12", "floors": 2, "state": {"open": True}}
    assert answered(one, good | {"near": [good]}) == [] and answered(one, {}) == []
    assert answered(one, body) == one.wrong != []


def test_what_is_sent_has_what_the_method_wants_and_nothing_of_google_s(one: Described) -> None:
    assert changed(one, {"name": "a", "near": [{"name": "b"}]}) == []
    assert "required" in changed(one, {"floors": 2})[0]
    assert "required" in changed(one, {"name": "a", "near": [{}]})[0]
    assert changed(one, {"name": "a", "state": {"open": True}}) and changed(one, None)
    assert changed(one, {"name": "a"}, mask="name, near") and changed(one, {"name": "a"}, mask="")


def test_a_file_goes_to_both_addresses(one: Described) -> None:
    for path in ("/v1/photos", "/upload/v1/photos"):
        assert one.check_request(Told("POST", path, (("size", "7"),), "bytes", "image/png")) == []
        assert one.check_request(Told("POST", path, (("size", "101"),), "bytes", "image/png"))


def test_a_description_that_a_script_brings_may_not_be_missing_from_the_whole_run(
    one: Described, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MASTHEAD_ALL", raising=False)
    one.needed()
    monkeypatch.setattr(described, "BROUGHT", tmp_path / "brought")
    (tmp_path / "brought").mkdir()
    (tmp_path / "shops.json").rename(tmp_path / "brought" / "shops.json")
    assert one.available and answered(one, {}) == []
    (tmp_path / "brought" / "shops.json").unlink()
    with pytest.raises(pytest.skip.Exception, match="bin/servers/shops"):
        one.needed()
    monkeypatch.setenv("MASTHEAD_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="bin/servers/shops"):
        one.needed()
