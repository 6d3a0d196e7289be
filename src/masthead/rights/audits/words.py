"""What the pages say about audits: standings, strengths, files, and what came of one in a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from masthead.rights.models import Audit

FILES: dict[str, Any] = {
    "report.html": gettext_lazy("The report as a page"),
    "report.pdf": gettext_lazy("The report to print"),
    "findings.jsonl": gettext_lazy("Every match with its verdict"),
    "report.dsse.json": gettext_lazy("The signature over these three"),
    "report.pub": gettext_lazy("The public key that signed"),
    "matches.jsonl": gettext_lazy("Every match with its bytes, as found"),
    "problems.jsonl": gettext_lazy("What could not be read"),
    "run.json": gettext_lazy("Files, options and versions, written before the run"),
    "result.json": gettext_lazy("SHA-256 of everything that was read"),
    "posts.jsonl": gettext_lazy("The posts, to do it again"),
}
FIRST: dict[str, Any] = {
    "report.html": gettext_lazy("Report"),
    "report.pdf": "PDF",
    "findings.jsonl": gettext_lazy("All matches"),
    "report.dsse.json": gettext_lazy("Signature"),
}
"""What most people come for: the buttons at the top."""
STANDINGS: dict[str, tuple[Any, Any]] = {
    "attributed": (
        gettext_lazy("Put down to the post"),
        gettext_lazy("Stands there, and is put down to the post at the error rate asked for."),
    ),
    "unproven": (
        gettext_lazy("Not proven"),
        gettext_lazy("Stands there, but texts that cannot be in the corpus match as well as this too often by chance."),
    ),
    "short": (
        gettext_lazy("Too short"),
        gettext_lazy(
            "Stands there; under 8 words, which many people may write. It counts only in the comparison of all posts."
        ),
    ),
    "common": (
        gettext_lazy("A phrase of everybody"),
        gettext_lazy("Stands in so many documents that it is a phrase of everybody."),
    ),
    "shared": (
        gettext_lazy("Not yours alone"),
        gettext_lazy(
            "Stands there; a text that cannot be in the corpus has the very same words, so they prove nothing."
        ),
    ),
    "outmatched": (
        gettext_lazy("Fits another post better"),
        gettext_lazy("Stands there, but each of the places fits another of the posts better."),
    ),
    "undecided": (
        gettext_lazy("Cannot be judged"),
        gettext_lazy(
            "Stands there; without texts that never went out nobody can say how often that happens by chance."
        ),
    ),
    "decoy": (
        gettext_lazy("Chance"),
        gettext_lazy("A text that never went out: this match is chance, and measures chance."),
    ),
}
TIERS: dict[str, tuple[Any, Any]] = {
    "exact": (pgettext_lazy("match", "Exact"), gettext_lazy("the same characters")),
    "normalised": (
        pgettext_lazy("match", "Same words"),
        gettext_lazy("every word, with other case, spacing, punctuation or links"),
    ),
    "edited": (pgettext_lazy("match", "Edited"), gettext_lazy("most of it, with other words between")),
    "quoted": (pgettext_lazy("match", "Quoted"), gettext_lazy("a part of it, word for word")),
}
PHASES: dict[str, Any] = {
    "": gettext_lazy("Starting"),
    "posts": gettext_lazy("Taking posts from the archive"),
    "preparing": gettext_lazy("Making an index of the posts"),
    "reading": gettext_lazy("Reading the corpus"),
    "judging": gettext_lazy("Judging what was found, and writing the report"),
}


def grouped(value: float) -> str:
    """A whole number as people write it."""
    return _rounded(value, 0)


def _rounded(value: float, digits: int) -> str:
    """Rounded first: what Django formats, it only cuts."""
    near = round(value, digits)
    return str(number_format(near, decimal_pos=0 if near == int(near) else digits, use_l10n=True, force_grouping=True))


def share(value: float) -> str:
    """A share in percent, with as many digits as mean something."""
    digits = 0 if not value or value >= 0.1 else 1 if value >= 0.01 else 2
    return (_("%s %%") % _rounded(100 * value, digits)).replace(" ", "\u00a0")


def odds(p: float) -> str:
    """A probability as people say it."""
    if p >= 0.001:
        return _rounded(p, 3)
    return _("less than 1 in a million") if p < 1e-6 else _("about 1 in %s") % grouped(1 / p)


def found_of(counts: dict[str, Any]) -> int:
    """Posts with at least one place, without the decoys."""
    return int(sum(number for standing, number in counts.get("standings", {}).items() if standing != "decoy"))


def summary(row: Audit) -> str:
    """What came of a finished audit, in a sentence or two: first what is a fact, then what is an inference."""
    counts = row.counts
    found = found_of(counts)
    if not found:
        return _("None of the posts was found in the corpus.")
    fact = ngettext("Words of %(n)s post stand in the corpus.", "Words of %(n)s posts stand in the corpus.", found) % {
        "n": grouped(found)
    }
    return f"{fact} {_inference(counts, row.target)}"


def _inference(counts: dict[str, Any], target: float) -> str:
    if not counts.get("judged"):
        return _("Whose words they are cannot be said: too few texts that never went out were there to measure chance.")
    attributed = int(counts["standings"].get("attributed", 0))
    if not attributed:
        return _("No single one can be put down to its post: texts that never went out match as well too often.")
    return ngettext(
        "%(n)s is put down to its post; of such attributions at most %(rate)s are wrong on average.",
        "%(n)s are put down to their posts; of such attributions at most %(rate)s are wrong on average.",
        attributed,
    ) % {"n": grouped(attributed), "rate": share(target)}
