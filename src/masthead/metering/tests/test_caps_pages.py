"""The page of caps and its API: who may see and set, what is kept and written down, and that strangers see nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.contract.errors import Refused
from masthead.kit.clock import now
from masthead.metering import commitments
from masthead.metering.caps.earmark import earmark
from masthead.metering.caps.limit import Limit, add, change, remove
from masthead.metering.caps.urls import urlpatterns
from masthead.metering.caps.warn import warn
from masthead.metering.commitments import Commitment
from masthead.metering.models import Cap, CapWindow
from masthead.notifications.models import Notification
from masthead.workspaces import tokens
from masthead.workspaces.models import AuditEntry
from masthead.workspaces.roles import May, Role, allows
from masthead.workspaces.tests.people import Company

pytestmark = pytest.mark.django_db
GIVEN = {"amount": "20", "currency": "USD", "period": "month", "month_day": "1", "beyond": "hard"}
PLACES = {"list": May.SEE_COSTS, "change": May.MANAGE_WORKSPACE, "remove": May.MANAGE_WORKSPACE}


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def cap(company: Company) -> Cap:
    return add(company.workspace, Limit(micros=5_000_000, currency="USD", platform="x"), now=now())


def address(name: str, cap: Cap) -> str:
    return reverse(f"caps:{name}", args=["acme"] if name == "list" else ["acme", cap.pk])


def test_every_address_is_tested() -> None:
    assert {one.name for one in urlpatterns} == set(PLACES)


@pytest.mark.parametrize("role", [*Role, "stranger", "nobody"])
@pytest.mark.parametrize("name", PLACES)
def test_who_gets_in(company: Company, cap: Cap, name: str, role: str) -> None:
    client, where = company.client(role), address(name, cap)
    answer = client.post(where, GIVEN) if name == "remove" else client.get(where)
    if role == "nobody":
        assert answer.status_code == 302 and "/account/" in answer["Location"]
    elif role == "stranger":
        assert answer.status_code == 404
    elif allows(role, PLACES[name]):
        assert answer.status_code in (200, 302)
    else:
        assert answer.status_code == 403
    assert Cap.objects.exists() is not (name == "remove" and allows(role, May.MANAGE_WORKSPACE))


def test_a_cap_of_another_workspace_is_not_there(company: Company, cap: Cap) -> None:
    other = company.client("stranger")
    for name in ("change", "remove"):
        where = reverse(f"caps:{name}", args=["not-acme", cap.pk])
        assert other.post(where, GIVEN).status_code == 404
    assert b"5.00" not in other.get(reverse("caps:list", args=["not-acme"])).content
    assert Cap.objects.get().micros == 5_000_000


def test_setting_changing_removing_is_written_down(company: Company) -> None:
    client = company.client(Role.ADMIN)
    assert (
        client.post(reverse("caps:list", args=["acme"]), GIVEN | {"platform": "x", "purpose": "read"}).status_code
        == 302
    )
    cap = Cap.objects.get()
    assert (cap.micros, cap.platform, cap.purpose, cap.hard, cap.workspace) == (
        20_000_000,
        "x",
        "read",
        True,
        company.workspace,
    )
    page = client.get(reverse("caps:list", args=["acme"])).content.decode()
    assert "USD 20.00" in page and "Reading past posts" in page
    assert client.post(address("change", cap), {"amount": "25.5", "beyond": "soft"}).status_code == 302
    cap.refresh_from_db()
    assert (cap.micros, cap.hard, CapWindow.objects.get().micros) == (25_500_000, False, 25_500_000)
    client.post(address("remove", cap))
    assert not Cap.objects.exists()
    said = AuditEntry.objects.values_list("action", "actor")
    assert sorted(said) == [(f"cap.{what}", "admin@acme.example") for what in ("added", "changed", "removed")]


def test_an_editor_sees_but_cannot_set(company: Company, cap: Cap) -> None:
    client = company.client(Role.EDITOR)
    page = client.get(address("list", cap)).content.decode()
    assert "USD 5.00" in page and 'name="amount"' not in page
    client.post(address("list", cap), GIVEN)
    assert Cap.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"amount": "-1"}, {"amount": "much"}, {"month_day": "32"}, {"currency": "QQQ"}, {"channel": "999"}]
)
def test_nonsense_is_refused_beside_its_field(company: Company, wrong: dict[str, str]) -> None:
    answer = company.client(Role.OWNER).post(reverse("caps:list", args=["acme"]), GIVEN | wrong)
    assert answer.status_code == 422 and not Cap.objects.exists()


def test_the_same_cap_twice_is_refused_in_words(company: Company) -> None:
    client = company.client(Role.OWNER)
    client.post(reverse("caps:list", args=["acme"]), GIVEN)
    answer = client.post(reverse("caps:list", args=["acme"]), GIVEN | {"amount": "30"})
    assert answer.status_code == 422 and b"There is such a cap already" in answer.content


def test_in_german(company: Company, cap: Cap) -> None:
    company.workspace.language = "de"
    company.workspace.save()
    page = company.client(Role.OWNER).get(address("list", cap)).content.decode()
    assert "Obergrenze" in page


def test_the_costs_page_names_them(company: Company, cap: Cap) -> None:
    page = company.client(Role.EDITOR).get(reverse("metering:costs", args=["acme"])).content.decode()
    assert reverse("caps:list", args=["acme"]) in page


def test_scheduled_posts_keep_their_money(company: Company, cap: Cap, monkeypatch: pytest.MonkeyPatch) -> None:
    at = now()

    def promised(workspace: int, since: Any, until: Any) -> list[Commitment]:
        assert workspace == company.workspace.pk
        one = Commitment("x", 1, at, "post.create", 2, 30_000, "USD", "publish")
        return [
            one,
            Commitment("y", 1, at, "post.create", 1, 500, "USD", "publish"),
            Commitment("x", 1, at, "post.create", 1, 500, "EUR", "publish"),
            Commitment("x", 1, at + timedelta(days=40), "post.create", 1, 500, "USD", "publish"),
        ]

    monkeypatch.setattr(commitments, "SOURCES", [promised])
    assert earmark(company.workspace.pk, at) == 1
    assert CapWindow.objects.get().committed == 30_000
    assert earmark(company.workspace.pk, at) == 0


def test_owners_and_admins_are_told_once_a_window(company: Company) -> None:
    soft = add(company.workspace, Limit(micros=10, currency="USD", hard=False), now=now())
    hard = add(company.workspace, Limit(micros=10, currency="USD"), now=now())
    assert warn(now()) == 0
    CapWindow.objects.filter(cap=soft).update(spent=10)
    CapWindow.objects.filter(cap=hard).update(denied_at=now())
    assert (warn(now()), warn(now())) == (2, 0)
    told = Notification.objects.filter(kind="over_budget")
    assert {one.user for one in told} == {company.members[role].user for role in (Role.OWNER, Role.ADMIN)}
    assert told.count() == 4 and all("/costs/caps/" in one.link for one in told)


def asked(member: Any, method: str, path: str, body: Any = None) -> Any:
    _row, raw = tokens.make(member.user, member, "program", ["read", "write"], None)
    return Client().generic(
        method,
        f"/api/v1{path}",
        json.dumps(body) if body else "",
        "application/json",
        headers={"Authorization": f"Bearer {raw}"},
    )


def test_programs_can_do_the_same(company: Company) -> None:
    owner = company.members[Role.OWNER]
    made = asked(owner, "POST", "/caps", {"amount": "12.5", "currency": "USD", "platform": "x", "hard": False})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["amount"], told["limit"], told["spent"], told["hard"]) == ("12.5", "12.5", "0", False)
    assert [one["id"] for one in asked(owner, "GET", "/caps").json()] == [told["id"]]
    changed = asked(owner, "PATCH", f"/caps/{told['id']}", {"amount": "1", "hard": True})
    assert (changed.json()["amount"], changed.json()["hard"]) == ("1", True)
    assert asked(owner, "POST", "/caps", {"amount": "-1", "currency": "USD"}).status_code == 422
    assert asked(owner, "DELETE", f"/caps/{told['id']}").status_code == 204
    assert asked(owner, "DELETE", f"/caps/{told['id']}").status_code == 404
    assert AuditEntry.objects.filter(action__startswith="cap.").count() == 3


def test_programs_of_lesser_roles_and_of_strangers_cannot(company: Company, cap: Cap) -> None:
    editor, author = company.members[Role.EDITOR], company.members[Role.AUTHOR]
    assert asked(editor, "GET", "/caps").status_code == 200
    assert asked(author, "GET", "/caps").status_code == 403
    for method, path in (("POST", "/caps"), ("PATCH", f"/caps/{cap.pk}"), ("DELETE", f"/caps/{cap.pk}")):
        assert asked(editor, method, path, {"amount": "1", "currency": "USD"}).status_code == 403
    stranger = company.stranger.memberships.get()
    assert asked(stranger, "GET", "/caps").json() == []
    assert asked(stranger, "PATCH", f"/caps/{cap.pk}", {"amount": "1"}).status_code == 404
    assert asked(stranger, "DELETE", f"/caps/{cap.pk}").status_code == 404


def test_who_changes_a_cap_twice_at_once_does_not_multiply_it(company: Company, cap: Cap) -> None:
    first, second = Cap.objects.get(pk=cap.pk), Cap.objects.get(pk=cap.pk)
    for seen in (first, second):
        change(seen, 10_000_000, hard=True, now=now())
    assert CapWindow.objects.get().micros == 10_000_000


def test_a_cap_that_was_removed_meanwhile_is_not_changed(company: Company, cap: Cap) -> None:
    seen = Cap.objects.get(pk=cap.pk)
    remove(cap)
    with pytest.raises(Refused, match="removed meanwhile"):
        change(seen, 10_000_000, hard=True, now=now())
    assert not Cap.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": 10**30},
        {"channel": 2**63},
        {"app": "a\x00b"},
        {"platform": "<b>"},
        {"platform": "a\x00"},
        {"currency": "\x00\x00\x00"},
        {"currency": "<b>"},
        {"amount": "NaN"},
        {"amount": "1e999999"},
        {"amount": "1e-999999"},
    ],
)
def test_what_no_cap_can_hold_is_refused_to_programs(company: Company, wrong: dict[str, Any]) -> None:
    given = {"amount": "1", "currency": "USD"} | wrong
    assert asked(company.members[Role.OWNER], "POST", "/caps", given).status_code == 422
    assert not Cap.objects.exists()
