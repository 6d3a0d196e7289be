"""The public API: strangers, scopes and roles, the way of a post, idempotency, problem details."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from masthead.api.models import KeptAnswer
from masthead.api.urls import api
from masthead.channels.models import Channel, Sunset
from masthead.channels.sunset import announce
from masthead.kit.clock import now
from masthead.media.models import Asset
from masthead.metering.models import Cap
from masthead.posts.export.ask import ask_for
from masthead.posts.models import Post, Publication
from masthead.posts.schedule import ensure_lane
from masthead.posts.tests.scene import past_post, people
from masthead.rights.archive.export.ask import ask_for as ask_for_copy
from masthead.rights.archive.imports.ask import begin as begin_import
from masthead.rights.archive.wanted import Wanted
from masthead.rights.audits.ask import ask_for as ask_for_audit
from masthead.workspaces.models import Member
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import make

pytestmark = pytest.mark.django_db


class Program:
    """A program with a token of one workspace."""

    def __init__(self, slug: str, scopes: tuple[str, ...] = ("read", "write", "publish")) -> None:
        self.workspace, self.user = people(slug)
        self.member = Member.objects.get(user=self.user)
        self.channel = Channel.objects.create(
            workspace=self.workspace, platform="sandbox", server="http://127.0.0.1:1", remote_id="1", handle="@a"
        )
        ensure_lane(self.channel)
        self.asset = Asset.objects.create(
            workspace=self.workspace,
            sha256="0" * 64,
            kind="image",
            mime="image/png",
            size=1,
            file_name="a.png",
            storage_path="a",
        )
        self.row, self.token = make(self.user, self.member, "tests", list(scopes), None)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call the API."""
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        return getattr(Client(), method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def post(self, text: str = "Fresh bread") -> dict[str, Any]:
        """Make a post on the channel."""
        body = {"segments": [{"text": text}], "variants": [{"channel": self.channel.pk}]}
        made = self.call("post", "/posts", body)
        assert made.status_code == 201, made.content
        return made.json()


@pytest.fixture
def program() -> Program:
    return Program("bakery")


def endpoints() -> list[tuple[str, str]]:
    """Every method and path of the API's own description."""
    return [(method, path) for path, all_ in api.get_openapi_schema()["paths"].items() for method in all_]


def ending(program: Program) -> Sunset:
    """An end of the channel, far away."""
    fields = {"platform": "sandbox", "scope": "channel", "channel": program.channel, "ends_at": now() + timedelta(900)}
    return announce(program.workspace, program.user, now=now(), **fields)


@pytest.mark.parametrize(("method", "path"), endpoints())
def test_strangers(program: Program, method: str, path: str) -> None:
    """Without a token: 401. With another workspace's token: nothing of ours."""
    made = program.post("secret")
    publication = program.call("post", f"/posts/{made['id']}/schedule", {"publish_at": "2027-03-01T09:00:00Z"}).json()[
        0
    ]
    ours = {
        "post_id": made["id"],
        "publication_id": publication["id"],
        "channel_id": program.channel.pk,
        "asset_id": program.asset.pk,
        "past_post_id": past_post(program.channel, "secret").pk,
        "sunset_id": ending(program).pk,
        "cap_id": Cap.objects.create(workspace=program.workspace, micros=1, currency="USD").pk,
        "import_id": begin_import(program.workspace, program.user, "secret.zip", 9, now=now()).pk,
        "audit_id": ask_for_audit(program.workspace, {"name": "secret"}, by=program.user, now=now()).pk,
        "item_id": f"read:{past_post(program.channel, 'secret').pk}",
        "copy_key": ask_for_copy(program.workspace, Wanted(), now=now(), by=program.user).key,
        "key": ask_for(program.workspace, [program.channel], now=now(), by=program.user).key,
    }
    path = path.removeprefix("/api/v1").format(**ours, platform=program.channel.platform, number=0)
    assert getattr(Client(), method)(f"/api/v1{path}").status_code == 401
    answer = Program("butcher").call(method, path, {"alt": "x", "publish_at": "now", "segments": [{"text": "x"}]})
    assert (
        answer.status_code in (404, 422)
        if any(str(one) in path for one in ours.values())
        else b"secret" not in answer.content
    )
    assert Publication.objects.get(pk=publication["id"]).state == "scheduled"
    assert Post.objects.get(pk=made["id"]).segments[0]["text"] == "secret"


def test_the_way_of_a_post(program: Program) -> None:
    made = program.post()
    changed = program.call("patch", f"/posts/{made['id']}", {"segments": [{"text": "Rye"}], "version": made["version"]})
    assert changed.json()["segments"][0]["text"] == "Rye"
    stale = program.call("patch", f"/posts/{made['id']}", {"title": "x", "version": 1})
    assert stale.status_code == 409 and stale.json()["version"] == 2
    rows = program.call("post", f"/posts/{made['id']}/schedule", {"publish_at": "2027-03-01T09:00:00+01:00"}).json()
    assert rows[0]["publish_at"] == "2027-03-01T08:00:00Z" and rows[0]["state"] == "scheduled"
    listed = program.call("get", "/publications?start=2027-03-01T00:00:00Z&end=2027-03-02T00:00:00Z").json()
    assert [one["id"] for one in listed] == [rows[0]["id"]]
    assert program.call("delete", f"/posts/{made['id']}").status_code == 409
    assert program.call("post", f"/publications/{rows[0]['id']}/cancel").json()["state"] == "cancelled"
    assert program.call("get", f"/posts/{made['id']}").json()["state"] == "approved"
    assert program.call("delete", f"/posts/{made['id']}").status_code == 204
    assert program.call("get", f"/posts/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("scopes", "method", "path"),
    [(("read",), "post", "/posts"), (("write",), "get", "/posts"), (("read", "write"), "post", "/posts/1/schedule")],
)
def test_scopes(scopes: tuple[str, ...], method: str, path: str) -> None:
    answer = Program("bakery", scopes).call(method, path, {"segments": [{"text": "x"}], "publish_at": "now"})
    assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"


def test_a_token_goes_with_its_owners_membership(program: Program) -> None:
    Member.objects.filter(pk=program.member.pk).update(role=Role.VIEWER)
    assert program.call("post", "/posts", {"segments": [{"text": "x"}]}).status_code == 403
    Member.objects.filter(pk=program.member.pk).delete()
    assert program.call("get", "/posts").status_code == 401


def test_the_same_key_does_nothing_twice(program: Program) -> None:
    body = {"segments": [{"text": "once"}]}
    first = program.call("post", "/posts", body, **{"Idempotency-Key": "k1"})
    again = program.call("post", "/posts", body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()["id"]) == (again.status_code, again.json()["id"])
    assert again["Idempotent-Replayed"] == "true" and Post.objects.count() == 1
    other = program.call("post", "/posts", {"segments": [{"text": "two"}]}, **{"Idempotency-Key": "k1"})
    assert other.status_code == 422 and other.json()["field"] == "Idempotency-Key"
    mine = Program("butcher").call("post", "/posts", body, **{"Idempotency-Key": "k1"})
    assert mine.status_code == 201 and mine.json()["id"] != first.json()["id"]


def test_what_is_out_goes_out_again_only_when_asked(program: Program) -> None:
    """A program that lost the answer and asks again, without a key, must not double the post."""
    made = program.post()
    address, when = f"/posts/{made['id']}/schedule", {"publish_at": "now"}
    first = program.call("post", address, when).json()[0]
    assert program.call("post", address, when).status_code == 409, "on its way"
    Publication.objects.filter(pk=first["id"]).update(state="published")
    again = program.call("post", address, when)
    assert (again.status_code, again.json()["field"]) == (409, "repeat") and "repeat" in again.json()["remedy"]
    assert Publication.objects.count() == 1
    assert program.call("post", address, {**when, "repeat": True}).status_code == 201
    Publication.objects.update(state="published")
    changed = program.call("patch", f"/posts/{made['id']}", {"segments": [{"text": "Rye"}]})
    assert changed.status_code == 200 and program.call("post", address, when).status_code == 201, "another text"


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/posts", {"segments": []}, 400, "segments"),
        ("/posts", {"segments": "x"}, 422, "body.segments"),
        ("/posts", {"segments": [{"text": "x"}], "variants": [{"channel": 999_999}]}, 400, "variants.0.channel"),
        ("/posts/{post}/schedule", {"publish_at": "2001-01-01T00:00:00Z"}, 400, "publish_at"),
        ("/posts/{post}/schedule", {"publish_at": "later"}, 400, "publish_at"),
        ("/posts/{long}/schedule", {"publish_at": "now"}, 422, "segments.0.text"),
    ],
)
def test_problems_name_the_field_and_the_remedy(
    program: Program, path: str, body: Any, status: int, field: str
) -> None:
    path = path.format(post=program.post()["id"], long=program.post("x" * 20_000)["id"])
    answer = program.call("post", path, body)
    told = answer.json()
    assert (answer.status_code, told["field"]) == (status, field), told
    assert told["title"] and told["remedy"] and answer["Content-Type"] == "application/problem+json"


def test_the_description_can_be_read() -> None:
    assert Client().get("/api/openapi.json").json()["info"]["title"] == "Masthead"
    assert Client().get("/api/docs").status_code == 200


def test_a_program_killed_before_its_answer_was_kept_has_done_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the same key, sent again once the first is given up, would make a second post."""
    real = KeptAnswer.save

    def killed(self: KeptAnswer, *args: Any, **kept: Any) -> None:
        if self.pk:
            raise KeyboardInterrupt
        real(self, *args, **kept)

    monkeypatch.setattr(KeptAnswer, "save", killed)
    body = {"segments": [{"text": "once"}]}
    with pytest.raises(KeyboardInterrupt):
        program.call("post", "/posts", body, **{"Idempotency-Key": "k"})
    assert not Post.objects.exists()
