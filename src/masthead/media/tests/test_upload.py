"""What comes in: hostile names, hostile bytes, hidden places, huge and broken files."""

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from masthead.contract.errors import Refused
from masthead.media import keep, recording
from masthead.media.models import Asset
from masthead.media.names import label
from masthead.media.queries import notes
from masthead.media.tests.pictures import (
    PLACE,
    Piece,
    animation,
    bomb,
    colour_profile,
    exif,
    noise,
    picture,
    recorded,
    saved,
)
from masthead.media.upload import store
from masthead.workspaces.models import Workspace
from masthead.workspaces.tests.people import Company

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")


def bring(company: Company, content: bytes, name: str = "a.png") -> Asset:
    return store(company.workspace, company.members["author"].user, Piece(content), name)


def stored(asset: Asset) -> bytes:
    return keep.read(asset.storage_path, asset.sha256)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\x\\photo.JPG", "photo.png"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie x.png"),
        ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).png"),
        ("\u202egnp.exe", "gnp.png"),
        ("", "file.png"),
        ("....", "file.png"),
        ("/", "file.png"),
        ("con.", "con.png"),
        pytest.param("ä" * 300 + ".png", "ä" * 100 + ".png", id="long"),
    ],
)
def test_a_name_is_only_a_label(name: str, seen: str) -> None:
    assert label(name, "png") == seen


def test_the_name_never_becomes_a_path(company: Company, files: Path) -> None:
    asset = bring(company, saved(picture()), "../../../evil.php")
    assert asset.storage_path == f"{company.workspace.pk}/{asset.sha256[:2]}/{asset.sha256[2:4]}/{asset.sha256}.png"
    assert (files / asset.storage_path).is_file()
    assert asset.file_name == "evil.png"


