"""The redirect sign-in under attack: state, session, user, workspace, platform, time, replay, issuer, denial."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings

from masthead.channels.models import AppRegistration, Channel, PendingSignIn
from masthead.channels.registration import keep_registration, with_registration
from masthead.channels.tests.conftest import CALLBACK, SANDBOX, Network
from masthead.kit.clock import now
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role
from masthead.workspaces.tests.people import Company

REFUSAL = "was not begun here, or it was used already"


def test_a_sign_in_goes_there_and_back(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    asked = network.begin(client, "acme")
    assert asked["redirect_uri"] == "http://localhost:8000/connect/callback/sandbox/"
    pending = PendingSignIn.objects.get()
    assert asked["state"] not in (pending.state_hash, str(pending.keep))
    answer = client.get(CALLBACK, network.agree(asked, member.handle), HTTP_HOST="localhost:8000")
    channel = Channel.objects.get()
    assert answer["Location"] == f"/w/acme/channels/{channel.pk}/"
    assert (channel.remote_id, channel.workspace) == (member.handle, company.workspace)
    assert channel.credential.expires_at > now()
    assert not PendingSignIn.objects.exists()


def test_the_older_address_works_too(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    query = network.agree(network.begin(client, "acme"), member.handle)
    client.get("/integrations/social/sandbox", query, HTTP_HOST="localhost:8000")
    assert Channel.objects.exists()


def come_back(client: Client, query: dict[str, str], where: str = CALLBACK) -> str:
    answer = client.get(where, query, HTTP_HOST="localhost:8000")
    assert answer.status_code == 400
    return answer.content.decode()


def test_a_replay_is_refused(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    query = network.agree(network.begin(client, "acme"), member.handle)
    client.get(CALLBACK, query, HTTP_HOST="localhost:8000")
    assert REFUSAL in come_back(client, query)
    assert Channel.objects.count() == 1


def test_an_attackers_sign_in_cannot_be_put_on_a_victim(company: Company, network: Network) -> None:
    """The attacker begins, agrees with the attacker's profile, and lures the victim to the call back."""
    attacker, victim, (member, _token) = company.client("stranger"), company.client("owner"), network.member()
    query = network.agree(network.begin(attacker, "not-acme"), member.handle)
    assert REFUSAL in come_back(victim, query)
    assert not Channel.objects.exists()
    attacker.get(CALLBACK, query, HTTP_HOST="localhost:8000")
    assert Channel.objects.get().workspace.slug == "not-acme", "the victim's visit burned nothing"


def test_another_session_of_the_same_person_is_refused(company: Company, network: Network) -> None:
    (member, _token) = network.member()
    query = network.agree(network.begin(company.client("admin"), "acme"), member.handle)
    assert REFUSAL in come_back(company.client("admin"), query)
    assert not Channel.objects.exists()


