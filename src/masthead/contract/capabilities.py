"""What a platform can do and allows, as data with a source and a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from masthead.contract.values import MediaKind


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands and when it was read there."""

    url: str
    checked_on: date


class Counting(StrEnum):
    """How a platform counts the length of a text (see kit/text.py)."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    LINKS_AS_23 = "links_as_23"
    WEIGHTED_V3 = "weighted_v3"
    EMOJI_AS_BYTES = "emoji_as_bytes"


class LookUp(StrEnum):
    """How an unclear outcome is settled: by a key the platform honours, by reading the account's own posts, or by a person.

    PUBLIC_POSTS: the platform shows only a part of them, so what is found there is certain, and the rest is a person's to settle.
    """

    KEY = "key"
    OWN_POSTS = "own_posts"
    PUBLIC_POSTS = "public_posts"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class TextRule:
    """Limits of a segment's text: `limit` in units of `counting`; `bytes_limit` of UTF-8, 0 for none.

    `media_limit`, `poll_limit`: what holds for a text beside files or a poll, 0 where that is `limit` too.
    """

    counting: Counting
    limit: int
    source: Source
    bytes_limit: int = 0
    required_without_media: bool = True
    media_limit: int = 0
    poll_limit: int = 0

    def limit_beside(self, *, media: bool, poll: bool) -> int:
        """The limit of a text that has files or a poll with it."""
        smaller = (self.media_limit if media else 0, self.poll_limit if poll else 0)
        return min([self.limit, *(one for one in smaller if one)])


@dataclass(frozen=True, slots=True)
class MediaRule:
    """Limits of one kind of media: size in bytes, sides in pixels, time in seconds; 0 means no limit known.

    `alone`: such a file goes with no other file in its segment.
    """

    kind: MediaKind
    mimes: tuple[str, ...]
    max_bytes: int
    max_count: int
    source: Source
    max_width: int = 0
    max_height: int = 0
    max_pixels: int = 0
    max_seconds: float = 0
    alt_limit: int = 0
    focus: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class PatternRule:
    """At most `most` matches of a regular expression in a segment's text. `label` is their name for people ("Cashtags")."""

    name: str
    label: str
    pattern: str
    most: int
    source: Source


@dataclass(frozen=True, slots=True)
class PollRule:
    """Limits of a poll: lengths in code points, times in seconds."""

    max_options: int
    option_limit: int
    min_seconds: int
    max_seconds: int
    multiple: bool
    source: Source


@dataclass(frozen=True, slots=True)
class ThreadRule:
    """Most segments of a thread; 1 means no threads."""

    max_segments: int
    source: Source


