"""A file is fitted to a channel's rule, once, and a rule that cannot be met says so."""

import io
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from masthead.contract.capabilities import MediaRule, Source
from masthead.contract.errors import Refused, TryAgain
from masthead.contract.values import Focus, MediaKind
from masthead.kit.clock import now
from masthead.media import fit, keep, recording
from masthead.media.attach import attached, attachments
from masthead.media.discard import discard, purge, purge_renditions
from masthead.media.models import Asset, Rendition
from masthead.media.render import fitted, thumbnail
from masthead.media.tests.pictures import Piece, animation, noise, picture, recorded, saved
from masthead.media.upload import store
from masthead.workspaces.models import Workspace
from masthead.workspaces.tests.people import Company

HERE = Source("https://example.com/limits", date(2026, 1, 1))
RULE = MediaRule(MediaKind.IMAGE, ("image/jpeg", "image/png"), 1_000_000, 4, HERE, alt_limit=1000)
MOVING = MediaRule(MediaKind.GIF, ("image/gif",), 1_000_000, 1, HERE)
VIDEO = MediaRule(MediaKind.VIDEO, ("video/mp4",), 10_000_000, 1, HERE, max_seconds=60)
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")


def bring(company: Company, content: bytes) -> Asset:
    return store(company.workspace, None, Piece(content), "a")


def opened(file: Asset | Rendition) -> Image.Image:
    return Image.open(io.BytesIO(keep.read(file.storage_path, file.sha256)))


@given(
    width=st.integers(1, 20_000), height=st.integers(1, 20_000), most=st.integers(1, 5000), pixels=st.integers(1, 10**8)
)
def test_sides_are_within_the_rule_and_never_grow(width: int, height: int, most: int, pixels: int) -> None:
    rule = replace(RULE, max_width=most, max_height=most, max_pixels=pixels)
    wide, high = fit.sides(width, height, rule)
    assert 1 <= wide <= min(width, most)
    assert 1 <= high <= min(height, most)
    assert wide * high <= max(pixels, wide, high)


def test_a_file_within_the_rule_goes_out_as_it_is(company: Company) -> None:
    asset = bring(company, saved(picture()))
    assert fitted(asset, RULE) == asset
    assert not Rendition.objects.exists()


@pytest.mark.parametrize("limit", [400_000, 100_000, 30_000])
def test_a_large_picture_is_made_smaller_until_it_fits(company: Company, limit: int) -> None:
    asset = bring(company, saved(noise((900, 700)), "PNG"))
    made = fitted(asset, replace(RULE, max_bytes=limit))
    assert made.size <= limit
    assert made.size == len(keep.read(made.storage_path, made.sha256))
    assert opened(made).size == (made.width, made.height)
    assert made.width / made.height == pytest.approx(900 / 700, rel=0.02)


def test_sides_and_pixels_are_obeyed(company: Company) -> None:
    asset = bring(company, saved(picture((800, 400)), "JPEG"))
    assert opened(fitted(asset, replace(RULE, max_width=200))).size == (200, 100)
    assert opened(fitted(asset, replace(RULE, max_pixels=20_000))).size == (200, 100)


def test_a_type_the_channel_does_not_take_is_converted_and_transparency_becomes_white(company: Company) -> None:
    asset = bring(company, saved(picture((40, 40), "RGBA", (0, 0, 0, 0)), "WEBP", lossless=True))
    made = fitted(asset, replace(RULE, mimes=("image/jpeg",)))
    assert made.mime == "image/jpeg"
    assert min(opened(made).getpixel((30, 30))) > 245


def test_transparency_is_kept_where_the_channel_can_take_it(company: Company) -> None:
    asset = bring(company, saved(picture((40, 40), "RGBA", (0, 0, 0, 0)), "WEBP", lossless=True))
    made = fitted(asset, RULE)
    assert made.mime == "image/png"
    assert opened(made).getpixel((30, 30))[3] == 0


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "I;16", "1", "LA"])
def test_every_kind_of_pixel_can_be_fitted(company: Company, mode: str) -> None:
    form = "JPEG" if mode in ("CMYK",) else "PNG"
    source = Image.new(mode, (300, 200)) if mode in ("I;16", "1") else picture((300, 200), "RGB").convert(mode)
    made = fitted(bring(company, saved(source, form)), replace(RULE, mimes=("image/jpeg",), max_width=100))
    assert (made.mime, opened(made).size) == ("image/jpeg", (100, 66))


