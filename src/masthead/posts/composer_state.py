"""What the composer's page is told about a post, as data: its text, the channels with their settings, files, lengths, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from masthead.channels.models import Channel
from masthead.channels.words import spoken
from masthead.connectors import PLATFORMS
from masthead.contract.capabilities import Capabilities, Option
from masthead.kit.clock import now
from masthead.media.queries import has_picture
from masthead.posts.check import Length, Part, length
from masthead.posts.cost_words import told, total_of
from masthead.posts.models import Post, Variant
from masthead.posts.problems import assets_of, capabilities_of, parts_of, problems_of
from masthead.posts.states import GONE
from masthead.posts.twins import hidden, waiting
from masthead.workspaces.models import Workspace

NOTHING: Mapping[str, Any] = {"cost": None, "crowd": "", "cap": ""}


def state_of(post: Post, workspace: Workspace, writing: bool, sees: bool = True) -> dict[str, Any]:
    """Everything the page's script needs, as data. Without `sees`, nothing of two wordings that wait for the draw."""
    variants = {one.channel_id: one for one in post.variants.select_related("channel")}
    channels = Channel.objects.filter(workspace=workspace, ads=False).exclude(condition=Channel.Condition.DISCONNECTED)
    channels = channels.exclude(Q(condition=Channel.Condition.READ_ONLY) & ~Q(pk__in=variants))
    base = {"slug": workspace.slug, "post_id": post.pk}
    return {
        "id": post.pk,
        # Another installation may have been at the same address, with other posts under the same numbers.
        "kept_as": f"masthead-post-{post.pk}-{post.created_at:%Y%m%d%H%M%S%f}",
        "version": post.version,
        "title": post.title,
        "segments": post.segments if sees else hidden(post, post.segments),
        "language": post.language,
        "wanted_at": post.wanted_at.isoformat() if post.wanted_at else "",
        "writing": writing,
        "channels": [_channel(post, one, variants.get(one.pk), sees) for one in channels],
        "assets": {pk: _asset(one, workspace.slug) for pk, one in _assets(post).items()},
        "check": (found := checked(post) if sees or not waiting(post) else {}),
        "cost": total_of(found.values()),
        "save": reverse("posts:save", kwargs=base),
        "upload": reverse("media:upload", kwargs={"slug": workspace.slug}),
    }


def _channel(post: Post, one: Channel, variant: Variant | None, sees: bool) -> dict[str, Any]:
    can, platform = capabilities_of(one), PLATFORMS.get(one.platform)
    segments = variant.segments if variant else None
    return {
        "id": one.pk,
        "name": one.name or one.handle,
        "handle": one.handle,
        "platform": platform.name if platform else one.platform,
        "chosen": variant is not None,
        "segments": segments if sees else hidden(post, segments),
        "options": variant.options if variant else {},
        "settings": [_setting(option) for option in (can.options if can else ())],
        "polls": bool(can and can.poll),
        "threads": can.threads.max_segments if can else 1,
        "condition": one.condition,
    }


def _setting(option: Option) -> dict[str, Any]:
    """An option as the composer draws it. A list without a default begins with an empty line, so that nothing is chosen unseen."""
    blank = option.kind == "choice" and option.default in (None, "") and "" not in dict(option.choices)
    return {
        "name": option.name,
        "label": spoken(option.label),
        "kind": option.kind,
        "choices": ((("", _("Choose…") if option.required else _("None")),) if blank else ()) + _choices(option),
        "default": option.default,
        "help": spoken(option.help),
        "required": option.required,
    }


def _choices(option: Option) -> tuple[tuple[str, str], ...]:
    """The choices with their words; what the account itself told, such as the names of its boards, stays as it is."""
    return option.choices if option.from_account else tuple((value, spoken(label)) for value, label in option.choices)


def _assets(post: Post) -> dict[int, Any]:
    texts = [post.segments, *(one.segments for one in post.variants.all() if one.segments)]
    return assets_of(post.workspace_id, [part for segments in texts for part in segments])


def _asset(one: Any, slug: str) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "alt": one.alt,
        "name": one.file_name,
        "thumb": reverse("media:thumb", kwargs={"slug": slug, "asset_id": one.pk}) if has_picture(one) else "",
    }


def checked(post: Post) -> dict[int, dict[str, Any]]:
    """Lengths, problems and costs of every chosen channel, for the time it is meant for. What is out costs no more."""
    at, assets = max(post.wanted_at or now(), now()), _assets(post)
    out = set(post.publications.filter(state__in=GONE).values_list("channel", flat=True))
    variants = post.variants.select_related("channel")
    return {one.channel_id: _checked(post, one, assets, None if one.channel_id in out else at) for one in variants}


def _size(length: Length) -> dict[str, int]:
    return {"used": length.used, "limit": length.limit, "left": length.left}


def _second(post: Post, parts: Sequence[Part], variant: Variant, can: Capabilities) -> Length:
    """How long the first part is with the second wording."""
    twin = waiting(post)
    return length(replace(parts[0], text=twin.wording if twin else ""), variant.options, can)


def _checked(post: Post, variant: Variant, assets: dict[int, Any], at: datetime | None) -> dict[str, Any]:
    can = capabilities_of(variant.channel)
    segments = variant.segments if variant.segments is not None else post.segments
    parts = parts_of(segments, {})
    sizes = [length(part, variant.options if n == 0 else {}, can) for n, part in enumerate(parts)] if can else []
    return {
        **(told(variant, segments, assets, at, post.language) if at else NOTHING),
        "lengths": [_size(one) for one in sizes],
        "second": _size(_second(post, parts, variant, can)) if can and parts and waiting(post) else None,
        "problems": [
            {
                "field": told.problem.field,
                "message": told.message,
                "remedy": told.remedy,
                "stops": told.problem.weight == "stops",
            }
            for told in problems_of(post, variant)
        ],
    }
