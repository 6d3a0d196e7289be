"""What can be read and answered on a platform, as data with a source and a date. Plans and accounts narrow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from masthead.contract.capabilities import LookUp, Source, TextRule

if TYPE_CHECKING:
    from masthead.contract.inbox import Message


class Kind(StrEnum):
    """How somebody wrote to the account: named it in a post, answered a post of its own, or wrote in private."""

    MENTION = "mention"
    COMMENT = "comment"
    DIRECT = "direct"


class Objection(StrEnum):
    """Why a message cannot be answered in a certain way."""

    OWN = "own"
    NOT_OFFERED = "not_offered"
    NOT_SUMMONED = "not_summoned"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Stream:
    """One listing of the platform and the kinds of message it brings, at most `page_size` at once.

    `every_seconds`: how often it is worth asking. `days_back`: how far back the platform shows messages, 0 where it says nothing.
    """

    name: str
    kinds: tuple[Kind, ...]
    page_size: int
    source: Source
    every_seconds: int = 120
    days_back: int = 0


@dataclass(frozen=True, slots=True)
class Answering:
    """How messages of a kind are answered. `look_up`: how an unclear outcome is settled.

    `window_seconds`: only so long after the person's last message; 0 without such a limit. `summoned`: only where the author asked
    for the account by name. `begins`: may also go to the author of a public message. `as_posts`: the account's own
    limit of a post's text holds here too.
    """

    kind: Kind
    text: TextRule
    source: Source
    look_up: LookUp = LookUp.OWN_POSTS
    window_seconds: int = 0
    summoned: bool = False
    begins: bool = False
    as_posts: bool = True


@dataclass(frozen=True, slots=True)
class InboxRules:
    """What can be read and how it can be answered; a kind that is missing in `answers` can only be read."""

    streams: tuple[Stream, ...]
    answers: tuple[Answering, ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds that can be read."""
        return tuple(one for one in Kind if any(one in stream.kinds for stream in self.streams))

    def answering(self, kind: Kind) -> Answering | None:
        """How messages of a kind are answered; None where they are not."""
        return next((one for one in self.answers if one.kind is kind), None)

    def narrowed(self, limits: Mapping[str, Any]) -> InboxRules:
        """These rules with what plan and account told put over them (`Capabilities.told`).

        Known keys: inbox_without_streams (names), inbox_without_answers (kinds), inbox_summoned (kinds that may be answered only
        where the author asked), text_limit (of answers that are posts). Unknown keys are ignored.
        """
        streams = tuple(one for one in self.streams if one.name not in limits.get("inbox_without_streams", ()))
        left = [one for one in self.answers if one.kind not in limits.get("inbox_without_answers", ())]
        return InboxRules(streams, tuple(_narrowed(one, limits) for one in left))

    def objection(
        self, message: Message, at: datetime, *, private: bool = False, last_at: datetime | None = None
    ) -> Objection | None:
        """Why a message cannot be answered at a moment; None where it can. `last_at`: when the person last wrote in the conversation."""
        rule = self.answering(Kind.DIRECT if private else message.kind)
        public = message.kind is not Kind.DIRECT
        if message.own:
            return Objection.OWN
        if rule is None or (private and public and not rule.begins):
            return Objection.NOT_OFFERED
        if rule.summoned and not message.summons:
            return Objection.NOT_SUMMONED
        late = timedelta(seconds=rule.window_seconds) < at - (last_at or message.sent_at)
        return Objection.TOO_LATE if rule.window_seconds and late else None


def _narrowed(rule: Answering, limits: Mapping[str, Any]) -> Answering:
    limit = int(limits.get("text_limit", rule.text.limit)) if rule.as_posts else rule.text.limit
    summoned = rule.summoned or rule.kind in limits.get("inbox_summoned", ())
    return replace(rule, text=replace(rule.text, limit=limit), summoned=summoned)
