"""Clicks and conversions from outside: counted once, signed or with a click of ours, nothing set in the browser."""

from __future__ import annotations

import json
import time

import pytest
from django.urls import reverse

from masthead.campaigns.convert import key_of, signature
from masthead.campaigns.links import with_marks
from masthead.campaigns.models import Conversion, TrackedLink, Visit
from masthead.campaigns.plan import begin
from masthead.campaigns.tests import scene
from masthead.campaigns.tests.scene import MORNING
from masthead.workspaces.tests.people import Company

AGENT = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0"}


@pytest.fixture
def link(company, monkeypatch) -> TrackedLink:
    scene.market(monkeypatch)
    begin(scene.campaign(company.workspace, goal="leads"), company.members["owner"].user, MORNING)
    return TrackedLink.objects.order_by("pk").first()


def click(client, link: TrackedLink, **more: str):
    answer = client.get(reverse("campaigns:go", args=[link.token]), {"fclid": "abc", **more}, **AGENT)
    return answer, Visit.objects.order_by("-pk").first()


def tell(client, company: Company, body: object, *, at: float | None = None, key: str = "", text: str = ""):
    raw = text or json.dumps(body)
    stamp = str(int(time.time() if at is None else at))
    headers = {
        "Masthead-Timestamp": stamp,
        "Masthead-Signature": signature(key or key_of(company.workspace), stamp, raw.encode()),
    }
    address = reverse("campaigns:server", args=[company.workspace.slug])
    return client.post(address, raw, content_type="application/json", headers=headers)


def test_a_click_is_counted_and_led_on_with_its_ids_and_without_a_cookie(client, link):
    answer, row = click(client, link)
    assert (
        answer.status_code == 302
        and f"mh_click={row.click.hex}" in answer["Location"]
        and "fclid=abc" in answer["Location"]
    )
    assert answer["Location"].startswith("https://bakery.example/?a=1&utm_source=")
    assert (
        not answer.cookies and answer["Cache-Control"] == "no-store" and row.platform_click == "abc" and not row.robot
    )


def test_a_robot_is_led_on_and_not_counted_as_a_visit(client, link):
    client.get(reverse("campaigns:go", args=[link.token]), HTTP_USER_AGENT="Googlebot/2.1")
    assert Visit.objects.get().robot


def test_what_others_add_to_the_address_is_not_passed_on(client, link):
    answer, _row = click(client, link, next="https://evil.example")
    assert "evil" not in answer["Location"]
    assert client.get(reverse("campaigns:go", args=["nobody"])).status_code == 404


def test_marks_replace_their_like(client):
    assert with_marks("https://a.example/?mh_click=1&b=2#c", {"mh_click": "3"}) == "https://a.example/?b=2&mh_click=3#c"


def test_a_signed_conversion_is_counted_once_for_the_ad_that_was_clicked(client, company, link):
    _answer, row = click(client, link)
    body = {"reference": "order-17", "click": row.click.hex, "value": 19.9, "currency": "EUR"}
    assert tell(client, company, body).status_code == 201 and tell(client, company, body).status_code == 200
    found = Conversion.objects.get()
    assert (found.value, found.visit_id, found.campaign_id) == (19_900_000, row.pk, link.ad.group.campaign_id)


@pytest.mark.parametrize("how", [{"key": "wrong"}, {"at": time.time() - 3600}, {"at": time.time() + 3600}])
def test_what_is_not_signed_or_old_is_refused(client, company, link, how):
    answer = tell(client, company, {"reference": "x"}, **how)
    assert answer.status_code == 401 and answer.json()["remedy"] and not Conversion.objects.exists()


@pytest.mark.parametrize(("body", "field"), [
    ({}, "reference"), ({"reference": "x" * 121}, "reference"), ({"reference": "x", "value": -1}, "value"),
    ({"reference": "x", "value": "NaN"}, "value"), ({"reference": "x", "value": 1e400}, "value"),
    ({"reference": "x", "at": "yesterday"}, "at"), ({"reference": "x", "at": "2026-11-24T10:00:00"}, "at"), ([], ""),
])  # fmt: skip
def test_what_is_wrong_is_named(client, company, link, body, field):
    answer = tell(client, company, body)
    assert (answer.status_code, answer.json()["field"]) == (422, field) and answer.json()["remedy"]


@pytest.mark.parametrize("text", ["{", "[" * 5000, "null", '"' + "x" * 30_000 + '"'])
def test_hostile_bodies_are_refused(client, company, link, text):
    assert tell(client, company, None, text=text).status_code == 422


def test_anothers_click_counts_for_nobody(client, company, link):
    _answer, row = click(client, link)
    other = Company("other")
    assert tell(client, other, {"reference": "x", "click": row.click.hex}).status_code == 201
    found = Conversion.objects.get()
    assert found.workspace == other.workspace and found.visit is None and found.campaign is None


def test_the_tag_counts_only_with_a_click_of_ours_and_without_a_value(client, company, link):
    address = reverse("campaigns:page", args=[company.workspace.slug])
    _answer, row = click(client, link)
    for body in ({"reference": "a", "click": "0" * 32}, {"reference": "a", "click": "no"}, {"reference": "a"}):
        assert client.post(address, json.dumps(body), content_type="text/plain").status_code == 204
    assert not Conversion.objects.exists()
    sent = json.dumps({"reference": "a", "click": row.click.hex, "value": 9999})
    for _twice in range(2):
        answer = client.post(address, sent, content_type="text/plain")
    assert answer["Access-Control-Allow-Origin"] == "*" and Conversion.objects.get().value == 0
