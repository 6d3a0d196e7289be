"""Pure: the page of platforms, written from their capabilities, and which limits were last looked up too long ago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from masthead.contract.capabilities import Capabilities, LookUp, MediaRule, Quota, Source
from masthead.contract.inbox import InboxPart, Kind
from masthead.contract.platform import Platform, Tested

STALE_AFTER = timedelta(days=90)
OPENING = """# Platforms

What each platform offers through Masthead. This page is written by `masthead platforms page` from the data of the connectors,
and a test compares the two. What one server or account tells at sign-in, and what its plan allows, is put over these limits.
`masthead platforms check` names the limits that nobody has looked up for 90 days.

"""
COUNTING = """
How text is counted:

| word | meaning |
|---|---|
| graphemes | What a reader sees as one character counts one; a family of emoji too. |
| code_points | Unicode code points. |
| utf16 | UTF-16 units; most emoji count two. |
| links_as_23 | Graphemes, but every link counts 23 and the server part of a mention nothing. |
| emoji_as_bytes | Unicode code points, but an emoji counts as many as it has bytes (most have four). |
| weighted_v3 | Weights by script: most of East Asia and emoji count two, a link 23. |

How an unclear outcome is settled, so that nothing is published twice:

| word | meaning |
|---|---|
| key | The platform honours a key that Masthead sends, the same on every try. |
| own posts | Masthead reads the account's own posts and looks for it. |
| a person | The platform offers neither; a person is shown the evidence and asked. |

