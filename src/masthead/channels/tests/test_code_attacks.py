"""The authorization-code client under attack, through our pages and against a server that judges every request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from masthead.channels.models import Channel, PendingSignIn
from masthead.channels.tests.closed import ALIAS, APP, BACK, KEY, ClosedServer, begin, come_back
from masthead.kit.clock import now
from masthead.workspaces.tests.people import Company

REFUSAL = "was not begun here, or it was used already"


@pytest.fixture
def client(company: Company, closed: ClosedServer) -> Client:
    """An admin whose workspace has an app; so has the stranger's."""
    made = company.client("admin")
    made.post(f"/w/acme/channels/apps/{KEY}/", APP)
    company.client("stranger").post(f"/w/not-acme/channels/apps/{KEY}/", APP)
    return made


def refused(client: Client, query: dict[str, str], words: str, path: str = BACK) -> None:
    answer = come_back(client, query, path)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Channel.objects.exists()


def test_the_question_asked_cannot_be_guessed_or_used_twice(client: Client, closed: ClosedServer) -> None:
    first, second = begin(client, "acme"), begin(client, "acme")
    assert first["state"] != second["state"] and first["code_challenge"] != second["code_challenge"]
    assert first["code_challenge_method"] == "S256" and len(first["code_challenge"]) == 43
    assert not any(APP["client_secret"] in value for value in first.values())


def test_the_honest_way_works_and_sends_the_proof(client: Client, closed: ClosedServer) -> None:
    assert come_back(client, closed.allow(begin(client, "acme"))).status_code == 302
    assert Channel.objects.get().handle == "@bakery"
    assert closed.asked[0]["code_verifier"]


def test_a_replayed_call_back_is_refused(client: Client, closed: ClosedServer) -> None:
    query = closed.allow(begin(client, "acme"))
    come_back(client, query)
    Channel.objects.all().delete()
    refused(client, query, REFUSAL)
    assert len(closed.asked) == 1, "the code is not even sent again"


def test_a_stolen_code_in_another_sign_in_is_refused(client: Client, company: Company, closed: ClosedServer) -> None:
    """Code injection: the proof belongs to the sign-in that asked, so somebody else's code does not fit."""
    stolen = closed.allow(begin(company.client("stranger"), "not-acme"))["code"]
    refused(client, {"code": stolen, "state": begin(client, "acme")["state"]}, "did not accept the sign-in")


def test_a_forged_call_back_of_another_person_is_refused(
    client: Client, company: Company, closed: ClosedServer
) -> None:
    query = closed.allow(begin(company.client("stranger"), "not-acme"))
    refused(client, query, REFUSAL)
    refused(company.client("admin"), closed.allow(begin(client, "acme")), REFUSAL)


@pytest.mark.parametrize("path", ["/connect/callback/sandbox/", "/integrations/social/sandbox"])
def test_an_answer_at_another_platforms_address_is_refused(client: Client, closed: ClosedServer, path: str) -> None:
    """Mix-up: every platform has its own address, and a sign-in ends only at its own."""
    refused(client, closed.allow(begin(client, "acme")), REFUSAL, path)
    assert not closed.asked, "nothing of it was told to anybody"


def test_an_answer_that_names_another_issuer_is_refused(client: Client, closed: ClosedServer) -> None:
    query = closed.allow(begin(client, "acme"))
    refused(client, query | {"iss": "https://evil.example"}, "another server than the one asked")
    assert not closed.asked, "the code is not sent anywhere"


def test_the_address_asked_is_the_address_proven(client: Client, closed: ClosedServer) -> None:
    """A code that was asked for one address and comes back on the other is traded with the one asked."""
    asked = begin(client, "acme")
    assert come_back(client, closed.allow(asked), ALIAS).status_code == 302
    assert closed.asked[0]["redirect_uri"] == asked["redirect_uri"]


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000.evil.example"])
def test_a_forged_host_changes_no_address(client: Client, closed: ClosedServer, host: str) -> None:
    answer = client.post(f"/w/acme/channels/connect/{KEY}/", {"way": "redirect"}, HTTP_HOST=host)
    assert answer.status_code == 400 or "evil" not in answer["Location"]
    assert "evil" not in begin(client, "acme", redirect_uri="https://evil.example/")["redirect_uri"]


def test_too_late_is_too_late(client: Client, closed: ClosedServer) -> None:
    query = closed.allow(begin(client, "acme"))
    PendingSignIn.objects.update(created_at=now() - timedelta(minutes=16))
    refused(client, query, "longer than 15 minutes")


@pytest.mark.parametrize("query", [{"error": "access_denied"}, {"error": "<script>"}, {}])
def test_a_no_and_nonsense_end_it(client: Client, closed: ClosedServer, query: dict[str, str]) -> None:
    answer = come_back(client, query | {"state": begin(client, "acme")["state"]})
    assert answer.status_code == 400 and "<script>" not in answer.content.decode().partition("</head>")[2]
    assert not Channel.objects.exists() and not PendingSignIn.objects.exists()


def test_a_wrong_secret_of_the_app_points_to_the_app(client: Client, closed: ClosedServer) -> None:
    client.post(f"/w/acme/channels/apps/{KEY}/", APP | {"client_secret": "mistyped"})
    refused(client, closed.allow(begin(client, "acme")), "developer app")
