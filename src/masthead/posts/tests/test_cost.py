"""What a post will cost, and the cheaper ways to say it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from masthead.connectors import PLATFORMS
from masthead.contract.values import MediaKind
from masthead.metering.price_rows import catalogue
from masthead.posts.check import Item, Part
from masthead.posts.cost import Estimate, cheaper, estimate, forms, without_links

ON = date(2026, 11, 24)
PICTURE = Item(MediaKind.IMAGE, "image/png", 9, alt="A loaf")


def cost(*parts: Part, key: str = "x", **limits: Any) -> Estimate | None:
    return estimate(PLATFORMS[key], parts, limits, catalogue(), ON)


def segments(*texts: str) -> list[dict[str, Any]]:
    return [{"text": text, "attachments": [], "poll": None} for text in texts]


def of_segments(form: Any) -> Estimate | None:
    return cost(*(Part(one["text"]) for one in form))


def test_a_link_makes_a_post_dear_and_a_description_costs_half_a_cent():
    plain, link = cost(Part("Bread")), cost(Part("Bread at example.org", (PICTURE,)))
    assert str(plain.total) == "USD 0.015"
    assert str(link.total) == "USD 0.205"
    assert [(one.price_key, one.units) for one in link.charges] == [("post.create.url", 1), ("media.metadata", 1)]


def test_every_part_of_a_thread_is_paid_for():
    assert str(cost(Part("One"), Part("Two"), Part("Three")).total) == "USD 0.045"


def test_the_plan_decides_and_where_nothing_is_asked_there_is_no_cost():
    assert cost(Part("Bread"), plan="basic") is None
    assert cost(Part("Bread"), key="mastodon") is None
    assert estimate(PLATFORMS["x"], [Part("Bread")], {}, catalogue(), date(2026, 2, 5)) is None


def test_only_what_is_cheaper_is_proposed_the_cheapest_last():
    """One link costs as much in a reply; two links in two posts cost less in one reply."""
    one, two = segments("Menu: example.org"), segments("Menu: example.org", "Map: https://maps.example.org/b")
    assert [form.name for form in cheaper(one, of_segments(one), of_segments, "(bio)")] == ["link_in_bio", "no_link"]
    found = list(cheaper(two, of_segments(two), of_segments, "(bio)"))
    assert [(form.name, str(form.estimate.total)) for form in found] == [
        ("link_in_reply", "USD 0.23"),
        ("link_in_bio", "USD 0.03"),
        ("no_link", "USD 0.03"),
    ]
    assert not list(cheaper(segments("Bread"), of_segments(segments("Bread")), of_segments, "(bio)"))


def test_a_form_that_cannot_be_published_is_not_proposed():
    one = segments("Menu: example.org")
    assert not list(cheaper(one, of_segments(one), lambda form: None, "(bio)"))


def test_no_word_but_the_link_is_lost():
    made = dict(forms(segments("Fresh  bread\n\nhttps://example.org/a?b=1 at eight", "Bye"), "(link in bio)"))
    texts = {name: [one["text"] for one in form] for name, form in made.items()}
    assert texts == {
        "link_in_reply": ["Fresh bread\n\nat eight", "Bye", "https://example.org/a?b=1"],
        "link_in_bio": ["Fresh bread\n\nat eight (link in bio)", "Bye"],
        "no_link": ["Fresh bread\n\nat eight", "Bye"],
    }


def test_pictures_and_their_descriptions_stay():
    files = [{"asset": 1, "alt": "A loaf", "focus": None}]
    part = {"text": "See example.org", "attachments": files, "poll": None}
    assert all(form[0]["attachments"] == files for _name, form in forms([part], "(bio)"))


@pytest.mark.parametrize(
    ("text", "bare"),
    [("example.org", ""), ("a example.org b", "a b"), ("mail me@example.org", "mail me@example.org")],
)
def test_the_gap_of_a_link_closes(text, bare):
    assert without_links(text) == bare
