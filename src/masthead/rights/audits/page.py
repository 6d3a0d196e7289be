"""What the pages of audits show: how each stands, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from masthead.channels.words import spoken
from masthead.rights.archive.asked import restored
from masthead.rights.archive.wanted import Wanted
from masthead.rights.archive.wishes import in_words
from masthead.rights.audit.progress import duration
from masthead.rights.audits.corpora import words_of
from masthead.rights.audits.words import FILES, FIRST, PHASES, STANDINGS, TIERS, found_of, grouped, odds, share, summary
from masthead.rights.datasets.words import Kept, why_of
from masthead.rights.models import Audit, Finding
from masthead.rights.release import clause_of

State = Audit.State
LOOKS = {
    State.WAITING: ("info", "clock"),
    State.RUNNING: ("info", "hourglass"),
    State.FINISHED: ("ok", "circle-check"),
    State.FAILED: ("bad", "circle-x"),
    State.STOPPED: ("quiet", "ban"),
}


@dataclass(frozen=True)
class Standing:
    """An audit as a page shows it. `percent` is None where it cannot be told."""

    row: Audit

    @property
    def tone(self) -> str:
        """Its colour."""
        return LOOKS[State(self.row.state)][0]

    @property
    def icon(self) -> str:
        """Its picture."""
        return LOOKS[State(self.row.state)][1]

    @property
    def moving(self) -> bool:
        """True while something still happens by itself."""
        return self.row.state in (State.WAITING, State.RUNNING)

    @property
    def can_go_on(self) -> bool:
        """True where somebody may let it go on."""
        return self.row.state in (State.STOPPED, State.FAILED)

    @property
    def corpus(self) -> str:
        """The corpus, without where it lies on the server."""
        return words_of(self.row.corpus)

    @property
    def wish(self) -> str:
        """Which posts."""
        wanted = restored(self.row.wanted)
        others = replace(wanted, kind="")
        own = _("All own posts") if others == Wanted() else _("Own posts")
        return own if others == Wanted() else f"{own}, {in_words(others, self.row.workspace)}"

    @property
    def phase(self) -> str:
        """What is being done, in words."""
        if self.row.state == State.RUNNING:
            return str(PHASES.get(self.row.progress.get("phase", ""), ""))
        return _("Waiting for its turn") if self.row.state == State.WAITING else ""

    @property
    def percent(self) -> int | None:
        """How much of the corpus is read."""
        done, total = self.row.progress.get("done"), self.row.progress.get("total")
        return min(100 * done // total, 100) if done is not None and total else None

    @property
    def left(self) -> str:
        """How long it will still take; nothing while that is not known."""
        left = self.row.progress.get("left")
        return "" if left is None else duration(left)

    @property
    def summary(self) -> str:
        """What came of it."""
        return summary(self.row) if self.row.state == State.FINISHED else ""

    @property
    def files(self) -> list[dict[str, Any]]:
        """What can be taken, in order."""
        kept = self.row.files
        return [
            {"name": name, "word": word, "first": FIRST.get(name, ""), **kept[name]}
            for name, word in FILES.items()
            if name in kept
        ]

    @property
    def kept_in(self) -> list[Kept]:
        """Records that could not be looked for, and why."""
        by_rule = self.row.release.by_rule if self.row.release else {}
        found = [Kept(why_of(rule), spoken(clause_of(rule)), number) for rule, number in by_rule.items()]
        return sorted(found, key=lambda one: -one.records)


def outcome(row: Audit) -> dict[str, Any]:
    """Facts, inference and tests of a finished audit."""
    counts = row.counts
    standings = counts.get("standings", {})
    return {
        "found": found_of(counts),
        "attributed": standings.get("attributed", 0),
        "tiers": [(*TIERS[one], counts["tiers"][one]) for one in TIERS if counts.get("tiers", {}).get(one)],
        "standings": [(name, *STANDINGS[name], standings[name]) for name in STANDINGS if standings.get(name)],
        "together": _together(counts.get("population")),
        "twins": _twins(counts.get("twins")),
        "inputs": [one | {"name": below(one["place"], row)} for one in counts.get("inputs", [])],
        "unread": [
            (below(one.get("place") or one.get("source", ""), row), one["problem"], one["remedy"])
            for one in (*counts.get("skipped", []), *counts.get("problems", []))
        ],
    }


def below(place: str, row: Audit) -> str:
    """A file of the corpus as people know it, below what the operator offers."""
    return place.removeprefix(row.corpus.get("root", "")).lstrip("/") or words_of(row.corpus)


def _together(told: dict[str, Any] | None) -> list[str]:
    """The comparison of all posts with texts that never went out."""
    if not told:
        return []
    total = told["total"]
    said = {
        "hits": grouped(total["live_hits"]),
        "live": grouped(total["live"]),
        "decoy_hits": grouped(total["decoy_hits"]),
        "decoys": grouped(total["decoys"]),
    }
    return [
        _("Of %(live)s posts %(hits)s match; of %(decoys)s texts that never went out %(decoy_hits)s do.") % said,
        _("If posts matched no more often than those, this many would come about with a probability of %s.")
        % odds(total["p"] if total["p"] is not None else 1.0),
        _("About %(share)s of the posts stand there beyond chance (95 %% interval: %(low)s to %(high)s).")
        % {name: share(told[key] or 0.0) for name, key in (("share", "excess"), ("low", "low"), ("high", "high"))},
    ]


def _twins(told: dict[str, Any] | None) -> list[str]:
    """The randomised test: which of two wordings was published was drawn by chance."""
    if not told or not told["pairs"]:
        return []
    said = {name: grouped(told[name]) for name in ("pairs", "wins", "losses", "ties")}
    return [
        _("Of %(pairs)s pairs of wordings the published one matches better in %(wins)s, the other one in %(losses)s.")
        % said,
        _("By the coin alone, so many would come about with a probability of %s.") % odds(told["p"]),
    ]


def shown(finding: Finding, row: Audit) -> dict[str, Any]:
    """A finding as the page shows it, its file below the corpus' own folder."""
    word, says = STANDINGS.get(finding.standing, (finding.standing, ""))
    tier, means = TIERS.get(finding.tier, (finding.tier, ""))
    draft = finding.item.startswith(("draft:", "twin:"))
    return {
        "row": finding,
        "standing": word,
        "says": says,
        "tier": tier,
        "means": means,
        "rate": share(finding.q) if finding.q is not None else "",
        "source": below(finding.source, row),
        "item": "" if draft else finding.item,
        "draft": finding.item.split(":")[1] if draft else "",
    }
