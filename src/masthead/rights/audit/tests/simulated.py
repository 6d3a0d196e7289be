"""Simulated audits whose truth is known: texts, and matches as a scan would have found them."""

from __future__ import annotations

import numpy as np

from masthead.rights.audit.decoys import Candidates
from masthead.rights.audit.texts import LENGTHS, Texts
from masthead.rights.audit.values import TIERS, Match, Post

SHARES = {"exact": 1.0, "normalised": 1.0, "edited": 0.85, "quoted": 0.5}


def wording(number: int, words: int) -> str:
    """A text of so many words that no other number has."""
    return " ".join(f"w{number}x{place}" for place in range(words))


def match(
    post: int, bits: float, *, tier: str = "exact", words: int = 10, document: int | None = None, **more
) -> Match:
    """A match of a post in a document of its own, unless another is given."""
    told = {"start": 10, "end": 80, "margin": bits, "source": "corpus.jsonl", "text": "as it stands there"} | more
    return Match(
        post=post,
        document=post if document is None else document,
        doc_start=0,
        tier=tier,
        words=max(1, round(words * SHARES[tier])),
        post_words=words,
        score=max(bits, told["margin"]),
        **told,
    )


def audit(seed: int, *, live: int = 4000, decoys: int = 1000, planted: int = 400, chance: float = 0.1):
    """Posts, matches and the numbers of the posts that are truly in the corpus.

    A text that is not there matches by chance with probability `chance`, with bits that lie among those of the true ones.
    """
    random = np.random.default_rng(seed)
    lengths = random.integers(3, 26, live + decoys)
    posts = [Post(str(one), wording(one, int(lengths[one])), decoy=one >= live) for one in range(live + decoys)]
    true = set(random.choice(live, planted, replace=False).tolist())
    found = []
    for number in range(live + decoys):
        if number not in true and random.random() > chance:
            continue
        words = int(lengths[number])
        tier = random.choice(TIERS, p=(0.3, 0.3, 0.3, 0.1) if number in true else (0.05, 0.05, 0.3, 0.6))
        bits = SHARES[tier] * words * 9.0 + random.normal(0, 12) if number in true else random.gamma(4, 14)
        if bits > 25:
            found.append(match(number, float(bits), tier=str(tier), words=words))
    return posts, found, true


def candidates(seed: int, *, live: int = 4000, hidden: int = 1000, planted: int = 400, chance: float = 0.15):
    """The same as arrays, for many seeds: what is to be judged, the texts, and which candidates are truly there."""
    random = np.random.default_rng(seed)
    count = live + hidden
    words = random.integers(3, 26, count)
    length = np.digitize(words, [start for start, _ in LENGTHS[1:]])
    posted = np.arange(count) < live
    texts = Texts(np.arange(count), words, length, posted, ~posted, np.arange(count))
    true = np.isin(np.arange(count), random.choice(live, planted, replace=False))
    tier = np.where(true, _drawn(random, count, (0.3, 0.3, 0.3, 0.1)), _drawn(random, count, (0.05, 0.05, 0.3, 0.6)))
    share = np.array([SHARES[one] for one in TIERS])[tier]
    bits = np.where(true, share * words * 9.0 + random.normal(0, 12, count), random.gamma(4, 14, count))
    here = np.flatnonzero((true | (random.random(count) < chance)) & (bits > 25) & (words >= 8))
    return Candidates(here, tier[here], length[here], bits[here], ~posted[here]), texts, true[here]


def _drawn(random, count, shares):
    return random.choice(len(TIERS), count, p=shares)
