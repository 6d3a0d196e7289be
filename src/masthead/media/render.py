"""Step 3: make the rendition a plan asks for, once; the next channel with the same limits gets the same one."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.db import transaction
from PIL import Image, ImageOps, ImageSequence

from masthead.contract.capabilities import MediaRule
from masthead.contract.values import MediaKind
from masthead.kit.clock import now
from masthead.media import fit, keep, picture, recording
from masthead.media.formats import FORMATS, Format
from masthead.media.locks import lock_content
from masthead.media.models import Asset, Rendition

QUALITIES = (90, 82, 74, 66)
MOVING = ("image/gif", "image/webp", "image/png")
WITHOUT_ALPHA = ("image/jpeg",)
LEAST_KILOBITS = 150
RENDERING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="rendering")
Made = tuple[bytes, str, int, int]


def shape_of(asset: Asset) -> fit.Shape:
    """An asset as the plan sees it."""
    return fit.Shape(MediaKind(asset.kind), asset.mime, asset.size, asset.width, asset.height, asset.seconds)


def fitted(asset: Asset, rule: MediaRule) -> Asset | Rendition:
    """The asset itself where it meets the rule, else a rendition that does (made now if need be). Raises Refused."""
    ready = fitting(asset, rule)
    if ready is not None:
        return ready
    with keep.workbench() as bench:
        return saved(asset, fit.recipe(rule), made(asset, rule, bench), bench)


async def fitted_aside(asset: Asset, rule: MediaRule) -> Asset | Rendition:
    """The same for the worker: pictures and videos are made in threads of their own, so that nothing waits for them."""
    ready = await sync_to_async(fitting)(asset, rule)
    if ready is not None:
        return ready
    with keep.workbench() as bench:
        content = await sync_to_async(made, thread_sensitive=False, executor=RENDERING)(asset, rule, bench)
        return await sync_to_async(saved)(asset, fit.recipe(rule), content, bench)


def fitting(asset: Asset, rule: MediaRule) -> Asset | Rendition | None:
    """What meets the rule already; None where a rendition must be made. Raises Refused where none can help."""
    if fit.plan(shape_of(asset), rule) is None:
        return asset
    ready = made_before(asset, fit.recipe(rule))
    return ready if ready and keep.is_whole(ready.storage_path, ready.size) else None


def made(asset: Asset, rule: MediaRule, bench: Path) -> Made:
    """The bytes of a rendition; asks nothing of the database. Raises Refused where they cannot be made to fit."""
    plan = fit.plan(shape_of(asset), rule)
    source = keep.fetch(asset.storage_path, bench / "source")
    content = _make(source, asset, plan, bench) if plan else None
    if content is None:
        raise fit.impossible(rule)
    return content


def made_before(asset: Asset, recipe: str) -> Rendition | None:
    """The rendition if it was made already; it is marked as asked for, so that the clean-up leaves it."""
    ready = asset.renditions.filter(recipe=recipe).first()
    if ready and now() - ready.used_at > timedelta(days=1):
        ready.used_at = now()
        return ready if Rendition.objects.filter(pk=ready.pk).update(used_at=ready.used_at) else None
    return ready


def saved(asset: Asset, recipe: str, content_of: Made, bench: Path) -> Rendition:
    """Keep a rendition; two workers that make the same one at the same time end with one row."""
    content, mime, width, height = content_of
    path = bench / "made"
    path.write_bytes(content)
    sha256 = keep.hash_of(path)
    facts = {
        "sha256": sha256,
        "mime": mime,
        "size": len(content),
        "width": width,
        "height": height,
        "seconds": asset.seconds,
        "used_at": now(),
    }
    with transaction.atomic():
        lock_content(asset.workspace_id, sha256)
        facts["storage_path"] = keep.put(path, asset.workspace_id, sha256, FORMATS[mime].extension)
        return Rendition.objects.update_or_create(asset=asset, recipe=recipe, defaults=facts)[0]


def _make(source: Path, asset: Asset, plan: fit.Plan, bench: Path) -> Made | None:
    form = FORMATS[asset.mime]
    if form.kind is MediaKind.IMAGE:
        moving = asset.kind == MediaKind.GIF.value
        with picture.opened(source, form) as image:
            return animation(image, plan) if moving else still(image, plan)
    return _recording(source, form, asset, plan, bench)


def still(image: Image.Image, plan: fit.Plan) -> Made | None:
    """The best still picture within the plan: all types and qualities at full size first, then smaller."""
    image.draft("RGB", (plan.width, plan.height))
    upright = ImageOps.exif_transpose(image)
    profile, clear = image.info.get("icc_profile"), _has_alpha(upright)
    size: tuple[int, int] | None = (plan.width, plan.height)
    while size:
        scaled = upright if upright.size == size else _plain(upright).resize(size, Image.Resampling.LANCZOS)
        for mime in sorted(plan.mimes, key=lambda one: clear and one in WITHOUT_ALPHA):
            for quality in (None,) if mime in ("image/png", "image/gif") else QUALITIES:
                content = _encoded(scaled, mime, quality, profile)
                if not plan.max_bytes or len(content) <= plan.max_bytes:
                    return content, mime, *size
        size = fit.smaller(*size)
    return None


def _encoded(image: Image.Image, mime: str, quality: int | None, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    extra: dict[str, Any] = {"quality": quality} if quality else {"optimize": True}
    if mime == "image/jpeg":
        extra |= {"progressive": True, "optimize": True}
        image = _flat(image)
    else:
        image = _plain(image)
    keep_profile = profile if image.mode in ("RGB", "RGBA") and mime != "image/gif" else None
    image.save(out, FORMATS[mime].reader, **({"icc_profile": keep_profile} if keep_profile else {}), **extra)
    return out.getvalue()


def _has_alpha(image: Image.Image) -> bool:
    if not image.has_transparency_data:
        return False
    lowest, _highest = cast("tuple[int, int]", image.convert("RGBA").getchannel("A").getextrema())
    return lowest < 255


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be scaled and saved everywhere."""
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode in (wanted, "L") else image.convert(wanted)


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, on white."""
    if not image.has_transparency_data:
        return image if image.mode in ("RGB", "L") else image.convert("RGB")
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def animation(image: Image.Image, plan: fit.Plan) -> Made | None:
    """The animation with all its frames, smaller until it fits."""
    mime = next((one for one in plan.mimes if one in MOVING), None)
    size: tuple[int, int] | None = (plan.width, plan.height)
    while mime and size:
        content = _frames(image, mime, size)
        if not plan.max_bytes or len(content) <= plan.max_bytes:
            return content, mime, *size
        size = fit.smaller(*size)
    return None


def _frames(image: Image.Image, mime: str, size: tuple[int, int]) -> bytes:
    frames, times = [], []
    for frame in ImageSequence.Iterator(image):
        frames.append(frame.convert("RGBA").resize(size, Image.Resampling.LANCZOS))
        times.append(int(frame.info.get("duration", 100)) or 100)
    out = io.BytesIO()
    extra = {"disposal": 2} if mime == "image/gif" else {}
    frames[0].save(
        out,
        FORMATS[mime].reader,
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=image.info.get("loop", 0),
        **extra,
    )
    return out.getvalue()


def _recording(source: Path, form: Format, asset: Asset, plan: fit.Plan, bench: Path) -> Made | None:
    """An MP4 that fits; None where the type cannot be made, the rate would be unwatchable, or ffmpeg is missing."""
    if form.kind is not MediaKind.VIDEO or "video/mp4" not in plan.mimes or not recording.can_look():
        return None
    rate = fit.kilobits(plan.max_bytes, asset.seconds)
    if 0 < rate < LEAST_KILOBITS:
        return None
    width, height, target = plan.width // 2 * 2, plan.height // 2 * 2, bench / "made.mp4"
    if (
        not width
        or not height
        or not recording.transcode(source, form, target, width=width, height=height, kilobits=rate)
    ):
        return None
    content = target.read_bytes()
    return None if plan.max_bytes and len(content) > plan.max_bytes else (content, "video/mp4", width, height)


def thumbnail(asset: Asset, side: int = 480) -> Rendition | None:
    """A small picture for lists; None where none can be made (sound, document, or video without ffmpeg)."""
    recipe = f"thumb-{side}"
    ready = made_before(asset, recipe)
    if ready and keep.is_whole(ready.storage_path, ready.size):
        return ready
    form = FORMATS[asset.mime]
    with keep.workbench() as bench:
        source = keep.fetch(asset.storage_path, bench / "source")
        if form.kind is not MediaKind.IMAGE:
            first = bench / "first.png"
            if form.kind is not MediaKind.VIDEO or not recording.still(source, form, first, side):
                return None
            source, form = first, FORMATS["image/png"]
        return saved(asset, recipe, _small(source, form, side), bench)


def _small(source: Path, form: Format, side: int) -> Made:
    with picture.opened(source, form) as image:
        image.draft("RGB", (side, side))
        small = _plain(ImageOps.exif_transpose(image))
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _encoded(small, "image/webp", 80, image.info.get("icc_profile")), "image/webp", *small.size


async def poster(asset: Asset, side: int = 1280) -> bytes | None:
    """A still of a video as JPEG, at most `side` pixels; None where none can be made."""
    return await sync_to_async(_poster)(asset, side)


def _poster(asset: Asset, side: int) -> bytes | None:
    small = thumbnail(asset, side)
    if small is None:
        return None
    with keep.workbench() as bench, Image.open(keep.fetch(small.storage_path, bench / "still")) as image:
        return _encoded(image.convert("RGB"), "image/jpeg", 85, None)
