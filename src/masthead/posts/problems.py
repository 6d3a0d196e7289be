"""Problems in words: the pure check run on stored text and media, each told with its remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from masthead.channels.models import Channel
from masthead.channels.outside import files_are_outside
from masthead.channels.words import spoken
from masthead.connectors import PLATFORMS
from masthead.contract.capabilities import Capabilities, MediaRule
from masthead.contract.values import MediaKind
from masthead.media.models import Asset
from masthead.posts.check import Item, Part, Problem, Weight, check
from masthead.posts.models import Post, Twin, Variant
from masthead.posts.parcel import poll_from
from masthead.posts.twins import Segments, alike, reworded, valid, waiting, wrong_text

FEWEST_WORDS = 8
"""An audit attributes no shorter post singly (docs/discussion/what-an-audit-proves.md)."""

WORDS: dict[str, tuple[Any, Any]] = {
    "empty": (_("There is nothing to publish."), _("Write something.")),
    "empty_text": (_("This part has no text."), _("Write something or attach a file.")),
    "too_long": (
        _("The text is too long: %(used)s of %(limit)s."),
        _("Shorten it by %(over)s, or split it into a thread."),
    ),
    "too_many_bytes": (_("The text is too large: %(used)s of %(limit)s bytes."), _("Use fewer emoji or shorten it.")),
    "too_many_segments": (_("The thread has %(count)s parts; %(limit)s are allowed."), _("Join parts or remove some.")),
    "too_many_attachments": (
        _("%(count)s files are attached; %(limit)s are allowed."),
        _("Remove some, or use a thread."),
    ),
    "too_many_of_kind": (_("%(count)s files of kind “%(kind)s”; %(limit)s allowed."), _("Remove some.")),
    "not_alone": (_("A file of kind “%(kind)s” goes with no other file here."), _("Put it in a part of its own.")),
    "too_many_matches": (_("%(what)s: %(count)s in one part; %(limit)s allowed."), _("Leave some out.")),
    "mixed_media": (_("Files of these kinds cannot go together here."), _("Put them in different parts.")),
    "media_required": (_("This channel takes no post without a picture."), _("Attach a picture or add a poll.")),
    "kind_not_taken": (_("Files of kind “%(kind)s” cannot be published here."), _("Remove the file for this channel.")),
    "not_reachable": (
        _("This platform fetches files from Masthead, which cannot be reached from the internet."),
        _("Let the operator set MASTHEAD_PUBLIC_URL to a public address, or keep media on S3."),
    ),
    "file_missing": (_("The attached file no longer exists."), _("Remove it and attach it again.")),
    "file_too_large": (_("The file has %(size)s bytes; %(limit)s are allowed."), _("Use a smaller or shorter file.")),
    "too_long_to_play": (_("It plays %(seconds)s s; %(limit)s s are allowed."), _("Use a shorter file.")),
    "alt_too_long": (_("The description is too long: %(used)s of %(limit)s."), _("Shorten the description.")),
    "alt_missing": (_("The description for people who cannot see it is missing."), _("Say what is in the picture.")),
    "no_polls": (_("Polls cannot be published here."), _("Remove the poll for this channel.")),
    "poll_with_media": (_("A poll cannot have files here."), _("Remove the poll or the files.")),
    "poll_options": (_("The poll has %(count)s answers; 2 to %(limit)s are allowed."), _("Change the answers.")),
    "poll_option_empty_or_twice": (_("An answer of the poll is empty or stands twice."), _("Change the answers.")),
    "poll_option_too_long": (_("An answer of the poll is longer than %(limit)s."), _("Shorten it.")),
    "poll_time": (_("The poll must be open from %(shortest)s to %(longest)s seconds."), _("Choose another time.")),
    "poll_multiple": (_("Only one answer can be chosen here."), _("Switch off multiple answers.")),
    "not_a_choice": (_("“%(value)s” is not one of the choices."), _("Choose one from the list.")),
    "option_missing": (_("“%(label)s” is not set."), _("Set it under the channel’s options.")),
    "no_choices": (
        _("There is nothing to choose for “%(label)s” on this profile."),
        _("Add one on the platform, then choose “Check now” on the channel’s page."),
    ),
    "option_too_long": (_("This is longer than %(limit)s."), _("Shorten it.")),
    "twin_own_text": (
        _("The channel has its own text, so chance could not decide what goes out here."),
        _("Use the shared text again, or take the second wording back."),
    ),
    "twin_same": (_("It says the same as the first one."), _("Say it in other words.")),
    "twin_short": (
        _("Posts under 8 words prove little: many people write them."),
        _("Write both a little longer."),
    ),
    "twin_changed": (
        _("This is not the text that was drawn. Once it goes out like this, the pair of wordings proves nothing."),
        _("Put the drawn text back, or let the pair go."),
    ),
    "platform_gone": (_("This platform is not part of this installation."), _("Choose another channel.")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with its words; `second` where it is of the second wording."""

    problem: Problem
    second: bool = False

    @property
    def message(self) -> str:
        """What is wrong."""
        said = str(WORDS[self.problem.code][0] % self._values)
        return str(_("Second wording: %s") % said) if self.second else said

    @property
    def remedy(self) -> str:
        """What to do."""
        return str(WORDS[self.problem.code][1] % self._values)

    @property
    def _values(self) -> dict[str, Any]:
        """The values; names that a connector gave are said in the reader's language."""
        return {name: spoken(one) if name in ("label", "what") else one for name, one in self.problem.values.items()}


