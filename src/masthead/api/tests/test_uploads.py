"""Files over the API: large ones, repeated ones, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from masthead.api.tests.test_api import Program
from masthead.media.models import Asset
from masthead.media.tests.pictures import noise, saved

pytestmark = pytest.mark.django_db
OVER_THE_BODY_LIMIT = 1500


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> Iterator[None]:
    """Media in a folder of this test."""
    before, default_storage._wrapped = default_storage._wrapped, FileSystemStorage(location=tmp_path)
    yield
    default_storage._wrapped = before


@pytest.fixture
def program() -> Program:
    return Program("bakery")


def png(side: int = 8) -> bytes:
    """A picture that hardly compresses: about 3 bytes for each of its side * side pixels."""
    return saved(noise((side, side)))


def send(program: Program, content: bytes, path: str = "/media", **headers: str) -> Any:
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": "k", **headers}
    file = SimpleUploadedFile("a.png", content, content_type="image/png")
    return Client().post(f"/api/v1{path}", {"file": file}, headers=headers)


def test_a_key_goes_with_a_file_of_any_size(program: Program) -> None:
    content = png(OVER_THE_BODY_LIMIT)
    assert len(content) > 5_000_000
    answer = send(program, content)
    assert answer.status_code == 201, answer.content
    assert Asset.objects.get(pk=answer.json()["id"]).width == OVER_THE_BODY_LIMIT


def test_the_same_file_again_is_the_same_request_whatever_parts_it_from_the_next(program: Program) -> None:
    content, address = png(), "/api/v1/media"
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": "k"}
    found = []
    for boundary in ("one", "two"):
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode() + content
        kind = f"multipart/form-data; boundary={boundary}"
        found.append(
            Client().post(address, body + f"\r\n--{boundary}--\r\n".encode(), content_type=kind, headers=headers)
        )
    assert [one.status_code for one in found] == [201, 201], [one.content for one in found]
    assert found[0].content == found[1].content and found[1]["Idempotent-Replayed"] == "true"


def test_another_file_under_the_same_key_is_another_request(program: Program) -> None:
    assert send(program, png(8)).status_code == 201
    assert send(program, png(9)).status_code == 422


def test_too_large_a_file_is_told(program: Program) -> None:
    with override_settings(MAX_UPLOAD_BYTES=100):
        answer = send(program, png(64))
    assert (answer.status_code, answer.json()["field"]) == (413, "file") and "larger" in answer.json()["title"]


def test_a_form_where_json_is_wanted(program: Program) -> None:
    assert send(program, png(), "/posts").status_code == 415
