"""Metadata goes, the picture stays, bit for bit."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from masthead.media import strip
from masthead.media.tests.pictures import PLACE, animation, colour_profile, exif, noise, picture, saved

XMP = b"<x:xmpmeta>" + PLACE.encode() + b"</x:xmpmeta>"


def pixels(content: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(content)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append(image.convert("RGBA").tobytes())
        return frames


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_loses_exif_and_keeps_profile_and_pixels(progressive: bool) -> None:
    profile = colour_profile()
    raw = saved(
        noise((80, 60)),
        "JPEG",
        exif=exif(),
        icc_profile=profile,
        comment=PLACE.encode(),
        xmp=XMP,
        progressive=progressive,
        quality=90,
    )
    clean = strip.jpeg(raw + b"PK\x03\x04<script>alert(1)</script>")
    assert PLACE.encode() in raw
    assert PLACE.encode() not in clean
    assert b"<script>" not in clean
    image = Image.open(io.BytesIO(clean))
    assert (dict(image.getexif()), image.info["icc_profile"]) == ({}, profile)
    assert pixels(clean) == pixels(raw)


def test_a_png_loses_text_and_exif_and_what_follows_its_end() -> None:
    raw = saved(picture(mode="RGBA", colour=(1, 2, 3, 128)), "PNG", exif=exif(), icc_profile=colour_profile())
    clean = strip.png(raw + b"PK\x03\x04")
    assert b"eXIf" in raw
    assert b"eXIf" not in clean
    assert clean.endswith(b"IEND\xaeB`\x82")
    assert Image.open(io.BytesIO(clean)).info["icc_profile"]
    assert pixels(clean) == pixels(raw)


@pytest.mark.parametrize("lossless", [False, True])
def test_a_webp_loses_exif_and_xmp(lossless: bool) -> None:
    raw = saved(picture(), "WEBP", exif=exif(), xmp=XMP, icc_profile=colour_profile(), lossless=lossless)
    clean = strip.webp(raw + b"tail")
    image = Image.open(io.BytesIO(clean))
    assert PLACE.encode() not in clean
    assert dict(image.getexif()) == {}
    assert image.info["icc_profile"]
    assert pixels(clean) == pixels(raw)


@pytest.mark.parametrize(("form", "cut"), [("GIF", strip.gif), ("WEBP", strip.webp), ("PNG", strip.png)])
def test_animations_keep_their_frames(form: str, cut) -> None:
    extra = {"comment": PLACE.encode()} if form == "GIF" else {}
    raw = animation(form, **extra)
    clean = cut(raw + b"<html>")
    assert PLACE.encode() not in clean
    assert len(pixels(clean)) == 5
    assert pixels(clean) == pixels(raw)
    assert Image.open(io.BytesIO(clean)).info["loop"] == 0


@pytest.mark.parametrize(("frames", "most", "counted"), [(5, 9, 5), (5, 5, 5), (5, 4, 5), (5, 2, 3), (1, 9, 1)])
def test_a_gif_is_counted_no_farther_than_it_matters(frames: int, most: int, counted: int) -> None:
    assert strip.gif_frames(animation(frames=frames), most) == counted


@pytest.mark.parametrize(
    ("form", "cut"), [("JPEG", strip.jpeg), ("PNG", strip.png), ("WEBP", strip.webp), ("GIF", strip.gif)]
)
def test_a_file_that_is_cut_short_is_broken(form: str, cut) -> None:
    raw = saved(noise((60, 60)).quantize(64) if form == "GIF" else noise((60, 60)), form)
    for length in (3, 20, len(raw) // 2, len(raw) - 3):
        with pytest.raises((strip.Broken, IndexError)):
            cut(raw[:length])


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400), form=st.sampled_from(sorted(strip.STRIPPERS)))
def test_hostile_bytes_end_in_an_answer_or_a_clear_error(data: bytes, form: str) -> None:
    starts = {
        "image/jpeg": b"\xff\xd8",
        "image/png": b"\x89PNG\r\n\x1a\n",
        "image/gif": b"GIF89a",
        "image/webp": b"RIFF",
    }
    with contextlib.suppress(strip.Broken, IndexError):
        assert isinstance(strip.STRIPPERS[form](starts[form] + data), bytes)
