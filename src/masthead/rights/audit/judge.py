"""The judgement: what stands where is a fact; whose it is, is an inference, and comes with its error rate or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from masthead.rights.audit import decoys, places, population, twins
from masthead.rights.audit.decoys import JUDGED, Candidates, Numbers
from masthead.rights.audit.places import COMMON, Best
from masthead.rights.audit.texts import Texts, distinct
from masthead.rights.audit.values import TIERS, Match, Post
from masthead.rights.audit.verdicts import Decoys, Finding, Group, Standing, Verdicts


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is known of each distinct text, by its number."""

    q: dict[int, float]
    group: dict[int, str]


def judge(posts: Sequence[Post], matches: Sequence[Match], *, target: float = 0.05, seed: int) -> Verdicts:
    """Verdicts on all matches of one audit.

    `matches` refer to `posts` by number; `target` is the share of wrong ones that is accepted among the attributed, on average, 0 to 1.
    `seed` is written down and decides what a report shows as a sample; the verdicts themselves use no chance.
    """
    if not 0 < target < 1:
        raise ValueError("The target must lie between 0 and 1.")
    texts = distinct(posts)
    best = places.best(matches, texts)
    fit = decoys.fitness(texts, _dates(posts), target)
    judged, groups = _attribute(texts, best, matches, fit, target)
    bits = _bits(best, matches)
    return Verdicts(
        target=target,
        seed=seed,
        posts=len(posts),
        matches=len(matches),
        findings=tuple(_findings(posts, texts, best, matches, fit, judged, target)),
        groups=groups,
        decoys=fit,
        population=None if fit.reason else population.compare(texts, bits, best.whole > 0),
        twins=twins.compare(posts, bits[texts.of_post]),
    )


def _attribute(
    texts: Texts, best: Best, matches: Sequence[Match], fit: Decoys, target: float
) -> tuple[_Judged, tuple[Group, ...]]:
    if fit.reason:
        return _Judged({}, {}), ()
    found = _candidates(texts, best, matches)
    q, names, groups = decoys.judge(found, texts, target)
    numbers = found.text.tolist()
    return _Judged(dict(zip(numbers, q.tolist(), strict=True)), dict(zip(numbers, names, strict=True))), groups


def _candidates(texts: Texts, best: Best, matches: Sequence[Match]) -> Candidates:
    """The texts that may be judged singly: long enough, not common, and either live or a decoy but not both."""
    single = (texts.live ^ texts.decoy) & (best.match >= 0) & ~best.outmatched & (best.whole <= COMMON)
    text = np.flatnonzero(single & np.isin(texts.length, JUDGED))
    found = [matches[one] for one in best.match[text].tolist()]
    tier = np.fromiter((TIERS.index(one.tier) for one in found), np.int64, len(found))
    bits = np.fromiter((one.margin for one in found), np.float64, len(found))
    return Candidates(text, tier, texts.length[text], bits, texts.decoy[text])


def _bits(best: Best, matches: Sequence[Match]) -> Numbers:
    """The best score of each text, 0 where nothing matched or each place fits another text better."""
    held = (best.match >= 0) & ~best.outmatched
    bits = np.zeros(len(best.match))
    bits[held] = [matches[one].score for one in best.match[held].tolist()]
    return bits


def _findings(
    posts: Sequence[Post],
    texts: Texts,
    best: Best,
    matches: Sequence[Match],
    fit: Decoys,
    judged: _Judged,
    target: float,
) -> list[Finding]:
    """One finding for each post with a match, in the order of the posts."""
    found = []
    for number, text in enumerate(texts.of_post.tolist()):
        if best.match[text] < 0:
            continue
        q = judged.q.get(text)
        standing = _standing(posts[number], texts, best, text, fit, q, target)
        found.append(
            Finding(
                post=number,
                id=posts[number].id,
                words=int(texts.words[text]),
                standing=standing,
                q=q,
                group=judged.group.get(text, ""),
                best=matches[best.match[text]],
                places=int(best.documents[text]),
            )
        )
    return found


def _standing(post: Post, texts: Texts, best: Best, text: int, fit: Decoys, q: float | None, target: float) -> Standing:
    if post.decoy or post.twin_of:
        return "decoy"
    if texts.length[text] not in JUDGED:
        return "short"
    if best.whole[text] > COMMON:
        return "common"
    if texts.decoy[text]:
        return "shared"
    if best.outmatched[text]:
        return "outmatched"
    if fit.reason or q is None:
        return "undecided"
    return "attributed" if q <= target else "unproven"


def _dates(posts: Sequence[Post]) -> tuple[list[str], list[str]]:
    """Dates of the posts and of the decoys that are not twins (a twin is as old as its post)."""
    live = [post.posted_at for post in posts if not post.decoy and not post.twin_of]
    return live, [post.posted_at for post in posts if post.decoy and not post.twin_of]