def test_the_type_comes_from_the_bytes(company: Company) -> None:
    asset = bring(company, saved(picture(), "JPEG"), "really.gif")
    assert (asset.mime, asset.kind, asset.file_name, asset.width, asset.height) == (
        "image/jpeg",
        "image",
        "really.jpg",
        64,
        48,
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><!-- x --><svg onload='x'/>", "SVG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
        (b"<script>alert(1)</script>", "web page"),
        (b"PK\x03\x04 a zip", "kind of file"),
        (b"MZ\x90\x00", "kind of file"),
        (b"%PDF-1.7", "damaged"),
        (b"just text", "kind of file"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n<script>", "damaged"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "damaged"),
        (b"GIF89a" + b"<script>alert(1)</script>", "damaged"),
        (b"RIFF\x20\x00\x00\x00WEBPVP8 <script>", "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_remedy(company: Company, content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        bring(company, content, "picture.png")
    assert refusal.value.field == "file"
    assert refusal.value.remedy
    assert not Asset.objects.exists()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_polyglot_loses_its_second_half(company: Company, form: str) -> None:
    asset = bring(company, saved(picture(), form) + b"PK\x03\x04<script>alert(document.cookie)</script>")
    assert b"<script>" not in stored(asset)
    assert b"PK\x03\x04" not in stored(asset)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_where_it_was_taken_is_removed_and_it_stands_upright(company: Company, form: str) -> None:
    profile = colour_profile()
    asset = bring(company, saved(picture((64, 48)), form, exif=exif(6), icc_profile=profile))
    content = stored(asset)
    image = Image.open(io.BytesIO(content))
    assert PLACE.encode() not in content
    assert b"CameraMaker" not in content
    assert not image.getexif().get_ifd(0x8825)
    assert image.size == (asset.width, asset.height) == (48, 64)
    assert image.info["icc_profile"] == profile
    assert min(image.convert("RGB").getpixel((46, 1))) > 200, "the white corner went to the right"


def test_an_upright_jpeg_is_cleaned_without_loss(company: Company) -> None:
    raw = saved(noise((90, 70)), "JPEG", exif=exif(1), quality=80)
    content = stored(bring(company, raw))
    assert Image.open(io.BytesIO(content)).tobytes() == Image.open(io.BytesIO(raw)).tobytes()
    assert PLACE.encode() not in content


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_animations_stay_animations(company: Company, form: str) -> None:
    asset = bring(company, animation(form))
    assert asset.kind == "gif"
    assert Image.open(io.BytesIO(stored(asset))).n_frames == 5


def test_a_single_frame_gif_is_a_picture(company: Company) -> None:
    assert bring(company, saved(picture(), "GIF")).kind == "image"


def test_a_picture_of_30_megabytes_is_taken(company: Company) -> None:
    raw = saved(noise((3400, 3000)), "PNG", compress_level=0)
    assert len(raw) > 30_000_000
    asset = bring(company, raw)
    assert (asset.width, asset.height) == (3400, 3000)


def test_a_file_over_the_limit_is_refused_by_name(company: Company) -> None:
    with override_settings(MAX_UPLOAD_BYTES=1000), pytest.raises(Refused, match=r"larger than 1000\sbytes") as refusal:
        bring(company, saved(noise((60, 60))))
    assert "MASTHEAD_MAX_UPLOAD_BYTES" in refusal.value.remedy


@pytest.mark.parametrize("size", [(60_000, 60_000), (100_000, 1_300), (16_000, 9_000)])
def test_a_decompression_bomb_is_refused_before_it_is_opened(company: Company, size: tuple[int, int]) -> None:
    with pytest.raises(Refused, match="120 million pixels"):
        bring(company, bomb(*size))


def test_an_animation_bomb_is_refused(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.media.picture.MOST_FRAMES", 3)
    with pytest.raises(Refused, match="too many or too large frames"):
        bring(company, animation())


def test_a_gif_of_very_many_frames_is_refused_without_walking_through_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some bytes a frame: within the largest upload, ten million of them."""

    def walked(image: Any) -> int:
        raise AssertionError("walked through to its end")

    monkeypatch.setattr(GifImageFile, "n_frames", property(walked))
    one = b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    with pytest.raises(Refused, match="too many or too large frames"):
        bring(company, b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(6) + one * 100_000 + b";")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_cut_short_is_refused(company: Company, form: str) -> None:
    raw = saved(noise((300, 300)), form)
    with pytest.raises(Refused, match="damaged or cut short") as refusal:
        bring(company, raw[: len(raw) * 2 // 3])
    assert "save it again" in refusal.value.remedy


def test_the_same_file_is_kept_once_per_workspace(company: Company, files: Path) -> None:
    other = Workspace.objects.get(slug="not-acme")
    content = saved(picture(), "JPEG", exif=exif())
    first, again = bring(company, content, "one.jpg"), bring(company, content, "two.jpg")
    theirs = store(other, company.stranger, Piece(content), "x.jpg")
    assert first == again
    assert theirs != first
    assert theirs.storage_path != first.storage_path
    assert len([path for path in files.rglob("*") if path.is_file()]) == 2


def test_bringing_a_discarded_file_again_brings_it_back(company: Company) -> None:
    asset = bring(company, saved(picture()))
    Asset.objects.update(deleted_at="2026-01-01T00:00Z")
    keep.forget(asset.storage_path)
    again = bring(company, saved(picture()))
    assert (again.pk, again.deleted_at) == (asset.pk, None)
    assert stored(again)


def test_a_stored_file_that_was_cut_short_by_a_crash_is_written_anew(company: Company, files: Path) -> None:
    asset = bring(company, saved(picture()))
    (files / asset.storage_path).write_bytes(b"half")
    assert stored(bring(company, saved(picture())))


@needs_ffmpeg
def test_a_video_is_measured_and_loses_its_place(company: Company, tmp_path: Path) -> None:
    raw = recorded(tmp_path)
    asset = bring(company, raw, "v.exe")
    assert b"+52.5200" in raw
    assert b"+52.5200" not in stored(asset)
    assert PLACE.encode() not in stored(asset)
    assert (asset.kind, asset.mime, asset.width, asset.height) == ("video", "video/mp4", 160, 120)
    assert asset.seconds == pytest.approx(1, abs=0.2)


@needs_ffmpeg
def test_a_video_cut_short_is_refused(company: Company, tmp_path: Path) -> None:
    raw = recorded(tmp_path)
    with pytest.raises(Refused, match="cannot be played"):
        bring(company, raw[: len(raw) // 3])


@needs_ffmpeg
def test_a_playlist_in_a_video_cannot_reach_other_files(company: Company, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        bring(company, b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "v.mp4")


def test_without_ffmpeg_a_video_is_taken_as_it_is_and_says_so(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "can_look", lambda: False)
    asset = bring(company, b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200), "v.mp4")
    assert (asset.kind, asset.width, asset.seconds) == ("video", 0, 0)
    assert "ffmpeg" in notes(asset)[0]["remedy"]
