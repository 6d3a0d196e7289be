"""Pictures and other files for tests, made on the spot."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

GPS = {
    1: "N",
    2: (IFDRational(52), IFDRational(31), IFDRational(12)),
    3: "E",
    4: (IFDRational(13), IFDRational(24), IFDRational(18)),
}
PLACE = "Secret Street 7"


@dataclass(frozen=True)
class Piece:
    """A file that comes in two pieces."""

    content: bytes

    def chunks(self) -> Iterable[bytes]:
        """Both halves."""
        half = len(self.content) // 2
        return [self.content[:half], self.content[half:]]


def picture(size: tuple[int, int] = (64, 48), mode: str = "RGB", colour: Any = (200, 30, 30)) -> Image.Image:
    """A plain picture with a white corner, so that turning it can be seen."""
    image = Image.new(mode, size, colour)
    image.paste(Image.new(mode, (size[0] // 4, size[1] // 4), (255,) * len(image.getbands())), (0, 0))
    return image


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """A picture that hardly compresses."""
    return Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a location, an orientation and a description that must not leave the house."""
    told = Image.Exif()
    told[0x0112], told[0x010E], told[0x010F] = orientation, PLACE, "CameraMaker"
    told.get_ifd(0x8825).update(GPS)
    return told


def colour_profile() -> bytes:
    """An sRGB profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(image: Image.Image, form: str = "PNG", **extra: Any) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    image.save(out, form, **extra)
    return out.getvalue()


def animation(form: str = "GIF", size: tuple[int, int] = (40, 30), frames: int = 5, **extra: Any) -> bytes:
    """An animation whose frames differ."""
    pictures = [picture(size, colour=(50 * number % 256, 0, 120)) for number in range(frames)]
    return saved(pictures[0], form, save_all=True, append_images=pictures[1:], duration=80, loop=0, **extra)


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )


def recorded(folder: Path, *words: str, name: str = "v.mp4", seconds: float = 1, size: str = "160x120") -> bytes:
    """A short video with a location in its metadata, made by ffmpeg."""
    target = folder / name
    sources: Sequence[str] = (
        "-f",
        "lavfi",
        "-i",
        f"testsrc=size={size}:rate=10:duration={seconds}",
        "-f",
        "lavfi",
        "-i",
        f"sine=duration={seconds}",
    )
    place = (
        "-metadata",
        "location=+52.5200+013.4050/",
        "-metadata",
        f"title={PLACE}",
        "-movflags",
        "use_metadata_tags",
    )
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *sources, *place, "-pix_fmt", "yuv420p", *words, str(target)], check=True
    )
    return target.read_bytes()
