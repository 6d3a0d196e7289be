"""Step 2, pure: text and media against capabilities -> problems. Run in the editor, at scheduling and again at delivery."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from masthead.contract.capabilities import Capabilities, MediaRule, Option
from masthead.contract.values import MediaKind, Poll
from masthead.kit.text import count


class Weight(StrEnum):
    """Whether a problem forbids sending."""

    STOPS = "stops"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: the field at fault ("segments.0.text"), what, and what to do. `code` is stable; `values` fill the text."""

    field: str
    code: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    weight: Weight = Weight.STOPS


@dataclass(frozen=True, slots=True)
class Item:
    """An attachment as the check sees it; `fits` is False where no rendition can be made to fit (yet)."""

    kind: MediaKind
    mime: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    alt: str = ""
    present: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as the check sees it."""

    text: str
    items: Sequence[Item] = ()
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is on a platform, and how long it may be."""

    used: int
    limit: int

    @property
    def left(self) -> int:
        """What is left; negative when too long."""
        return self.limit - self.used


def length(part: Part, options: Mapping[str, Any], can: Capabilities) -> Length:
    """The length of a segment with the options that count as text (a content warning, say)."""
    counted = [part.text, *(str(options.get(o.name) or "") for o in can.options if o.counts_as_text)]
    limit = can.text.limit_beside(media=bool(part.items), poll=bool(part.poll))
    return Length(sum(count(text, can.text.counting) for text in counted if text), limit)


def check(parts: Sequence[Part], options: Mapping[str, Any], can: Capabilities) -> list[Problem]:
    """All problems of a variant with a platform's (narrowed) capabilities, in reading order."""
    if not parts:
        return [Problem("segments", "empty")]
    problems = [problem for index, part in enumerate(parts) for problem in _part(index, part, options, can)]
    if len(parts) > can.threads.max_segments:
        problems.append(
            Problem("segments", "too_many_segments", {"count": len(parts), "limit": can.threads.max_segments})
        )
    return problems + [problem for option in can.options for problem in _option(option, options.get(option.name))]


def stops(problems: Sequence[Problem]) -> bool:
    """True where at least one problem forbids sending."""
    return any(problem.weight is Weight.STOPS for problem in problems)


def _part(index: int, part: Part, options: Mapping[str, Any], can: Capabilities) -> list[Problem]:
    where = f"segments.{index}"
    return [
        *_text(where, part, options if index == 0 else {}, can),
        *_media(where, part, can),
        *(_poll(where, part, can) if part.poll else ()),
    ]


def _text(where: str, part: Part, options: Mapping[str, Any], can: Capabilities) -> list[Problem]:
    problems, size = [], length(part, options, can)
    bare = not part.text.strip()
    if (bare and not part.items) or (bare and can.text.required_without_media and part.poll):
        problems.append(Problem(f"{where}.text", "empty_text"))
    if size.left < 0:
        problems.append(
            Problem(f"{where}.text", "too_long", {"used": size.used, "limit": size.limit, "over": -size.left})
        )
    used = len(part.text.encode())
    if can.text.bytes_limit and used > can.text.bytes_limit:
        problems.append(Problem(f"{where}.text", "too_many_bytes", {"used": used, "limit": can.text.bytes_limit}))
    return problems + _patterns(f"{where}.text", part.text, can)


def _patterns(place: str, text: str, can: Capabilities) -> list[Problem]:
    found = [(rule, sum(1 for _ in re.finditer(rule.pattern, text))) for rule in can.patterns]
    return [
        Problem(place, "too_many_matches", {"what": rule.label, "count": number, "limit": rule.most})
        for rule, number in found
        if number > rule.most
    ]