def test_a_mix_up_of_platforms_is_refused(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    query = network.agree(network.begin(client, "acme"), member.handle)
    assert REFUSAL in come_back(client, query, "/connect/callback/mastodon/")
    assert client.get("/connect/callback/nothing/", query, HTTP_HOST="localhost:8000").status_code == 404
    assert not Channel.objects.exists()


def test_an_answer_of_another_issuer_is_refused(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    query = network.agree(network.begin(client, "acme"), member.handle) | {"iss": "https://evil.example"}
    assert "another server than the one asked" in come_back(client, query)
    assert not Channel.objects.exists()


@pytest.mark.parametrize("state", ["", "x" * 43, "' or 1=1 --", "\u202e"])
def test_an_invented_state_is_refused(company: Company, network: Network, state: str) -> None:
    client = company.client("admin")
    network.begin(client, "acme")
    assert REFUSAL in come_back(client, {"code": "x", "state": state, "iss": network.server.url})


def test_a_code_of_another_sign_in_is_refused(company: Company, network: Network) -> None:
    """Code injection: the challenge of the attacker's code does not fit the victim's verifier."""
    attacker, victim, (member, _token) = company.client("stranger"), company.client("owner"), network.member()
    stolen = network.agree(network.begin(attacker, "not-acme"), member.handle)["code"]
    asked = network.begin(victim, "acme")
    page = come_back(victim, {"code": stolen, "state": asked["state"], "iss": network.server.url})
    assert "was not connected" in page
    assert not Channel.objects.exists()


def test_a_sign_in_that_took_too_long_is_refused(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    query = network.agree(network.begin(client, "acme"), member.handle)
    PendingSignIn.objects.update(created_at=now() - timedelta(minutes=16))
    assert "longer than 15 minutes" in come_back(client, query)
    assert not PendingSignIn.objects.exists()


def test_a_no_is_told_and_leads_back(company: Company, network: Network) -> None:
    client = company.client("admin")
    asked = network.begin(client, "acme")
    page = come_back(client, {"error": "access_denied", "state": asked["state"], "iss": network.server.url})
    assert "turned down" in page
    assert "/w/acme/channels/connect/sandbox/" in page


def test_who_lost_the_right_meanwhile_is_refused(company: Company, network: Network) -> None:
    client, (member, _token) = company.client("admin"), network.member()
    query = network.agree(network.begin(client, "acme"), member.handle)
    Member.objects.filter(user=company.members["admin"].user).update(role=Role.AUTHOR)
    assert "no longer connect channels" in come_back(client, query)
    assert not Channel.objects.exists()


def test_a_reconnect_by_redirect_as_somebody_else_is_refused(company: Company, network: Network) -> None:
    channel, client = network.with_tokens(company), company.client("admin")
    other, _token = network.member()
    asked = network.begin(client, "acme", channel=str(channel.pk))
    assert f"but this channel is {channel.handle}" in come_back(client, network.agree(asked, other.handle))
    asked = network.begin(client, "acme", channel=str(channel.pk))
    client.get(CALLBACK, network.agree(asked, channel.remote_id), HTTP_HOST="localhost:8000")
    channel.credential.refresh_from_db()
    assert channel.credential.version == 2


def test_nobody_is_asked_to_sign_in_first(company: Company) -> None:
    answer = company.client("nobody").get(CALLBACK, {"state": "x"}, HTTP_HOST="localhost:8000")
    assert answer.status_code == 302
    assert "/account/" in answer["Location"]


def test_the_other_name_of_this_computer_leads_to_the_one_people_use(company: Company) -> None:
    answer = company.client("admin").get(f"{CALLBACK}?state=x&code=y", HTTP_HOST="127.0.0.1:8000")
    assert answer["Location"] == f"http://localhost:8000{CALLBACK}?state=x&code=y"
    with override_settings(PUBLIC_URL="https://masthead.example"):
        assert company.client("admin").get(f"{CALLBACK}?state=x", HTTP_HOST="127.0.0.1:8000").status_code == 400


def test_our_metadata_and_keys_hold_nothing_secret(db: None) -> None:
    with override_settings(PUBLIC_URL="https://masthead.example"):
        told = Client().get("/connect/metadata/bluesky.json").json()
    assert told["client_id"] == "https://masthead.example/connect/metadata/bluesky.json"
    assert told["redirect_uris"] == ["https://masthead.example/connect/callback/bluesky/"]
    keys = Client().get("/connect/jwks.json").json()["keys"]
    assert len(keys) == 1
    assert (keys[0]["alg"], "d" in keys[0]) == ("ES256", False)
    assert Client().get("/connect/jwks.json").json()["keys"] == keys, "the key stays"
    assert Client().get("/connect/metadata/sandbox.json").status_code == 404
    assert Client().get("/connect/metadata/nothing.json").status_code == 404


def test_a_registration_is_used_again_unless_a_sign_in_got_stuck(company: Company, owner: User) -> None:
    kept = {"server": "https://a.example", "client_id": "id", "client_secret": "secret", "verifier": "v"}
    keep_registration(SANDBOX, kept, "https://here/")
    assert set(AppRegistration.objects.get().secrets) == {"client_id", "client_secret"}
    again = with_registration(SANDBOX, {"server": "a.example"}, "https://here/", owner)
    assert again["client_id"] == "id"
    assert "client_id" not in with_registration(SANDBOX, {"server": "a.example"}, "https://elsewhere/", owner)
    PendingSignIn.objects.create(
        state_hash="x", session_hash="y", workspace=company.workspace, user=owner, platform="sandbox", keep={}
    )
    assert "client_id" not in with_registration(SANDBOX, {"server": "a.example"}, "https://here/", owner)