What the tests run against: the platform's own *server*; a double that checks every request against the platform's own machine-readable
*description*; *recordings* of real traffic; or a double written by hand from the documentation (*contract*).
"""
HEADS = (
    "platform",
    "text",
    "attachments",
    "parts of a thread",
    "polls",
    "edit",
    "remove",
    "past posts",
    "inbox",
    "unclear outcomes",
    "app needed",
    "tested against",
)
LOOK_UPS = {
    LookUp.KEY: "key",
    LookUp.OWN_POSTS: "own posts",
    LookUp.PUBLIC_POSTS: "public posts, else a person",
    LookUp.PERSON: "a person",
}

KINDS = {Kind.MENTION: "mentions", Kind.COMMENT: "comments", Kind.DIRECT: "messages"}


@dataclass(frozen=True, slots=True)
class Stale:
    """A source that was last looked at too long ago, and the platform that relies on it."""

    platform: str
    source: Source


def sources(value: object) -> Iterator[Source]:
    """Every source inside a platform's data, in order."""
    if isinstance(value, Source):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from sources(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from sources(getattr(value, name))


def facts(platform: Platform) -> list[Source]:
    """The sources of a platform's capabilities, home, developer app, inbox and ads, each once."""
    inbox, ads = platform.inbox and platform.inbox.rules, platform.ads and platform.ads.rules
    return list(dict.fromkeys(sources((platform.home, platform.capabilities, platform.app, inbox, ads))))


def stale(platforms: Mapping[str, Platform], today: date) -> list[Stale]:
    """Sources older than 90 days on `today`, oldest first."""
    old = [
        Stale(one.name, source)
        for one in platforms.values()
        for source in facts(one)
        if today - source.checked_on > STALE_AFTER
    ]
    return sorted(old, key=lambda one: (one.source.checked_on, one.platform, one.source.url))


def page(platforms: Mapping[str, Platform]) -> str:
    """The whole page as Markdown."""
    known = sorted(platforms.values(), key=lambda one: one.name.casefold())
    table = _table(HEADS, [row(one) for one in known])
    return OPENING + table + COUNTING + "".join(_section(one) for one in known)


def row(platform: Platform) -> list[str]:
    """A platform's line of the table."""
    can = platform.capabilities
    kinds = ", ".join(dict.fromkeys(str(rule.kind) for rule in can.media)) or "none"
    return [
        platform.name,
        f"{can.text.limit:,} {can.text.counting}",
        f"{can.max_attachments} ({kinds})",
        str(can.threads.max_segments),
        *(_yes(one) for one in (can.poll, can.edit, can.remove, platform.history)),
        _inbox(platform.inbox),
        LOOK_UPS[can.look_up],
        _yes(platform.app),
        ", ".join(tested(platform)),
    ]


def _inbox(part: InboxPart | None) -> str:
    """Which kinds of message are read and which are answered."""
    if part is None:
        return "no"
    answered = [kind for kind in part.rules.kinds if part.rules.answering(kind)]
    return f"reads {_kinds(part.rules.kinds)}; answers {_kinds(answered)}"


def _kinds(kinds: Sequence[Kind]) -> str:
    return ", ".join(KINDS[one] for one in kinds) or "none"


def tested(platform: Platform) -> list[str]:
    """What its tests run against, best first."""
    return [str(one) for one in Tested if one in platform.tested]


def _yes(value: object) -> str:
    return "yes" if value else "no"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("| --- |", "|---|").replace(" --- |", "---|")


def _section(platform: Platform) -> str:
    can = platform.capabilities
    parts = [f"\n## {platform.name}\n"]
    parts += [f"\n{platform.about}\n"] if platform.about else []
    parts += ["\n" + "".join(f"- {note}\n" for note in platform.notes)] if platform.notes else []
    parts += ["\n" + _table(("limit", "value", "source, checked on"), [*_limits(can), *_inbox_limits(platform)])]
    parts += [f"\nSettings of a variant: {', '.join(one.label for one in can.options)}.\n"] if can.options else []
    parts += [f"\nPlans: {', '.join(one.name for one in can.plans)}.\n"] if can.plans else []
    return "".join(parts)


def _limits(can: Capabilities) -> Iterator[list[str]]:
    beside = (("files", can.text.media_limit), ("a poll", can.text.poll_limit))
    less = "".join(f", {limit:,} beside {what}" for what, limit in beside if limit)
    yield ["text", f"{can.text.limit:,} {can.text.counting}{less}", _link(can.text.source)]
    for rule in can.media:
        yield [str(rule.kind), _media(rule), _link(rule.source)]
    for quota in can.quotas:
        yield [f"quota: {quota.bucket}", _quota(quota), _link(quota.source)]


def _inbox_limits(platform: Platform) -> Iterator[list[str]]:
    """What is read, and what holds for an answer, under the plan that holds where the app names none."""
    if platform.inbox is None:
        return
    rules = platform.inbox.rules.narrowed(platform.capabilities.told({}))
    for stream in rules.streams:
        back = f", back to {stream.days_back} days" if stream.days_back else ""
        yield [
            f"inbox: {stream.name}",
            f"{_kinds(stream.kinds)}, {stream.page_size} at once{back}",
            _link(stream.source),
        ]
    for one in rules.answers:
        parts = [f"{one.text.limit:,} {one.text.counting}"]
        parts += ["only where the author asked for the account"] if one.summoned else []
        parts += [f"within {_time(one.window_seconds)} after the last message"] if one.window_seconds else []
        parts += ["also to authors of public messages"] if one.begins else []
        yield [f"answers to {KINDS[one.kind]}", ", ".join(parts), _link(one.source)]


def _media(rule: MediaRule) -> str:
    parts = [f"{rule.max_count} in a post"]
    parts += [_size(rule.max_bytes)] if rule.max_bytes else []
    parts += [f"{rule.max_seconds:,.0f} s"] if rule.max_seconds else []
    parts += [f"{rule.max_pixels / 1e6:,.1f} megapixels"] if rule.max_pixels else []
    parts += [f"alt text of {rule.alt_limit:,}"] if rule.alt_limit else []
    return ", ".join(parts)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.0f} kB"


def _quota(quota: Quota) -> str:
    return f"{quota.limit:,} in {_time(quota.seconds)}, per {quota.scope}"


def _time(seconds: int) -> str:
    for size, word in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds % size == 0:
            return f"{seconds // size} {word if seconds > size else word[:-1]}"
    return f"{seconds} seconds"


def _link(source: Source) -> str:
    return f"[{source.checked_on:%Y-%m-%d}]({source.url})"
