"""Step 1, before check: draft, edit, attach, tailor to a channel. Saving is cheap and often; two tabs cannot overwrite each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from masthead.channels.models import Channel
from masthead.kit.text import number, plain
from masthead.posts.models import Post, Twin, Variant
from masthead.posts.states import Editorial
from masthead.posts.twins import gives_away, hidden
from masthead.workspaces.models import User, Workspace

MOST_SEGMENTS = 100
MOST_TEXT = 100_000
MOST_OPTIONS = 100
LONGEST = {"title": 200, "language": 12}
EMPTY: Mapping[str, Any] = {"text": "", "attachments": [], "poll": None}

UNTOUCHED = (
    Q(state=Editorial.DRAFT, version=1, title="", segments=[{**EMPTY}])
    & ~Exists(Variant.objects.filter(post=OuterRef("pk"), segments__isnull=False))
    & ~Exists(Twin.objects.filter(post=OuterRef("pk")))
)
"""A draft that was opened and never written in: no version of it was ever saved."""


class Invalid(Exception):
    """Bad input: the field at fault, what is wrong and what to do."""

    def __init__(self, field: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.field, self.message, self.remedy = field, message, remedy


class Conflict(Exception):
    """Somebody (or another tab) saved a newer version; `post` is theirs."""

    def __init__(self, post: Post) -> None:
        super().__init__(_("This post was changed elsewhere since you opened it."))
        self.post = post


def draft(
    workspace: Workspace, author: User | None, segments: Sequence[Mapping[str, Any]] | None = None, **extra: Any
) -> Post:
    """A new draft."""
    post = Post(
        workspace=workspace,
        author=author,
        segments=cleaned([EMPTY] if segments is None else segments),
        **_fitting(extra),
    )
    post.search_text = words_of(post.segments)
    post.save()
    return post


def empty_draft(workspace: Workspace, author: User, wanted_at: datetime | None) -> Post:
    """A draft to write in: the one that the author opened and never wrote in, where there is one, else a new one."""
    found = Post.objects.filter(UNTOUCHED, workspace=workspace, author=author).first()
    if found is None:
        return draft(workspace, author, wanted_at=wanted_at, language=workspace.language)
    found.wanted_at = wanted_at
    found.save(update_fields=["wanted_at", "updated_at"])
    found.variants.all().delete()
    return found


def edit(post: Post, *, version: int | None = None, **changes: Any) -> Post:
    """Save changes to title, segments, language, wanted_at or note; an approved post becomes a draft again.

    Raises Conflict when `version` is not the stored one or somebody moved the post meanwhile (an approval covers what
    was there to read, not what comes after it), Invalid for bad input.
    """
    with transaction.atomic():
        stored = Post.objects.select_for_update().get(pk=post.pk)
        if stored.state != post.state or (version is not None and stored.version != version):
            raise Conflict(stored)
        if "segments" in changes:
            changes["segments"] = cleaned(changes["segments"])
            refuse_kept(stored, changes["segments"])
        for name, value in _fitting(changes).items():
            setattr(stored, name, value)
        stored.version += 1
        stored.search_text = searched(stored)
        stored.save()
    return stored


def tailor(
    post: Post, channel: Channel, *, segments: Sequence[Mapping[str, Any]] | None, options: Mapping[str, Any]
) -> Variant:
    """Let a channel get its own text or settings; `segments` None means the post's own."""
    kept = cleaned(segments) if segments is not None else None
    refuse_kept(post, kept or ())
    variant, _made = Variant.objects.update_or_create(
        post=post, channel=channel, defaults={"segments": kept, "options": _options(options)}
    )
    return variant


def refuse_kept(post: Post, segments: Sequence[Mapping[str, Any]]) -> None:
    """Raises Invalid where a part says what the draw kept secret."""
    if gives_away(post, [part["text"] for part in segments]):
        told = _("This is the wording that was kept secret. Once it is out, it proves nothing any more.")
        raise Invalid("segments", told, _("Write it in other words."))


def choose_channels(post: Post, channels: Sequence[Channel]) -> None:
    """Make the post's variants exactly those of `channels`; tailored text of the ones that stay is kept."""
    wanted = {channel.pk for channel in channels}
    post.variants.exclude(channel__in=wanted).delete()
    have = set(post.variants.values_list("channel_id", flat=True))
    Variant.objects.bulk_create(
        [Variant(post=post, channel=one) for one in channels if one.pk not in have], ignore_conflicts=True
    )