def _media(where: str, part: Part, can: Capabilities) -> list[Problem]:
    problems, place = [], f"{where}.attachments"
    if len(part.items) > can.max_attachments:
        problems.append(
            Problem(place, "too_many_attachments", {"count": len(part.items), "limit": can.max_attachments})
        )
    if can.media_required and not part.items and not part.poll:
        problems.append(Problem(place, "media_required"))
    kinds = {item.kind for item in part.items}
    if len(kinds) > 1 and not can.mixed_media and kinds != {MediaKind.IMAGE, MediaKind.GIF}:
        problems.append(Problem(place, "mixed_media"))
    for kind in sorted(kinds):
        problems += _kind(place, kind, part.items, can)
    for number, item in enumerate(part.items):
        problems += _item(f"{place}.{number}", item, can.media_rule(item.kind))
    return problems


def _kind(place: str, kind: MediaKind, items: Sequence[Item], can: Capabilities) -> list[Problem]:
    rule, number = can.media_rule(kind), sum(item.kind is kind for item in items)
    if rule is None:
        return [Problem(place, "kind_not_taken", {"kind": str(kind)})]
    if rule.alone and number < len(items):
        return [Problem(place, "not_alone", {"kind": str(kind)})]
    if number > rule.max_count and rule.max_count < can.max_attachments:
        return [Problem(place, "too_many_of_kind", {"kind": str(kind), "count": number, "limit": rule.max_count})]
    return []


def _item(place: str, item: Item, rule: MediaRule | None) -> list[Problem]:
    if not item.present:
        return [Problem(place, "file_missing")]
    if rule is None:
        return []
    problems = []
    still = item.kind in (MediaKind.IMAGE, MediaKind.GIF)
    if not still and rule.max_bytes and item.size > rule.max_bytes:
        problems.append(Problem(place, "file_too_large", {"size": item.size, "limit": rule.max_bytes}))
    if rule.max_seconds and item.seconds > rule.max_seconds:
        problems.append(
            Problem(place, "too_long_to_play", {"seconds": round(item.seconds), "limit": round(rule.max_seconds)})
        )
    if rule.alt_limit and len(item.alt) > rule.alt_limit:
        problems.append(Problem(f"{place}.alt", "alt_too_long", {"used": len(item.alt), "limit": rule.alt_limit}))
    if rule.alt_limit and not item.alt.strip():
        problems.append(Problem(f"{place}.alt", "alt_missing", weight=Weight.WARNS))
    return problems


def _poll(where: str, part: Part, can: Capabilities) -> list[Problem]:
    poll, rule, place = part.poll, can.poll, f"{where}.poll"
    if poll is None or rule is None:
        return [Problem(place, "no_polls")]
    problems = []
    if part.items and not can.poll_with_media:
        problems.append(Problem(place, "poll_with_media"))
    if not 2 <= len(poll.options) <= rule.max_options:
        problems.append(Problem(place, "poll_options", {"count": len(poll.options), "limit": rule.max_options}))
    if len(set(poll.options)) < len(poll.options) or not all(option.strip() for option in poll.options):
        problems.append(Problem(place, "poll_option_empty_or_twice"))
    if any(len(option) > rule.option_limit for option in poll.options):
        problems.append(Problem(place, "poll_option_too_long", {"limit": rule.option_limit}))
    if not rule.min_seconds <= poll.seconds <= rule.max_seconds:
        problems.append(Problem(place, "poll_time", {"shortest": rule.min_seconds, "longest": rule.max_seconds}))
    if poll.multiple and not rule.multiple:
        problems.append(Problem(place, "poll_multiple"))
    return problems


def _option(option: Option, value: Any) -> list[Problem]:
    place = f"options.{option.name}"
    if value in (None, ""):
        return _missing(option, place) if option.required and option.default in (None, "") else []
    if (option.choices or option.from_account) and value not in [choice for choice, _ in option.choices]:
        return [Problem(place, "not_a_choice", {"value": str(value)[:80]})]
    if option.limit and len(str(value)) > option.limit:
        return [Problem(place, "option_too_long", {"limit": option.limit})]
    return []


def _missing(option: Option, place: str) -> list[Problem]:
    """A required option without a value; where the account told no choices there is nothing to choose from."""
    code = "no_choices" if option.from_account and not option.choices else "option_missing"
    return [Problem(place, code, {"label": option.label})]
