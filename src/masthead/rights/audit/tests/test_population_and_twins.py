"""The two tests of all posts together: exact, and uniform where there is nothing to find."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from masthead.rights.audit import population, twins
from masthead.rights.audit.texts import distinct, words
from masthead.rights.audit.values import Post


def test_the_p_value_of_one_class_is_fishers():
    table = (500, 40, 300, 11)
    fisher = stats.fisher_exact([[40, 460], [11, 289]], alternative="greater").pvalue
    assert population.exact([table]) == pytest.approx(fisher, rel=1e-9)


def test_the_p_value_over_classes_is_that_of_all_ways_to_deal_the_hits():
    random = np.random.default_rng(5)
    tables = [(30, 9, 20, 3), (8, 4, 12, 2)]
    dealt = sum(
        random.hypergeometric(row[1] + row[3], row[0] + row[2] - row[1] - row[3], row[0], 200_000) for row in tables
    )
    assert population.exact(tables) == pytest.approx((dealt >= 13).mean(), abs=0.004)


def test_a_difference_of_lengths_alone_is_no_finding():
    """Decoys are short and hardly match, posts are long and match by chance: only the classes tell that apart."""
    seen = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        lengths = [*random.choice([3, 20], 300, p=[0.2, 0.8]), *random.choice([3, 20], 200, p=[0.8, 0.2])]
        posts = [Post(str(n), f"t{n} " * int(size), decoy=n >= 300) for n, size in enumerate(lengths)]
        bits = np.where(random.random(500) < np.where(np.array(lengths) > 10, 0.3, 0.02), 90.0, 0.0)
        seen.append(population.compare(distinct(posts), bits, bits > 0).total.p)
    assert np.mean(np.array(seen) <= 0.05) <= 0.09
    assert np.mean(np.array(seen) <= 0.5) > 0.3, "The test would never say anything."


def test_the_interval_covers_the_true_excess():
    covered = 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        rows = [population._rate(name, *_hits(random, chance)) for name, chance in (("short", 0.05), ("long", 0.01))]
        excess, low, high = population._excess(rows)
        assert low <= excess <= high
        covered += low <= 0.1 <= high
    assert 0.92 <= covered / 300 <= 0.99


def _hits(random, chance):
    live = np.arange(700) < 400
    return random.random(700) < chance + 0.1 * live, live, ~live


def pairs(count, private=1):
    posts = [Post(f"p{one}", f"p{one}") for one in range(count)]
    return posts + [
        Post(f"t{one}-{n}", f"t{one}-{n}", twin_of=f"p{one}") for one in range(count) for n in range(private)
    ]


def test_twins_are_the_sign_test():
    bits = np.array([50.0, 60, 70, 0, 0, 40, 40, 40, 90, 0])
    found = twins.compare(pairs(5), bits)
    assert (found.pairs, found.wins, found.losses, found.ties) == (5, 3, 1, 1)
    assert found.p == pytest.approx(stats.binomtest(3, 4, 0.5, alternative="greater").pvalue)
    assert found.low < 0.75 < found.high


def test_with_several_private_wordings_a_win_is_rarer_and_counts_for_more():
    bits = np.array([90.0, 90, 0, 0, 0, 0, 0, 0])
    found = twins.compare(pairs(2, private=3), bits)
    assert found.wins == 2 and found.p == pytest.approx(1 / 16)
    mixed = twins.probability(2, [0.5, 0.25])
    assert mixed == pytest.approx(0.125)


def test_a_top_that_is_shared_singles_nothing_out():
    assert twins.compare(pairs(1, private=2), np.array([10.0, 90, 90])).ties == 1
    assert twins.compare(pairs(1, private=2), np.array([90.0, 90, 10])).ties == 1


@pytest.mark.parametrize("private", [1, 3])
def test_under_the_coin_alone_the_p_values_are_uniform(private):
    """With a random part added within the steps of the discrete law, p is uniform; without, it is never too small."""
    random = np.random.default_rng(11)
    plain, smooth = [], []
    for _ in range(800):
        bits = np.where(random.random(60 * (1 + private)) < 0.7, random.gamma(3, 20, 60 * (1 + private)), 0.0)
        found = twins.compare(pairs(60, private), bits)
        chances = [1 / (1 + private)] * (found.wins + found.losses)
        above = twins.probability(found.wins + 1, chances)
        plain.append(found.p)
        smooth.append(above + random.random() * (found.p - above))
    assert stats.kstest(smooth, "uniform").pvalue > 0.001
    for level in (0.01, 0.05, 0.2):
        assert np.mean(np.array(plain) <= level) <= level + 3 * (level / 800) ** 0.5


def test_posts_that_are_there_are_seen_by_their_twins():
    random = np.random.default_rng(2)
    bits = random.gamma(3, 10, 200)
    bits[:40] += 100
    assert twins.compare(pairs(100), bits).p < 1e-3


def test_a_twin_of_a_post_that_is_not_here_says_nothing():
    assert twins.compare([Post("t", "t", twin_of="gone")], np.array([90.0])) is None


def test_words_are_the_same_in_every_spelling():
    assert words("Don’t  MISS it: caf\u00e9 &amp; cre\u0300me https://example.org/x?y=1 #New") == words(
        "dont miss it cafe creme new"
    )
    assert words("東京 tower") == ["東", "京", "tower"]
    assert words("...") == []