def editable(post: Post) -> bool:
    """True while the text may change: not archived, not waiting for a reviewer."""
    return post.state in (Editorial.DRAFT, Editorial.APPROVED)


def _fitting(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value)[: LONGEST[name]] if name in LONGEST else value for name, value in values.items()}


def _options(options: Mapping[str, Any]) -> dict[str, Any]:
    """A channel's settings: words, numbers, yes or no, by name. Whatever else came in would fail later, far from here."""
    flat = all(isinstance(one, str | bool | int | None) for one in options.values())
    if not flat or len(options) > MOST_OPTIONS:
        raise Invalid("options", _("A setting is a text, a whole number, or yes or no."), _("Send simple values."))
    return {plain(name)[:80]: plain(one)[:MOST_TEXT] if isinstance(one, str) else one for name, one in options.items()}


def cleaned(segments: Any) -> list[dict[str, Any]]:
    """Segments from outside in the stored shape; raises Invalid naming the field."""
    if not isinstance(segments, list | tuple) or not segments:
        raise Invalid("segments", _("A post needs at least one part."), _("Send a list of parts."))
    if len(segments) > MOST_SEGMENTS:
        raise Invalid(
            "segments", _("A thread may have at most %d parts.") % MOST_SEGMENTS, _("Split it into two posts.")
        )
    return [_cleaned(f"segments.{index}", part) for index, part in enumerate(segments)]


def _cleaned(where: str, part: Any) -> dict[str, Any]:
    if not isinstance(part, Mapping) or not isinstance(part.get("text", ""), str):
        raise Invalid(where, _("A part must have a text."), _("Send an object with “text”."))
    text = plain(part.get("text", "")).replace("\r\n", "\n")
    if len(text) > MOST_TEXT:
        raise Invalid(f"{where}.text", _("The text is longer than any platform takes."), _("Shorten it."))
    files = part.get("attachments") or []
    if not isinstance(files, list | tuple):
        raise Invalid(f"{where}.attachments", _("The attachments must be a list."), _("Send a list of files."))
    attachments = [_attached(f"{where}.attachments.{n}", one) for n, one in enumerate(files)]
    return {"text": text, "attachments": attachments, "poll": _poll(f"{where}.poll", part.get("poll"))}


def _attached(where: str, one: Any) -> dict[str, Any]:
    asset = number(str(one.get("asset", ""))) if isinstance(one, Mapping) else None
    if asset is None:
        raise Invalid(where, _("An attachment must name its file."), _("Upload the file and attach it again."))
    focus = one.get("focus")
    if focus is not None and not (
        isinstance(focus, list | tuple) and len(focus) == 2 and all(_within(x) for x in focus)
    ):
        raise Invalid(f"{where}.focus", _("The focus is two numbers from -1 to 1."), _("Set the focus again."))
    return {
        "asset": asset,
        "alt": plain(str(one.get("alt") or ""))[:10_000],
        "focus": list(focus) if focus else None,
    }


def _within(place: Any) -> bool:
    return isinstance(place, int | float) and -1 <= place <= 1


def _poll(where: str, poll: Any) -> dict[str, Any] | None:
    if not poll:
        return None
    if not isinstance(poll, Mapping) or not isinstance(poll.get("options"), list):
        raise Invalid(where, _("A poll needs its answers."), _("Add at least two answers."))
    options = [plain(str(option))[:500] for option in poll["options"]][:20]
    try:
        seconds = min(10**8, max(0, int(poll.get("seconds") or 86_400)))
    except (TypeError, ValueError, OverflowError):
        raise Invalid(f"{where}.seconds", _("A poll's time is a number of seconds."), _("Choose a time.")) from None
    return {"options": options, "seconds": seconds, "multiple": bool(poll.get("multiple"))}


def searched(post: Post) -> str:
    """All text of a post that may be found by searching: not what waits for the draw, for either may stay secret."""
    return words_of(*(hidden(post, one) for one in (post.segments, *post.variants.values_list("segments", flat=True))))


def words_of(*versions: Any) -> str:
    """All text of these versions, for search."""
    return "\n".join(part["text"] for segments in versions if segments for part in segments)
