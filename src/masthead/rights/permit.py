"""The gate's question: may this be done with this record? Pure: rules, grants and the time come in, the answer with its reasons
comes out. `release.py` asks it for everything that leaves.

Deny beats allow, the most restrictive reason wins, and what nobody states is unknown and stays in. What the workspace wrote
itself, or brought in from its account's own archive, is its own: the platform's terms for its API do not bind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from masthead.contract.terms import KINDS, USES, Term, Terms, Use, Verdict, strictest
from masthead.kit.words import N_ as _
from masthead.rights.items import Item

OUTWARD: frozenset[Use] = frozenset(("combine", "ai_input", "ai_train", "redistribute"))
"""Uses that carry a record out of the place it is kept in; another person's words in one's own archive are asked for."""


PLAIN: Mapping[str, str] = {
    "gone": _("It was deleted on the platform, or its time is up."),
    "unlisted": _("Masthead does not know this kind of record or this use."),
    "own": _("The workspace's own words: written here, or from the account's own archive."),
    "origin": _("Nobody wrote down how it was obtained."),
    "archive": _("It came with the account's own archive, and stays in the workspace."),
    "others": _("Somebody else wrote it: using it so needs their consent, or a grant."),
    "no-terms": _("Masthead knows no terms of this platform."),
    "grantee": _("It goes to somebody else: that needs a grant to them."),
    "preference": _("The person it belongs to does not want this use."),
    "version": _("It was obtained under a version of the terms that Masthead does not know."),
    "silent": _("The terms do not say."),
    "workspace": _("It belongs to another workspace."),
    "stop": _("The workspace itself has stopped it: an erasure or a hold."),
    "keep-until": _("The day until which it was to be kept has passed."),
}
"""What the gate's own rules say, by the name that begins each."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission the workspace gave: which records, for which uses, to whom ("" for itself), from when until when.

    `covers` says of a record whether it is among them; `again`, where there is one, how the grant stands by now.
    """

    id: str
    grantee: str
    uses: frozenset[Use]
    covers: Callable[[Item], bool]
    since: datetime
    until: datetime | None = None
    again: Callable[[], Grant] | None = field(default=None, compare=False)

    def opens(self, item: Item, use: Use, to: str, now: datetime) -> bool:
        """True for exactly its records, uses, grantee and time."""
        in_time = self.since <= now and (self.until is None or now < self.until)
        return in_time and self.grantee == to and use in self.uses and self.covers(item)


@dataclass(frozen=True, slots=True)
class Stop:
    """Something of ours that keeps records in: an erasure somebody asked for, a hold. `uses` empty stops every use."""

    id: str
    why: str
    covers: Callable[[Item], bool]
    uses: frozenset[Use] = frozenset()

    def stops(self, item: Item, use: Use) -> bool:
        """True where the use of the record is stopped."""
        return (not self.uses or use in self.uses) and self.covers(item)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the gate goes by: each platform's terms, and what the workspace itself has stopped."""

    terms: Mapping[str, Terms]
    stops: Sequence[Stop] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: the rule by name, what it says, where it stands, of which version, until when it allows.

    `rule` is stable and short, so that refusals can be counted by it; `clause` is in English and may be translated.
    """

    rule: str
    verdict: Verdict
    clause: str
    source_url: str = ""
    version: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict and everything that led to it, the most restrictive first."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = field(default_factory=tuple)

    @property
    def allowed(self) -> bool:
        """True only for allow: to ask, or not to know, is not enough."""
        return self.verdict == "allow"

    @property
    def because(self) -> Reason:
        """The reason that decides."""
        return next(one for one in self.reasons if one.verdict == self.verdict)


def answer(
    item: Item, use: Use, *, rules: Rules, grants: Sequence[Grant] = (), now: datetime, to: str = "", bare: bool = False
) -> Answer:
    """May `item` be used so at `now`? `to` names who gets it; "" is the workspace itself. `bare`: only its id leaves, no content.

    What goes to somebody else needs a grant to them even where it is the workspace's own. A grant opens what must be asked for,
    what is unknown and what is one's own, for exactly its records, uses, grantee and time; it opens no denial. The yes of the
    record's subject opens what must be asked for.
    """
    reasons = [
        *_gone(item),
        *_stopped(item, use, rules),
        *_wished(item, use),
        *((bare and _as_ids(item, use, rules, now)) or _origin(item, use, rules, now, to)),
        *_to_others(to),
    ]
    verdict = strictest(one.verdict for one in reasons)
    if verdict in ("ask", "unknown") and (opener := _opened(item, use, grants, now, to, reasons)):
        verdict, reasons = "allow", [opener, *reasons]
    return Answer(verdict, tuple(sorted(reasons, key=lambda one: one.verdict != verdict)))


def is_own(item: Item) -> bool:
    """True for what the workspace wrote here, and for the account's own posts out of the account's own archive."""
    return item.obtained_via == "own" or (item.obtained_via == "export" and item.kind == "own_post")


def _gone(item: Item) -> Iterator[Reason]:
    """What was deleted there stays in; a text that was written here is still the workspace's."""
    if item.gone_at is not None and item.obtained_via != "own":
        yield Reason("gone", "deny", PLAIN["gone"])


