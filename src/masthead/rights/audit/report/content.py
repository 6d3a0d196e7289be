"""What the report says, block by block, in plain words: facts first, inference with its error rate second, the way to repeat it last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from masthead.rights.audit.report import pictures
from masthead.rights.audit.report.about import About
from masthead.rights.audit.report.blocks import Block, Figures, Heading, Picture, Points, Table, Words
from masthead.rights.audit.report.evidence import evidence
from masthead.rights.audit.report.plain import odds, percent, plain, quoted, when
from masthead.rights.audit.values import TIERS, Match, Post
from masthead.rights.audit.verdicts import STANDINGS, Group, Population, Twins, Verdicts

MEANS: Final = (
    "A place in this report is a fact: these bytes of this file hold these words. Anybody with the file can look.",
    "An attributed post is an inference: words like these, this well matched, hardly ever stand in the corpus unless the post is there.",
    "The error rate is one of the whole list, on average over audits like this one. It is not the chance that one certain post is wrong.",
)
MEANS_NOT: Final = (
    "It does not say who put a text into the corpus, when, from where, or whether that was allowed.",
    "It does not say that a model was trained on it. It says what is in the files that were read.",
    "A post that was not found may still be there: rewritten, translated, in a picture, or in files that were not read.",
    "A quotation by somebody else puts your words into a corpus as well as a copy of your account does.",
)
STRENGTHS: Final = {
    "exact": "The same characters.",
    "normalised": "Every word, with other case, spacing, punctuation or links.",
    "edited": "Most of it, with other words between.",
    "quoted": "A part of it, word for word.",
}
_VERDICTS: Final = "Posts with at least one place"
INPUTS: Final = 40
"""Files of the corpus that are listed; findings.jsonl and the signed statement name all."""


def content(
    about: About, posts: Sequence[Post], matches: Sequence[Match], verdicts: Verdicts, key: str, shown: int
) -> list[Block]:
    """The blocks of a report; `key` is the id of the key that signs it, `shown` how many pieces of evidence it holds."""
    return [
        Heading("Audit of a corpus", 1),
        Words(f"{when(about.made_at)} · Masthead {about.version} · signed by key {key[:16]}", "about"),
        *_summary(about, verdicts),
        *_facts(matches, verdicts),
        *_attribution(verdicts),
        *_together(verdicts.population),
        *_twins(verdicts.twins),
        *_where(verdicts),
        *evidence(posts, verdicts, shown),
        Heading("What this means"),
        Points(MEANS),
        Heading("What this does not mean"),
        Points(MEANS_NOT),
        *_repeat(about, verdicts, key),
    ]


def _summary(about: About, verdicts: Verdicts) -> list[Block]:
    live = [one for one in verdicts.findings if one.standing != "decoy"]
    size = sum(one.size for one in about.inputs)
    figures = (
        (f"{verdicts.decoys.live:,}", "different texts looked for"),
        (_bytes(size), f"read, in {sum(one.documents for one in about.inputs):,} documents"),
        (f"{len(live):,}", "posts with words that stand there"),
        (f"{len(verdicts.attributed):,}" if verdicts.groups else "not judged", "posts attributed"),
    )
    return [Words(_sentence(verdicts, len(live)), "strong"), Figures(figures)]


def _sentence(verdicts: Verdicts, found: int) -> str:
    if not found:
        return "None of the posts was found in the corpus."
    if verdicts.decoys.reason:
        return f"Words of {_count(found, 'post')} stand in the corpus. Whose they are cannot be said. {verdicts.decoys.reason}"
    count = len(verdicts.attributed)
    if not count:
        return (
            f"Words of {_count(found, 'post')} stand in the corpus, but no single one can be put down to its post: "
            f"texts that cannot be there match too often as well as these."
        )
    return (
        f"{_count(count, 'post')} {'stands' if count == 1 else 'stand'} in the corpus, as far as words can show; of such "
        f"attributions at most {percent(verdicts.target)} are wrong on average. Words of {_count(found, 'post')} in all stand there."
    )


def _facts(matches: Sequence[Match], verdicts: Verdicts) -> list[Block]:
    live = [one for one in verdicts.findings if one.standing != "decoy"]
    best = Counter(one.best.tier for one in live)
    found = {one.post for one in live}
    places = Counter(one.tier for one in matches if one.post in found)
    standings = Counter(one.standing for one in verdicts.findings)
    rows = tuple(
        (name.capitalize(), f"{standings[name]:,}", told) for name, told in STANDINGS.items() if standings[name]
    )
    tiers = tuple((tier.capitalize(), f"{best[tier]:,}", f"{places[tier]:,}", STRENGTHS[tier]) for tier in TIERS)
    return [
        Heading("What stands where"),
        Words(
            "Each place is a file, a document in it and the bytes from and to. The list of all places, those of decoys among them, is "
            "findings.jsonl."
        ),
        Table(
            ("Strength", "Posts", "Places", "How much of the post stands there"),
            tiers,
            "Posts by their best place, and all places",
            True,
            (2, 1, 1, 6),
            (1, 2),
        ),
        *([Table(("Verdict", "Posts", "What it says"), rows, _VERDICTS, True, (2, 1, 7), (1,))] if rows else []),
    ]


def _attribution(verdicts: Verdicts) -> list[Block]:
    blocks: list[Block] = [Heading("Whose words they are")]
    if verdicts.decoys.reason:
        return [*blocks, Words(verdicts.decoys.reason)]
    blocks += [
        Words(
            f"Beside the posts, {verdicts.decoys.count:,} texts were looked for that cannot be in the corpus (decoys). What "
            f"matches them is chance. In each group of like strength and length the report attributes matches from so many bits "
            f"upwards that the decoys promise at most {percent(verdicts.target)} wrong ones. A bit is how surprising the shared words "
            f"are: ten bits more are words a thousand times rarer in this corpus."
        ),
        Table(
            _HEAD, tuple(_row(one) for one in verdicts.groups), "Each group is judged by its own decoys", False, _WIDTHS
        ),
        Picture("How well posts and decoys match", pictures.scores(verdicts), _SCORES),
    ]
    return [*blocks, *(Words(one, "quiet") for one in verdicts.decoys.warnings)]


_HEAD: Final = (
    "Group",
    "Posts",
    "Decoys",
    "Posts matching",
    "Decoys matching",
    "From bits",
    "Attributed",
    "Of them wrong, estimate",
)
_WIDTHS: Final = (9, 4, 4, 5, 5, 4, 5, 5)
_SCORES: Final = (
    "Filled: posts of 8 words and more by the bits of their best match. Line: how many would match as well by chance, from the decoys. "
    "Heights are roots, so that few strong matches are seen beside many weak ones."
)


def _row(group: Group) -> tuple[str, ...]:
    cut = "none" if group.cut is None else f"{group.cut:.0f}"
    rate = "" if group.rate is None else percent(group.rate)
    counts = (group.live, group.decoys, group.live_matches, group.decoy_matches)
    return (group.name, *(f"{one:,}" for one in counts), cut, f"{group.attributed:,}", rate)


def _together(found: Population | None) -> list[Block]:
    if found is None:
        return []
    total = found.total
    ours, chance = total.live_hits / max(1, total.live), total.decoy_hits / max(1, total.decoys)
    return [
        Heading("All posts together"),
        Words(
            f"{percent(ours)} of the texts match with {found.floor:.0f} bits or more, or, under 8 words, nearly whole; of the decoys "
            f"{percent(chance)} do. If the "
            f"corpus held none of the posts, so many matches or more would come about by chance with probability {odds(total.p)}. "
            f"Beyond chance match {percent(found.excess)} of the texts (95 % interval {percent(found.low)} to {percent(found.high)}). "
        ),
        Picture(
            "How often posts and decoys match",
            pictures.rates(found),
            "Bars are shares, the thin lines their 95 % intervals.",
        ),
    ]


def _twins(found: Twins | None) -> list[Block]:
    if found is None:
        return []
    decided = found.wins + found.losses
    return [
        Heading("Twins"),
        Words(
            f"Of {_count(found.pairs, 'post')} a second wording exists that stayed private; chance picked which was published. In "
            f"{decided:,} of them one wording matches better than the other, and {found.wins:,} times it is the published one, where "
            f"the coin alone would give {found.expected:,.1f}. The probability of so many or more by the coin alone is "
            f"{odds(found.p)}. It is exact and assumes nothing but a fair coin."
        ),
    ]


def _where(verdicts: Verdicts) -> list[Block]:
    if not verdicts.attributed:
        return []
    return [
        Picture(
            "Where attributed posts stand", pictures.sources(verdicts), "Attributed posts by file of their best match."
        )
    ]


def _repeat(about: About, verdicts: Verdicts, key: str) -> list[Block]:
    facts = [
        ("Made at", when(about.made_at)),
        ("Version", about.version),
        ("Command", about.command),
        ("Error rate asked for", percent(verdicts.target)),
        ("Seed", str(verdicts.seed)),
        ("SHA-256 of the posts", about.posts_sha256),
        ("Signed by key", key),
        *((name, quoted(value)) for name, value in sorted(about.options.items())),
    ]
    rows = tuple((plain(one.place, 300), f"{one.size:,}", one.sha256 or "not known") for one in about.inputs[:INPUTS])
    more = len(about.inputs) - len(rows)
    return [
        Heading("How to repeat it"),
        Words(
            "The same posts, corpus, version and options give the same matches and the same verdicts, on any machine. The file "
            "report.dsse.json is a signed in-toto statement over the digests of this report, its printed form and findings.jsonl."
        ),
        Table(
            ("What", "Value"), tuple((plain(name, 100), plain(value, 600)) for name, value in facts), "", True, (1, 3)
        ),
        Table(
            ("File of the corpus", "Bytes", "SHA-256"),
            rows,
            f"and {more:,} more in the statement" if more > 0 else "",
            True,
            (5, 2, 5),
            (1,),
        ),
    ]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _bytes(size: int) -> str:
    value, unit = float(size), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.3g} {unit}"