@dataclass(frozen=True, slots=True)
class Option:
    """One platform setting shown in the composer. `kind` is text, choice or flag; `choices` are (value, label) pairs.

    `from_account`: the choices are what the account told at sign-in (`limits["choices"][name]`), such as its boards.
    """

    name: str
    label: str
    kind: str
    source: Source
    choices: tuple[tuple[str, str], ...] = ()
    default: Any = ""
    limit: int = 0
    counts_as_text: bool = False
    help: str = ""
    required: bool = False
    from_account: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` weights in `seconds`, per account or per app. `bucket` joins operations that share it."""

    bucket: str
    scope: str
    limit: int
    seconds: int
    source: Source


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs under one plan of the platform: `limits` as `narrowed` takes them, and its own quotas, if any."""

    key: str
    name: str
    source: Source
    limits: Mapping[str, Any] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All that generic code needs to know of a platform. `mixed_media`: images and a video in one segment.

    `media_required`: every segment needs a file or a poll. `public_media`: the platform fetches files from a public address.
    `plans`: the first is the one that holds where the app names none.
    """

    text: TextRule
    media: tuple[MediaRule, ...]
    max_attachments: int
    threads: ThreadRule
    quotas: tuple[Quota, ...]
    edit: bool
    remove: bool
    source: Source
    poll: PollRule | None = None
    options: tuple[Option, ...] = ()
    mixed_media: bool = False
    poll_with_media: bool = False
    link_card: bool = False
    languages: bool = False
    media_required: bool = False
    public_media: bool = False
    look_up: LookUp = LookUp.OWN_POSTS
    plans: tuple[Plan, ...] = ()
    patterns: tuple[PatternRule, ...] = ()

    def media_rule(self, kind: MediaKind) -> MediaRule | None:
        """The rule for a kind of media, or None where the platform does not take it."""
        return next((rule for rule in self.media if rule.kind == kind), None)

    def narrowed(self, limits: Mapping[str, Any]) -> Capabilities:
        """These capabilities with what one server or profile told us (`channel.limits`) put over them.

        Known keys: plan, text_limit, max_attachments, image_max_bytes, image_max_pixels, video_max_bytes, video_max_seconds,
        document_max_bytes, alt_limit, poll_max_options, poll_option_limit, mimes, media_required, max_segments,
        quotas (bucket -> limit and seconds), choices (option -> pairs), without_options (names this plan or account lacks),
        without_patterns (names of pattern rules that do not hold). Unknown keys are ignored.
        """
        told, quotas = self.told(limits), self.quotas_under(limits)
        narrow = _narrow(self, told) if told else self
        return narrow if quotas == narrow.quotas else replace(narrow, quotas=quotas)

    def quotas_under(self, limits: Mapping[str, Any]) -> tuple[Quota, ...]:
        """The quotas of an account: those of its plan, with the numbers that the platform told of it."""
        plan, told = self.plan(limits), limits.get("quotas", {})
        known = plan.quotas if plan and plan.quotas else self.quotas
        return tuple(_narrow_quota(one, told[one.bucket]) if one.bucket in told else one for one in known)

    def told(self, limits: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the account's plan says, and what the account itself told put over it."""
        plan = self.plan(limits)
        return {**plan.limits, **limits} if plan else limits

    def plan(self, limits: Mapping[str, Any]) -> Plan | None:
        """The plan an account is under; None where the platform has none."""
        return next((one for one in self.plans if one.key == limits.get("plan")), self.plans[0] if self.plans else None)


def _narrow(known: Capabilities, limits: Mapping[str, Any]) -> Capabilities:
    text = replace(known.text, limit=int(limits.get("text_limit", known.text.limit)))
    media = tuple(_narrow_media(rule, limits) for rule in known.media)
    poll = known.poll and replace(
        known.poll,
        max_options=int(limits.get("poll_max_options", known.poll.max_options)),
        option_limit=int(limits.get("poll_option_limit", known.poll.option_limit)),
    )
    return replace(
        known,
        text=text,
        media=tuple(rule for rule in media if rule.mimes),
        poll=poll,
        max_attachments=int(limits.get("max_attachments", known.max_attachments)),
        media_required=bool(limits.get("media_required", known.media_required)),
        threads=replace(known.threads, max_segments=int(limits.get("max_segments", known.threads.max_segments))),
        options=_narrow_options(known.options, limits),
        patterns=tuple(one for one in known.patterns if one.name not in limits.get("without_patterns", ())),
    )


def _narrow_quota(known: Quota, told: Sequence[int]) -> Quota:
    limit, seconds = told
    return replace(known, limit=int(limit), seconds=int(seconds))


def _narrow_options(options: tuple[Option, ...], limits: Mapping[str, Any]) -> tuple[Option, ...]:
    missing, told = frozenset(limits.get("without_options", ())), limits.get("choices", {})
    return tuple(
        replace(one, choices=tuple((str(value), str(label)) for value, label in told[one.name]))
        if one.name in told
        else one
        for one in options
        if one.name not in missing
    )


def _narrow_media(rule: MediaRule, limits: Mapping[str, Any]) -> MediaRule:
    told = frozenset(limits.get("mimes", rule.mimes))
    still, playing = (MediaKind.IMAGE, MediaKind.GIF), (MediaKind.VIDEO, MediaKind.AUDIO)
    prefix = "image" if rule.kind in still else "video" if rule.kind in playing else rule.kind.value
    return replace(
        rule,
        mimes=tuple(mime for mime in rule.mimes if mime in told),
        max_bytes=int(limits.get(f"{prefix}_max_bytes", rule.max_bytes)),
        max_pixels=int(limits.get(f"{prefix}_max_pixels", rule.max_pixels)),
        max_count=min(rule.max_count, int(limits.get("max_attachments", rule.max_count))),
        max_seconds=float(limits.get(f"{prefix}_max_seconds", rule.max_seconds)),
        alt_limit=int(limits.get("alt_limit", rule.alt_limit)),
    )


def no_posts(source: Source, quotas: tuple[Quota, ...] = ()) -> Capabilities:
    """The capabilities of a platform that takes ads only."""
    return Capabilities(
        text=TextRule(Counting.CODE_POINTS, 0, source),
        media=(),
        max_attachments=0,
        threads=ThreadRule(1, source),
        quotas=quotas,
        edit=False,
        remove=False,
        source=source,
        look_up=LookUp.PERSON,
    )
