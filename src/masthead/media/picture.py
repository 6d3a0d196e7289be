"""Pictures: verify, measure, and clean of everything that is not the picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from masthead.contract.errors import Refused
from masthead.contract.values import MediaKind
from masthead.media.formats import Format
from masthead.media.strip import STRIPPERS, Broken, gif_frames

MOST_PIXELS = 120_000_000
MOST_PIXELS_MOVING = 400_000_000
MOST_FRAMES = 2000
ORIENTATION = 0x0112
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_MOVING  # Pillow's own alarm, behind ours
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, Image.DecompressionBombError)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned picture; `content` is None where the file is already clean."""

    kind: MediaKind
    width: int
    height: int
    content: bytes | None


def clean(path: Path, form: Format) -> Cleaned:
    """Verify a picture completely and take its metadata out: losslessly, or by re-encoding when it must be turned.

    Raises Refused for what is damaged, cut short, or too large to open safely.
    """
    try:
        with opened(path, form) as image:
            moving = _check_size(image, path)
            turned = image.getexif().get(ORIENTATION, 1) not in (0, 1)
            _decode(image)
            content = _reencoded(image, form) if (turned and not moving) or form.mime not in STRIPPERS else None
            width, height = image.size
        raw = path.read_bytes()
        if content is None:
            content = _stripped(raw, form)
        elif turned:
            width, height = Image.open(io.BytesIO(content)).size
    except Image.DecompressionBombError:
        raise too_large() from None
    except (Broken, *UNREADABLE):
        raise damaged() from None
    kind = MediaKind.GIF if moving else MediaKind.IMAGE
    return Cleaned(kind, width, height, None if content == raw else content)


def opened(path: Path | io.BytesIO, form: Format) -> Image.Image:
    """The picture, header read; only by the reader of its own format."""
    try:
        return Image.open(path, formats=[form.reader])
    except UnidentifiedImageError:
        raise damaged() from None


def _check_size(image: Image.Image, path: Path) -> bool:
    """Whether it moves; refuses what would not fit into memory, before decoding."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise too_large()
    frames = _frames(image, path)
    if frames > MOST_FRAMES or frames * width * height > max(MOST_PIXELS, MOST_PIXELS_MOVING * (frames > 1)):
        raise Refused(
            _("The animation has too many or too large frames (%(frames)s of %(width)s × %(height)s).")
            % {"frames": frames, "width": width, "height": height},
            field="file",
            remedy=_("Shorten it, make it smaller, or upload it as a video."),
        )
    return frames > 1


def _frames(image: Image.Image, path: Path) -> int:
    """How many pictures move. A GIF does not say, and Pillow would walk through millions to count them."""
    if image.format == "GIF":
        return gif_frames(path.read_bytes(), MOST_FRAMES)
    return getattr(image, "n_frames", 1) if image.format != "MPO" else 1


def _decode(image: Image.Image) -> None:
    """Read every pixel, so that a file that is cut short is found now and not while publishing."""
    frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    for frame in range(frames):
        image.seek(frame)
        image.load()
    image.seek(0)


def _stripped(raw: bytes, form: Format) -> bytes:
    content = STRIPPERS[form.mime](raw)
    with opened(io.BytesIO(content), form) as image:
        image.load()
    return content


def _reencoded(image: Image.Image, form: Format) -> bytes:
    """The picture turned upright and saved anew in its own format; the colour profile stays."""
    upright, profile, out = ImageOps.exif_transpose(image), image.info.get("icc_profile"), io.BytesIO()
    moving = {"save_all": True} if getattr(image, "n_frames", 1) > 1 and form.reader == "AVIF" else {}
    for name in ("exif", "xmp", "XML:com.adobe.xmp", "comment"):
        upright.info.pop(name, None)
    extra = {} if form.reader == "PNG" else {"quality": 95}
    upright.save(out, form.reader, icc_profile=profile, exif=b"", **extra, **moving)
    return out.getvalue()


def too_large() -> Refused:
    """The picture has more pixels than this server opens."""
    return Refused(
        _("The picture has more than %s million pixels.") % (MOST_PIXELS // 1_000_000),
        field="file",
        remedy=_("Make it smaller and upload it again."),
    )


def damaged() -> Refused:
    """The picture cannot be read to its end."""
    return Refused(
        _("The picture is damaged or cut short."),
        field="file",
        remedy=_("Open it in a picture program, save it again and upload that."),
    )