def capabilities_of(channel: Channel) -> Capabilities | None:
    """The platform's capabilities narrowed by what this profile's server told us."""
    platform = PLATFORMS.get(channel.platform)
    return platform.capabilities.narrowed(channel.limits) if platform else None


def problems_of(post: Post, variant: Variant) -> list[Told]:
    """Everything wrong with a variant on its channel."""
    can = capabilities_of(variant.channel)
    if can is None:
        return [Told(Problem("channels", "platform_gone"))]
    segments = variant.segments if variant.segments is not None else post.segments
    parts = parts_of(segments, assets_of(post.workspace_id, segments))
    found = [*check(parts, variant.options, can), *_unreachable(parts, can), *_changed(post, segments)]
    told, twin = [Told(problem) for problem in found], waiting(post)
    return [*told, *(Told(one, second=True) for one in _second(post, segments, twin, variant, can))] if twin else told


def _changed(post: Post, segments: Segments) -> list[Problem]:
    """A text that is no longer the drawn one, while the pair could still be saved."""
    twin = valid(post)
    spoils = twin is not None and wrong_text(twin, segments)
    return [Problem("segments.0.text", "twin_changed", weight=Weight.WARNS)] if spoils else []


def _second(post: Post, segments: Segments, twin: Twin, variant: Variant, can: Capabilities) -> list[Problem]:
    """What is wrong with the second wording; what it shares with the first one is told there."""
    first, text = post.segments[0]["text"], twin.wording
    parts = parts_of(reworded(segments, text), assets_of(post.workspace_id, segments))
    found = [replace(one, field="twin") for one in check(parts, variant.options, can) if one.field == "segments.0.text"]
    if segments[0]["text"] != first:
        found.append(Problem("twin", "twin_own_text"))
    if alike(text) == alike(first):
        found.append(Problem("twin", "twin_same"))
    elif min(len(text.split()), len(first.split())) < FEWEST_WORDS:
        found.append(Problem("twin", "twin_short", weight=Weight.WARNS))
    return found


def _unreachable(parts: Sequence[Part], can: Capabilities) -> list[Problem]:
    """The platform would fetch the files from here, and cannot."""
    if not can.public_media or files_are_outside():
        return []
    return [Problem(f"segments.{n}.attachments", "not_reachable") for n, part in enumerate(parts) if part.items]


def assets_of(workspace_id: int, segments: Sequence[Mapping[str, Any]]) -> dict[int, Asset]:
    """The workspace's own assets named in the segments, by id."""
    wanted = {one["asset"] for part in segments for one in part.get("attachments") or []}
    return Asset.objects.filter(workspace_id=workspace_id, deleted_at=None).in_bulk(wanted) if wanted else {}


def parts_of(segments: Sequence[Mapping[str, Any]], assets: Mapping[int, Asset]) -> list[Part]:
    """Stored segments as the check sees them."""
    return [
        Part(
            part["text"],
            tuple(_item(one, assets.get(one["asset"])) for one in part.get("attachments") or []),
            poll_from(part.get("poll")),
        )
        for part in segments
    ]


def _item(stored: Mapping[str, Any], asset: Asset | None) -> Item:
    if asset is None:
        return Item(MediaKind.IMAGE, "", 0, present=False)
    return Item(
        MediaKind(asset.kind),
        asset.mime,
        asset.size,
        asset.width,
        asset.height,
        asset.seconds,
        stored.get("alt") or asset.alt,
    )


def media_rules(platform: str, limits: Mapping[str, Any]) -> Sequence[MediaRule]:
    """The media rules of a platform as one profile's server narrows them."""
    return PLATFORMS[platform].capabilities.narrowed(limits).media