def test_an_animation_is_scaled_with_all_its_frames(company: Company) -> None:
    asset = bring(company, animation("GIF", (120, 90)))
    made = opened(fitted(asset, replace(MOVING, max_width=80)))
    assert (made.n_frames, made.size, made.info["duration"]) == (5, (80, 60), 80)


def test_an_animated_webp_becomes_a_gif(company: Company) -> None:
    made = opened(fitted(bring(company, animation("WEBP")), MOVING))
    assert (made.format, made.n_frames) == ("GIF", 5)


def test_what_cannot_fit_is_refused_with_a_remedy(company: Company) -> None:
    asset = bring(company, saved(noise((200, 200)), "PNG"))
    with pytest.raises(Refused, match="at most 50 bytes as image/jpeg, image/png") as refusal:
        fitted(asset, replace(RULE, max_bytes=50))
    assert refusal.value.remedy


def test_equal_rules_share_one_rendition(company: Company) -> None:
    asset = bring(company, saved(picture((800, 400)), "JPEG"))
    small = replace(RULE, max_width=100)
    assert fitted(asset, small) == fitted(asset, replace(small, max_count=1, alt_limit=5))
    assert fitted(asset, replace(RULE, max_width=90)) != fitted(asset, small)


@needs_ffmpeg
def test_a_video_is_transcoded_to_fit(company: Company, tmp_path: Path) -> None:
    asset = bring(
        company, recorded(tmp_path, "-c:v", "libvpx", "-b:v", "4M", "-c:a", "libvorbis", name="v.webm", seconds=2)
    )
    made = fitted(asset, replace(VIDEO, max_width=80, max_bytes=200_000))
    assert (made.mime, made.width, made.height) == ("video/mp4", 80, 60)
    assert made.size <= 200_000


@needs_ffmpeg
def test_a_video_that_plays_too_long_is_refused(company: Company, tmp_path: Path) -> None:
    asset = bring(company, recorded(tmp_path, seconds=2))
    with pytest.raises(Refused, match="plays 2 seconds; 1 are allowed"):
        fitted(asset, replace(VIDEO, max_seconds=1))


