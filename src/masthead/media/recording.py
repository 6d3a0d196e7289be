"""Videos and sounds: measure and clean them with ffmpeg where it is installed; without it they are stored as they came."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from masthead.contract.errors import Refused
from masthead.media.formats import Format

SECONDS = 120
MOST_SIDE = 16_384
SAFE = ("-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recording is: sides in pixels (as shown), time in seconds, the codecs; all empty where nobody could look."""

    width: int = 0
    height: int = 0
    seconds: float = 0.0
    video: str = ""
    audio: str = ""


def can_look() -> bool:
    """True where ffprobe and ffmpeg are installed."""
    return bool(shutil.which("ffprobe") and shutil.which("ffmpeg"))


def measure(path: Path, form: Format) -> Facts:
    """The facts of a recording; raises Refused where it cannot be played. Empty facts without ffprobe."""
    if not can_look():
        return Facts()
    run = _run(
        ["ffprobe", *SAFE, "-f", form.reader, "-print_format", "json", "-show_format", "-show_streams", str(path)]
    )
    if run.returncode:
        raise damaged()
    told = json.loads(run.stdout or b"{}")
    streams = {one.get("codec_type"): one for one in reversed(told.get("streams", []))}
    if form.kind.value not in streams or form.kind.value not in ("video", "audio"):
        raise damaged()
    width, height = _sides(streams.get("video", {}) if form.kind.value == "video" else {})
    if max(width, height) > MOST_SIDE:
        raise Refused(
            _("The video is %(width)s × %(height)s pixels; %(most)s a side are allowed.")
            % {"width": width, "height": height, "most": MOST_SIDE},
            field="file",
            remedy=_("Make it smaller."),
        )
    return Facts(
        width, height, _seconds(told), *(streams.get(one, {}).get("codec_name", "") for one in ("video", "audio"))
    )


def clean(path: Path, form: Format, target: Path) -> bool:
    """Copy a recording to `target` without its metadata (place, device, title); False without ffmpeg. Raises Refused."""
    if not can_look():
        return False
    kept = ["-map", "0:v:0?", "-map", "0:a:0?"] if form.kind.value == "video" else ["-map", "0:a:0"]
    plain = [
        "-map_metadata",
        "-1",
        "-map_metadata:s",
        "-1",
        "-map_chapters",
        "-1",
        "-fflags",
        "+bitexact",
        "-c",
        "copy",
    ]
    quick = ["-movflags", "+faststart"] if form.reader == "mov" else []
    run = _run(
        ["ffmpeg", "-nostdin", "-y", *SAFE, "-f", form.reader, "-i", str(path), *kept, *plain, *quick, str(target)]
    )
    if run.returncode or not target.exists() or not target.stat().st_size:
        raise damaged()
    return True


def still(path: Path, form: Format, target: Path, side: int) -> bool:
    """A picture of the first frame, at most `side` pixels; False where none can be made."""
    if not can_look():
        return False
    scale = f"scale='min({side},iw)':'min({side},ih)':force_original_aspect_ratio=decrease"
    run = _run(
        [
            "ffmpeg",
            "-nostdin",
            "-y",
            *SAFE,
            "-f",
            form.reader,
            "-i",
            str(path),
            "-frames:v",
            "1",
            "-vf",
            scale,
            "-map_metadata",
            "-1",
            str(target),
        ]
    )
    return run.returncode == 0 and target.exists()


def transcode(
    path: Path, form: Format, target: Path, *, width: int, height: int, kilobits: int, seconds: int = 900
) -> bool:
    """An MP4 (H.264, AAC) of these sides and at most about this rate (0 for free); False where ffmpeg fails."""
    rate = (
        ["-b:v", f"{kilobits}k", "-maxrate", f"{kilobits}k", "-bufsize", f"{2 * kilobits}k"]
        if kilobits
        else ["-crf", "22"]
    )
    run = _run(
        [
            "ffmpeg",
            "-nostdin",
            "-y",
            *SAFE,
            "-f",
            form.reader,
            "-i",
            str(path),
            "-map",
            "0:v:0",
            "-map",
            "0:a:0?",
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
            "-vf",
            f"scale={width}:{height}",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            *rate,
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-b:a",
            "128k",
            "-movflags",
            "+faststart",
            str(target),
        ],
        seconds,
    )
    return run.returncode == 0 and target.exists()


def damaged() -> Refused:
    """The recording cannot be played."""
    return Refused(
        _("The file cannot be played: it is damaged, cut short, or not what its beginning says."),
        field="file",
        remedy=_("Export it again, best as MP4 (H.264 and AAC), and upload that."),
    )


def _run(words: list[str], seconds: int = SECONDS) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(words, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(words, 124, b"", b"")


def _sides(stream: dict[str, Any]) -> tuple[int, int]:
    width, height = int(stream.get("width") or 0), int(stream.get("height") or 0)
    turns = [int(float(one.get("rotation") or 0)) for one in stream.get("side_data_list", [])]
    return (height, width) if any(abs(turn) % 180 == 90 for turn in turns) else (width, height)


def _seconds(told: dict[str, Any]) -> float:
    try:
        return round(max(0.0, float(told["format"]["duration"])), 3)
    except (KeyError, ValueError):
        return 0.0