def _stopped(item: Item, use: Use, rules: Rules) -> Iterator[Reason]:
    for one in rules.stops:
        if one.stops(item, use):
            yield Reason(f"stop:{one.id}", "deny", one.why)


def _wished(item: Item, use: Use) -> Iterator[Reason]:
    """The subject's wish: a no binds always. A yes is no reason of its own; it opens what must be asked for."""
    if item.preference.get(use) == "deny":
        yield Reason(f"preference:{use}", "deny", PLAIN["preference"])


def _origin(item: Item, use: Use, rules: Rules, now: datetime, to: str) -> Iterator[Reason]:
    if item.kind not in KINDS or use not in USES:
        yield Reason("unlisted", "unknown", PLAIN["unlisted"])
    elif is_own(item):
        yield Reason("own", "allow", PLAIN["own"])
    elif item.obtained_via == "export":
        yield from _from_archive(item, use, rules, to)
    elif item.obtained_via in ("api", "federation"):
        yield from _by_terms(item, use, rules, now, to)
    else:
        yield Reason("origin", "unknown", PLAIN["origin"])


def _as_ids(item: Item, use: Use, rules: Rules, now: datetime) -> tuple[Reason, ...]:
    """The platform's rule that ids may be handed on; nothing where it has none, or the item is judged by its content."""
    terms = rules.terms.get(item.platform)
    rule = terms.redistribution if terms else None
    fits = item.obtained_via in ("api", "federation") and item.kind in ("own_post", "others_post", "reaction")
    if terms is None or rule is None or not rule.ids_only or use != "redistribute" or not fits:
        return ()
    reason = Reason(f"{item.platform}:ids", "allow", rule.clause, rule.source.url, terms.version)
    return (reason, *_late(item, terms, now))


def _from_archive(item: Item, use: Use, rules: Rules, to: str) -> Iterator[Reason]:
    """Other people's words in one's own archive: no API's terms bind them, their authors' rights do.

    What the platform's terms deny for data of its API is not done with these either, as a careful reading.
    """
    if use not in OUTWARD:
        yield Reason("archive", "allow", PLAIN["archive"])
        return
    yield Reason("others", "ask", PLAIN["others"])
    terms = rules.terms.get(item.platform)
    rule = terms.rule(item.kind, use) if terms else None
    if terms and rule and rule.verdict_for(others=bool(to)) == "deny":
        yield _reason(item.platform, terms, rule, "deny")


def _by_terms(item: Item, use: Use, rules: Rules, now: datetime, to: str) -> Iterator[Reason]:
    terms = rules.terms.get(item.platform)
    if terms is None:
        yield Reason("no-terms", "unknown", PLAIN["no-terms"])
        return
    if item.terms_version and item.terms_version not in {terms.version, *terms.also}:
        yield Reason(f"{item.platform}:version", "unknown", PLAIN["version"], version=item.terms_version)
    rule = terms.rule(item.kind, use)
    if rule is None:
        yield Reason(f"{item.platform}:{item.kind}:{use}", "unknown", PLAIN["silent"], "", terms.version)
    else:
        yield _in_time(item, terms, rule, now, to)
    if use != "store":
        yield from _late(item, terms, now)


def _late(item: Item, terms: Terms, now: datetime) -> Iterator[Reason]:
    """A denial where the time for which it may be kept is up."""
    stored = terms.rule(item.kind, "store")
    if stored and stored.within and (late := _in_time(item, terms, stored, now, "")).verdict == "deny":
        yield late


def _in_time(item: Item, terms: Terms, rule: Term, now: datetime, to: str) -> Reason:
    """The rule's reason; a denial once its time is up."""
    until = item.obtained_at + rule.within if rule.within else None
    expired = until is not None and until <= now
    return _reason(item.platform, terms, rule, "deny" if expired else rule.verdict_for(others=bool(to)), until)


def _reason(platform: str, terms: Terms, rule: Term, verdict: Verdict, until: datetime | None = None) -> Reason:
    name = f"{platform}:{rule.kind}:{rule.use}"
    return Reason(name, verdict, rule.clause, rule.source.url, terms.version, until)


def _to_others(to: str) -> Iterator[Reason]:
    if to:
        yield Reason("grantee", "ask", PLAIN["grantee"])


def _opened(
    item: Item, use: Use, grants: Sequence[Grant], now: datetime, to: str, reasons: Sequence[Reason]
) -> Reason | None:
    """What opens it: a grant, or for what only the subject must be asked about, the subject's own yes."""
    for one in grants:
        if one.opens(item, use, to, now):
            return Reason(f"grant:{one.id}", "allow", _("A grant covers it."), until=one.until)
    asked = [one for one in reasons if one.verdict != "allow"]
    if item.preference.get(use) == "allow" and not to and all(one.verdict == "ask" for one in asked):
        return Reason(f"preference:{use}", "allow", _("The person it belongs to wants this use to be possible."))
    return None