@needs_ffmpeg
def test_without_ffmpeg_a_video_that_does_not_fit_is_refused(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = bring(company, recorded(tmp_path, seconds=2))
    monkeypatch.setattr(recording, "can_look", lambda: False)
    with pytest.raises(Refused, match="cannot be made to fit"):
        fitted(asset, replace(VIDEO, max_bytes=1000))


@needs_ffmpeg
def test_a_video_has_a_thumbnail_and_a_sound_has_none(company: Company, tmp_path: Path) -> None:
    assert thumbnail(bring(company, recorded(tmp_path))).mime == "image/webp"
    sound = recorded(tmp_path, "-map", "1:a", name="a.mp3")
    assert thumbnail(bring(company, sound)) is None


@needs_ffmpeg
def test_a_video_comes_with_a_still_of_itself(company: Company, tmp_path: Path) -> None:
    film = bring(company, recorded(tmp_path))
    (one,) = async_to_sync(attached)(company.workspace.id, [{"asset": film.id}], (VIDEO,))
    assert one.poster
    content = async_to_sync(one.poster)()
    assert content
    with Image.open(io.BytesIO(content)) as still:
        assert still.format == "JPEG" and still.size == (160, 120)


def test_attachments_are_values_with_bytes_behind_them(company: Company) -> None:
    asset = bring(company, saved(noise((400, 300)), "PNG"))
    asset.alt = "the default"
    asset.save()
    stored = [{"asset": asset.pk, "alt": "mine", "focus": [0.5, -1]}, {"asset": asset.pk, "alt": "", "focus": None}]
    first, second = attachments(company.workspace.pk, stored, [replace(RULE, max_bytes=90_000)])
    assert (first.kind, first.alt, first.focus) == (MediaKind.IMAGE, "mine", Focus(0.5, -1))
    assert (second.alt, second.focus, second.file_name) == ("the default", None, "a.jpg")
    content = async_to_sync(first.load)()
    assert len(content) == first.size <= 90_000


def test_the_worker_gets_the_same_attachments_and_makes_them_aside(company: Company) -> None:
    asset = bring(company, saved(noise((400, 300)), "PNG"))
    stored, rules = [{"asset": asset.pk, "alt": "x"}], [replace(RULE, max_bytes=90_000)]
    (one,) = async_to_sync(attached)(company.workspace.pk, stored, rules)
    assert len(async_to_sync(one.load)()) == one.size <= 90_000
    assert attachments(company.workspace.pk, stored, rules)[0].sha256 == one.sha256
    assert Rendition.objects.count() == 1


def test_storage_that_does_not_answer_is_tried_again_and_not_refused(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = bring(company, saved(noise((400, 300)), "PNG"))

    def away(*_args: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._open", away)
    with pytest.raises(TryAgain, match="did not answer"):
        async_to_sync(attached)(company.workspace.pk, [{"asset": asset.pk}], [replace(RULE, max_bytes=90_000)])


def test_another_workspaces_file_cannot_be_attached(company: Company) -> None:
    theirs = store(Workspace.objects.get(slug="not-acme"), None, Piece(saved(picture())), "x")
    with pytest.raises(Refused, match="no longer exists"):
        attachments(company.workspace.pk, [{"asset": theirs.pk, "alt": ""}], [RULE])


def test_a_kind_the_channel_does_not_take_is_refused(company: Company) -> None:
    with pytest.raises(Refused, match="Animation"):
        attachments(company.workspace.pk, [{"asset": bring(company, animation()).pk, "alt": ""}], [RULE])


def test_bytes_that_are_gone_or_changed_are_refused_and_not_sent(company: Company, files: Path) -> None:
    asset = bring(company, saved(picture()))
    (one,) = attachments(company.workspace.pk, [{"asset": asset.pk, "alt": ""}], [RULE])
    (files / asset.storage_path).write_bytes(b"x" * asset.size)
    with pytest.raises(Refused, match="no longer in the media storage"):
        async_to_sync(one.load)()
    keep.forget(asset.storage_path)
    with pytest.raises(Refused, match="no longer in the media storage"):
        async_to_sync(one.load)()


def test_discarded_files_go_after_a_day_with_their_renditions(company: Company, files: Path) -> None:
    asset = bring(company, saved(picture((800, 400)), "JPEG"))
    fitted(asset, replace(RULE, max_width=100))
    discard(asset, now=now(), is_used=lambda _asset: False)
    assert purge(now()) == 0
    assert purge(now() + timedelta(days=2)) == 1
    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_file_in_use_is_not_discarded(company: Company) -> None:
    asset = bring(company, saved(picture()))
    with pytest.raises(Refused, match="not out yet"):
        discard(asset, now=now(), is_used=lambda _asset: True)


def test_a_rendition_nobody_asked_for_goes_but_the_original_stays(company: Company, files: Path) -> None:
    asset = bring(company, saved(picture((800, 400)), "JPEG"))
    made = fitted(asset, replace(RULE, max_width=100))
    Rendition.objects.update(used_at=now() - timedelta(days=59))
    assert fitted(asset, replace(RULE, max_width=100)) == made
    assert purge_renditions(now() + timedelta(days=59)) == 0
    assert purge_renditions(now() + timedelta(days=61)) == 1
    assert [path.name for path in files.rglob("*") if path.is_file()] == [f"{asset.sha256}.jpg"]


def test_a_storage_that_refuses_one_file_keeps_none_of_the_others(
    company: Company, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = bring(company, saved(picture((80, 40)))), bring(company, saved(picture((40, 80))))
    for one in (stuck, other):
        discard(one, now=now(), is_used=lambda _asset: False)
    delete = keep.default_storage.delete

    def failing(where: str) -> None:
        if where == stuck.storage_path:
            raise ConnectionError("the storage is away")
        delete(where)

    monkeypatch.setattr(keep.default_storage, "delete", failing)
    assert purge(now() + timedelta(days=2)) == 1
    assert list(Asset.objects.all()) == [stuck], "it is tried again tomorrow"
    monkeypatch.undo()
    assert purge(now() + timedelta(days=2)) == 1
