"""The Sunset pages and their API: for every role, for strangers, and what each button does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import announce
from masthead.kit.clock import given, now
from masthead.notifications.models import Notification
from masthead.posts.export.write import write
from masthead.posts.models import Export, Publication
from masthead.posts.states import State
from masthead.posts.sunset.hold import hold_all
from masthead.posts.tests.scene import past_post, post_on
from masthead.workspaces.models import AuditEntry
from masthead.workspaces.tests.people import Company
from masthead.workspaces.tokens import make, scopes_for

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = datetime(2026, 12, 24, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def company() -> Company:
    return Company()


def channel(company: Company, number: int, **more: Any) -> Channel:
    kept = {"workspace": company.workspace, "platform": "sandbox", "server": "http://127.0.0.1:1"}
    return Channel.objects.create(**kept, remote_id=str(number), handle=f"@{number}", name=f"Channel {number}", **more)


def ending(company: Company, one: Channel, at: datetime) -> Sunset:
    fields = {"platform": "sandbox", "scope": "channel", "channel": one, "ends_at": at}
    return announce(company.workspace, company.members["owner"].user, now=now(), **fields)


def url(name: str, *more: Any) -> str:
    return reverse(f"posts:{name}", args=["acme", *more])


WAYS = {
    "sunsets": ("get", ["owner", "admin", "editor", "author", "viewer"]),
    "sunset_announce": ("get", ["owner", "admin"]),
    "sunset": ("get", ["owner", "admin", "editor", "author", "viewer"]),
    "sunset_change": ("get", ["owner", "admin"]),
    "sunset_withdraw": ("post", ["owner", "admin"]),
    "sunset_export": ("post", ["owner", "admin"]),
    "sunset_move": ("post", ["owner", "admin", "editor"]),
    "sunset_restore": ("post", ["owner", "admin", "editor"]),
    "sunset_tell": ("post", ["owner", "admin"]),
    "export": ("get", ["owner", "admin"]),
}


@pytest.mark.parametrize("name", WAYS)
def test_who_gets_in(company: Company, name: str) -> None:
    sunset = ending(company, channel(company, 1), now() + 9 * DAY)
    row = Export.objects.create(workspace=company.workspace, channels=[], created_at=now(), held_until=now() - DAY)
    write(row.pk)
    plain = name in ("sunsets", "sunset_announce")
    place = url(name) if plain else url(name, row.key if name == "export" else sunset.pk)
    how, able = WAYS[name]
    for role in ("owner", "admin", "editor", "author", "viewer"):
        answer = getattr(company.client(role), how)(place)
        assert (answer.status_code in (200, 302)) is (role in able), (role, answer.status_code)
        assert role in able or answer.status_code == 403
    assert getattr(company.client("stranger"), how)(place).status_code == 404
    assert getattr(company.client("nobody"), how)(place).url.startswith("/account/login/")
    if plain:
        return
    other = Company(
        "rival"
    )  # an owner elsewhere finds it under the own workspace's address no more than under the other's
    mine = place.replace("/acme/", "/rival/")
    assert getattr(other.client("owner"), how)(mine).status_code == 404


def test_announcing_by_hand_with_zone_source_and_note(company: Company) -> None:
    channel(company, 1)
    owner = company.client("owner")
    fields = {
        "scope": "platform", "platform": "sandbox", "ends_at": "2026-12-24T09:00", "zone": "Europe/Berlin",
        "announced_on": "2026-11-20", "source": "https://example.org/news", "note": "They said so.",
    }  # fmt: skip
    page = owner.get(url("sunset_announce")).content.decode()
    assert 'value="Europe/Berlin" selected' in page
    answer = owner.post(url("sunset_announce"), fields)
    sunset = Sunset.objects.get()
    assert answer.url == url("sunset", sunset.pk)
    assert (sunset.ends_at, sunset.by) == (AT, company.members["owner"].user)
    assert (sunset.source, sunset.note) == ("https://example.org/news", "They said so.")
    page = owner.get(answer.url).content.decode()
    assert "They said so." in page
    assert "24 Dec 2026, 09:00" in page
    assert AuditEntry.objects.filter(action="sunset.announced", user=sunset.by).count() == 1
    owner.post(url("sunset_change", sunset.pk), {**fields, "ends_at": "2026-12-25T09:00"})
    sunset.refresh_from_db()
    assert sunset.ends_at == AT + DAY
    owner.post(url("sunset_withdraw", sunset.pk))
    sunset.refresh_from_db()
    assert sunset.withdrawn_at is not None
    assert owner.get(url("sunset", sunset.pk)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": "someday"}, "ends_at"),
        ({"ends_at": "2099-01-01T00:00"}, "ends_at"),
        ({"source": "javascript:x"}, "source"),
        ({"scope": "channel", "channel": ""}, "channel"),
        ({"scope": "channel", "channel": "stranger"}, "channel"),
        ({"scope": "plan"}, "subject"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(company: Company, changes: dict[str, str], field: str) -> None:
    fields = {"scope": "platform", "platform": "sandbox", "ends_at": "2026-12-24T09:00", "zone": "UTC"} | changes
    if fields.get("channel") == "stranger":
        fields["channel"] = str(channel(Company("rival"), 1).pk)
    answer = company.client("owner").post(url("sunset_announce"), fields)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Sunset.objects.exists()


def test_every_page_of_a_touched_workspace_says_so_in_one_line(company: Company) -> None:
    touched, other = channel(company, 1), Company("rival")
    sunset = ending(company, touched, now() + 6 * DAY)
    pages = [
        f"/w/acme/{place}" for place in ("", "posts/", "calendar/", "channels/", "past-posts/", "media/", "members/")
    ]
    for role, linked in (("owner", True), ("viewer", False)):
        for one in pages:
            text = company.client(role).get(one).content.decode()
            assert text.count("ending-line") == 1, one
            assert "Channel 1 ends in 6 days" in text
            assert (f'href="/w/acme/sunset/{sunset.pk}/">What to do' in text) is linked
    assert "ending-line" not in other.client("owner").get("/w/rival/").content.decode()
    with given(sunset.ends_at + DAY):
        assert "Channel 1 has ended" in company.client("owner").get("/w/acme/").content.decode()
    with given(sunset.ends_at + 30 * DAY):
        assert "ending-line" not in company.client("owner").get("/w/acme/").content.decode()


def test_the_steps_one_by_one(company: Company) -> None:
    old, new = channel(company, 1), channel(company, 2, limits={"text_limit": 60})
    fits, long = post_on(old, "Short", publish_at=now() + 9 * DAY), post_on(old, "x" * 90, publish_at=now() + 9 * DAY)
    post_on(old, "Before the end", publish_at=now() + DAY)
    past_post(old, "An old one")
    sunset, owner = ending(company, old, now() + 6 * DAY), company.client("owner")
    page = owner.get(url("sunset", sunset.pk))
    assert page.context["steps"] == {"export": False, "move": False, "tell": False, "watch": True}
    assert {one.label: one.number for one in page.context["counts"]} == {
        "Drafts": 0, "Scheduled after the end": 2, "Put aside": 0, "Past posts that stay": 1,
    }  # fmt: skip
    owner.post(url("sunset_export", sunset.pk))
    row = Export.objects.get()
    write(row.pk)
    file = owner.get(url("export", row.key))
    assert len(b"".join(file.streaming_content)) == int(file["Content-Length"])
    row.refresh_from_db()
    assert file["X-Content-SHA256"] == row.sha256
    page = owner.get(url("sunset", sunset.pk), {"to": new.pk})
    assert page.context["sums"] == {"scheduled": 1, "draft": 1, "there": 0}
    assert "The text is too long" in page.content.decode()
    owner.post(url("sunset_move", sunset.pk), {"to": new.pk, "publication": fits.pk})
    assert Publication.objects.get(channel=new).state == State.SCHEDULED
    owner.post(url("sunset_move", sunset.pk), {"to": new.pk})
    long.refresh_from_db()
    assert (long.state, long.reason) == (State.CANCELLED, "moved_on")
    text = owner.get(url("sunset", sunset.pk)).context["text"]
    assert "Channel 2" in text
    owner.post(url("sunset_tell", sunset.pk), {"message": "Dear all", "how": "save"})
    assert not Notification.objects.filter(body="Dear all").exists()
    for _ in range(2):
        owner.post(url("sunset_tell", sunset.pk), {"message": "Dear all", "how": "send"})
    assert Notification.objects.filter(body="Dear all").count() == 5  # each member once
    page = owner.get(url("sunset", sunset.pk))
    assert page.context["steps"] == {"export": True, "move": True, "tell": True, "watch": True}
    assert page.context["text"] == "Dear all"
    done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"sunset.announced", "export.asked", "export.downloaded", "sunset.moved", "sunset.told"} <= done


def test_moving_to_what_ends_as_well_or_belongs_to_others_is_refused(company: Company) -> None:
    old, ended = channel(company, 1), channel(company, 2)
    foreign = channel(Company("rival"), 1)
    row = post_on(old, "Short", publish_at=now() + 9 * DAY)
    sunset = ending(company, old, now() + 6 * DAY)
    ending(company, ended, now() + 7 * DAY)
    for target in (old.pk, ended.pk, foreign.pk, "x"):
        answer = company.client("owner").post(url("sunset_move", sunset.pk), {"to": target}, follow=True)
        assert "Choose a channel that goes on." in answer.content.decode()
    row.refresh_from_db()
    assert row.state == State.SCHEDULED


def test_what_was_put_aside_is_restored_after_a_withdrawal(company: Company) -> None:
    one = channel(company, 1)
    row = post_on(one, "Short", publish_at=now() + 9 * DAY)
    sunset, owner = ending(company, one, now() - timedelta(minutes=1)), company.client("owner")
    assert hold_all(now()) == 1
    assert "put aside" in owner.get(url("sunset", sunset.pk)).content.decode()
    owner.post(url("sunset_withdraw", sunset.pk))
    assert owner.get(url("sunset", sunset.pk)).context["restorable"] == 1
    owner.post(url("sunset_restore", sunset.pk))
    row.refresh_from_db()
    assert row.state == State.SCHEDULED


def test_the_api(company: Company) -> None:
    old, new = channel(company, 1), channel(company, 2)
    post_on(old, "Short", publish_at=now() + 9 * DAY)
    owner, editor, other = (_api(company, "owner"), _api(company, "editor"), _api(Company("rival"), "owner"))
    body = {"scope": "channel", "channel": old.pk, "ends_at": (now() + 6 * DAY).isoformat(), "source": "https://s"}
    assert editor("post", "sunsets", body).status_code == 403
    assert other("post", "sunsets", body).status_code == 404
    assert owner("post", "sunsets", {**body, "ends_at": "2026-12-24T09:00:00"}).status_code == 400
    assert owner("post", "sunsets", {**body, "scope": "all"}).status_code == 400
    made = owner("post", "sunsets", body)
    assert made.status_code == 201
    place = f"sunsets/{made.json()['id']}"
    assert (made.json()["stage"], made.json()["channels"]) == ("announced", [old.pk])
    assert {one["label"]: one["number"] for one in made.json()["counts"]}["Scheduled after the end"] == 1
    assert [one["id"] for one in editor("get", "sunsets").json()] == [made.json()["id"]]
    assert other("get", place).status_code == 404
    assert other("post", f"{place}/moves", {"to": new.pk}).status_code == 404
    assert other("post", f"{place}/withdrawal").status_code == 404
    assert owner("post", f"{place}/moves", {"to": old.pk}).json()["field"] == "to"
    moved = editor("post", f"{place}/moves", {"to": new.pk}).json()
    assert moved == {"scheduled": 1, "draft": 0, "there": 0, "problems": []}
    assert editor("post", f"{place}/withdrawal").status_code == 403
    assert owner("post", f"{place}/withdrawal").json()["stage"] == "withdrawn"


def test_exports_by_the_api(company: Company) -> None:
    one = channel(company, 1)
    owner, editor, other = (_api(company, "owner"), _api(company, "editor"), _api(Company("rival"), "owner"))
    assert editor("post", "exports", {"channels": [one.pk]}).status_code == 403
    assert other("post", "exports", {"channels": [one.pk]}).status_code == 404
    made = owner("post", "exports", {"channels": [one.pk]})
    assert made.status_code == 202
    place = f"exports/{made.json()['key']}"
    assert owner("get", f"{place}/file").status_code == 404
    write(Export.objects.get().pk)
    ready = owner("get", place).json()
    assert ready["state"] == "ready"
    assert len(ready["sha256"]) == 64
    assert b"".join(owner("get", f"{place}/file").streaming_content)[:2] == b"PK"
    assert editor("get", f"{place}/file").status_code == 403
    for path in (place, f"{place}/file"):
        assert other("get", path).status_code == 404
    assert [one["key"] for one in owner("get", "exports").json()] == [made.json()["key"]]
    assert other("get", "exports").json() == []
    assert default_storage.exists(Export.objects.get().storage_path)


def _api(company: Company, role: str) -> Any:
    """Calls with a token of that member."""
    member = company.members[role]
    _row, secret = make(member.user, member, "t", scopes_for(member), None)
    client = company.client("nobody")

    def call(how: str, path: str, body: Any = None) -> Any:
        more = {"data": body or {}, "content_type": "application/json"} if how == "post" else {}
        return getattr(client, how)(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"}, **more)

    return call


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"platform": "x" * 300}, 400),
        ({"platform": "a\x00"}, 400),
        ({"scope": "server", "subject": "x" * 3000}, 422),
        ({"source": "https://" + "x" * 3000}, 422),
        ({"note": "x" * 5000}, 422),
        ({"scope": "channel", "channel": 10**30}, 422),
        ({"ends_at": "0001-01-01T00:00:00+14:00"}, 400),
        ({"ends_at": "9999-12-31T23:59:59-14:00"}, 400),
    ],
)
def test_what_no_end_can_be_is_refused_to_programs(company: Company, wrong: dict[str, Any], status: int) -> None:
    body = {"platform": "sandbox", "ends_at": (now() + 6 * DAY).isoformat()} | wrong
    assert _api(company, "owner")("post", "sunsets", body).status_code == status
    assert not Sunset.objects.exists()


def test_what_no_database_holds_is_left_out_of_an_end(company: Company) -> None:
    body = {"platform": "sandbox", "ends_at": (now() + 6 * DAY).isoformat(), "note": "a\x00b"}
    assert _api(company, "owner")("post", "sunsets", body).json()["note"] == "ab"


@pytest.mark.parametrize("proposal", ["²", "9" * 5000, "9" * 30, "-1"])
def test_what_is_no_number_of_a_proposal(company: Company, proposal: str) -> None:
    assert company.client("owner").get(url("sunset_announce"), {"proposal": proposal}).status_code in (200, 404)


def test_what_is_no_number_of_a_channel(company: Company) -> None:
    for asked in ("²", "9" * 5000, "\x00"):
        assert company.client("viewer").get(url("past"), {"channel": asked}).status_code == 200
