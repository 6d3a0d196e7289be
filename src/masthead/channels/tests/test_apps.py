"""Developer apps: who may enter one, that its secret stays shut, which one a sign-in uses, and what a plan does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import override_settings

from masthead.channels.check import check_now
from masthead.channels.developer_apps import app_of, enter, opened
from masthead.channels.models import App, Channel
from masthead.channels.queries import account
from masthead.channels.tests.closed import ALIAS, APP, KEY, ClosedServer, begin, come_back
from masthead.connectors import PLATFORMS
from masthead.contract.calls import OWN, charged_to
from masthead.contract.errors import Unsupported
from masthead.kit.secrets import NoKey
from masthead.metering.models import Call
from masthead.workspaces.models import AuditEntry, Workspace
from masthead.workspaces.tests.people import Company

PLACE = f"/w/acme/channels/apps/{KEY}/"
SECRET = APP["client_secret"]


def entered(company: Company, role: str = "admin", **more: str) -> App:
    answer = company.client(role).post(PLACE, APP | more)
    assert answer.status_code == 302, answer.content.decode()
    return App.objects.get()


def connected(company: Company, closed: ClosedServer) -> Channel:
    client = company.client("admin")
    come_back(client, closed.allow(begin(client, "acme")))
    return Channel.objects.get()


def test_the_secret_is_sealed_and_never_shown_again(company: Company, closed: ClosedServer) -> None:
    row, client = entered(company), company.client("owner")
    with connection.cursor() as cursor:
        cursor.execute("select secrets from channels_app")
        sealed = str(cursor.fetchone()[0])
    assert SECRET not in sealed and APP["client_id"] not in sealed
    for place in (PLACE, "/w/acme/channels/apps/", "/w/acme/channels/", "/w/acme/audit/"):
        page = client.get(place).content.decode()
        assert SECRET not in page, place
    assert "ends in 1234" in client.get(PLACE).content.decode()
    assert SECRET not in repr(app_of(company.workspace, PLATFORMS[KEY])) + str(list(AuditEntry.objects.values()))
    assert list(AuditEntry.objects.filter(action="app.entered").values_list("details", flat=True)) == [{"plan": "free"}]
    assert opened(row) == APP


def test_a_sealed_app_cannot_be_moved_to_another_workspace(company: Company, closed: ClosedServer) -> None:
    row = entered(company)
    App.objects.filter(pk=row.pk).update(workspace=Workspace.objects.get(slug="not-acme"))
    with pytest.raises(NoKey):
        opened(App.objects.get())


@pytest.mark.parametrize("path", ["", f"{KEY}/", f"{KEY}/plan/", f"{KEY}/remove/"])
def test_only_who_may_connect_comes_in(company: Company, closed: ClosedServer, path: str) -> None:
    entered(company)
    place = f"/w/acme/channels/apps/{path}"
    for role, status in (("editor", 403), ("author", 403), ("viewer", 403), ("stranger", 404), ("nobody", 302)):
        for answer in (company.client(role).get(place), company.client(role).post(place, APP | {"plan": "paid"})):
            assert answer.status_code == status, (role, place)
    assert App.objects.get().plan == "free"
    theirs = f"/w/not-acme/channels/apps/{path}"
    assert SECRET not in company.client("stranger").get(theirs).content.decode()
    if path.endswith(("plan/", "remove/")):
        assert company.client("stranger").post(theirs, {"plan": "paid"}).status_code == 404


def test_a_missing_field_is_named_and_the_secret_not_echoed(company: Company, closed: ClosedServer) -> None:
    answer = company.client("admin").post(PLACE, APP | {"client_id": ""})
    page = answer.content.decode()
    assert answer.status_code == 400 and 'id="app-client_id-error"' in page and SECRET not in page
    assert company.client("admin").post(PLACE, APP | {"plan": "gold"}).status_code == 400
    assert not App.objects.exists()


def test_the_guide_says_all_of_it_plainly(company: Company, closed: ClosedServer) -> None:
    page = company.client("admin").get(PLACE).content.decode()
    for words in (
        "http://localhost:8000/connect/callback/closed/",
        "http://localhost:8000/integrations/social/closed",
        "forbid an app that only posts for others",
        "Nothing for 500 posts a month",
        "to publish for you",
        "posts.write",
        "CLOSED_SECRET",
        "without https",
        "https://closed.example/terms",
    ):
        assert words in page, words
    assert "{callback}" not in page
    with override_settings(PUBLIC_URL="https://m.example"):
        assert "without https" not in company.client("admin").get(PLACE).content.decode()


def test_without_an_app_connecting_leads_to_the_guide(company: Company, closed: ClosedServer) -> None:
    client = company.client("admin")
    connect = f"/w/acme/channels/connect/{KEY}/"
    assert client.get(connect)["Location"] == PLACE
    assert client.post(connect, {"way": "redirect"}).status_code == 400
    forged = client.post(connect, {"way": "redirect", **APP})
    assert forged.status_code == 400, "an app is entered on its page, not slipped into a sign-in"
    entered(company)
    assert client.get(connect).status_code == 200
    assert company.client("admin").get("/w/acme/channels/apps/sandbox/").status_code == 404
    with pytest.raises(Unsupported):
        enter(company.workspace, company.members["owner"].user, PLATFORMS["sandbox"], {})


def test_the_workspaces_app_goes_before_the_installations(
    company: Company, closed: ClosedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = company.client("admin")
    monkeypatch.setenv("CLOSED_ID", "of-all")
    assert client.get(f"/w/acme/channels/connect/{KEY}/").status_code == 302, "half an app is none"
    monkeypatch.setenv("CLOSED_SECRET", "secret-of-all")
    assert begin(client, "acme")["client_id"] == "of-all"
    page = client.get(PLACE).content.decode()
    assert "for the whole installation" in page and "secret-of-all" not in page
    entered(company)
    assert begin(client, "acme")["client_id"] == APP["client_id"]
    assert begin(company.client("stranger"), "not-acme")["client_id"] == "of-all"
    client.post(f"{PLACE}remove/")
    assert begin(client, "acme")["client_id"] == "of-all"
    assert AuditEntry.objects.filter(action="app.removed").count() == 1


def test_a_plan_narrows_the_channels_of_its_app_at_once_and_stays(company: Company, closed: ClosedServer) -> None:
    entered(company)
    channel = connected(company, closed)
    assert channel.limits["plan"] == "free"
    assert PLATFORMS[KEY].capabilities.narrowed(channel.limits).text.limit == 100
    company.client("admin").post(f"{PLACE}plan/", {"plan": "paid"})
    channel.refresh_from_db()
    assert PLATFORMS[KEY].capabilities.narrowed(channel.limits).text.limit == 4000
    check_now(channel)
    channel.refresh_from_db()
    assert (channel.limits["plan"], channel.name) == ("paid", "Again"), "the daily look keeps the plan"
    assert company.client("admin").post(f"{PLACE}plan/", {"plan": "gold"}).status_code == 400


def test_a_new_secret_of_the_same_app_reaches_its_channels_and_another_app_does_not(
    company: Company, closed: ClosedServer
) -> None:
    entered(company)
    channel = connected(company, closed)
    entered(company, client_secret="turned")
    assert account(channel).secrets["client_secret"] == "turned"
    entered(company, client_id="other", client_secret="other-secret")
    assert account(channel).secrets["client_id"] == APP["client_id"]
    assert account(channel).secrets["client_secret"] == "turned"
    assert AuditEntry.objects.filter(action="app.replaced").count() == 2


def test_an_app_registered_as_postiz_does_comes_back_on_that_address(company: Company, closed: ClosedServer) -> None:
    entered(company, alias="1")
    client = company.client("admin")
    asked = begin(client, "acme")
    assert asked["redirect_uri"] == f"http://localhost:8000{ALIAS}"
    App.objects.update(alias=False)
    assert come_back(client, closed.allow(asked), ALIAS).status_code == 302
    assert Channel.objects.get().handle == "@bakery"
    assert closed.asked[-1]["redirect_uri"] == f"http://localhost:8000{ALIAS}", "as it was asked, not as it is now"


def test_channels_of_one_app_share_its_name_and_others_do_not(company: Company, closed: ClosedServer) -> None:
    entered(company)
    channel = connected(company, closed)
    name = channel.limits["app"]
    assert len(name) == 16 and name not in APP["client_id"]
    check_now(channel)
    channel.refresh_from_db()
    assert channel.limits["app"] == name


def test_a_channel_knows_whether_its_app_is_the_workspaces_own(
    company: Company, closed: ClosedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSED_ID", "app-of-all")
    monkeypatch.setenv("CLOSED_SECRET", APP["client_secret"])
    channel = connected(company, closed)
    assert "own_app" not in channel.limits, "the installation's app"
    entered(company, client_id="app-of-all")
    channel.refresh_from_db()
    assert channel.limits["own_app"] is True, "the workspace says that it is its own"
    check_now(channel)
    channel.refresh_from_db()
    assert channel.limits["own_app"] is True
    assert charged_to(channel.limits)["conditions"] == OWN


def test_calls_of_signing_in_go_to_the_app_that_is_used(company: Company, closed: ClosedServer) -> None:
    entered(company)
    channel = connected(company, closed)
    calls = Call.objects.filter(workspace_id=company.workspace.pk, operation="token")
    assert set(calls.values_list("app", "plan", "purpose", "conditions")) == {
        (channel.limits["app"], "free", "connect", "own_app")
    }
