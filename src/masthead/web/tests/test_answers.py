"""Headers, health, metrics, error pages and who may see the home page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import resolve, reverse

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.posts.models import Heartbeat
from masthead.web import health, home
from masthead.web.context import PLACES
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role


@pytest.fixture
def signed_in(client: Client, member: Member) -> Client:
    client.force_login(member.user)
    return client


def test_policy_allows_nothing_inline(client, db):
    policy = client.get("/nowhere").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_other_headers(signed_in):
    headers = signed_in.get("/w/harbour/").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"


def test_live_asks_nothing_of_the_database(client):
    assert client.get("/health/live").json() == {"live": True}


def test_ready_tells_of_workers(client, db, monkeypatch):
    monkeypatch.setattr(health, "missing_migrations", set)
    assert client.get("/health/ready").json()["workers"] == {"alive": 0, "last_beat_s": None}
    for worker, age in (("a", 2), ("b", 900)):
        Heartbeat.objects.create(
            worker=worker, host="h", pid=1, started_at=now(), beat_at=now() - timedelta(seconds=age)
        )
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["workers"]["alive"] == 1
    assert 1 < answer.json()["workers"]["last_beat_s"] < 10


def test_not_ready_without_migrations_or_database(client, db, monkeypatch):
    monkeypatch.setattr(health, "missing_migrations", lambda: {("posts", "0009")})
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["remedy"]) == (503, "Run: masthead migrate")

    def broken():
        raise DatabaseError

    monkeypatch.setattr(health, "missing_migrations", broken)
    assert client.get("/health/ready").json()["database"] is False


def test_a_migrated_database_is_ready(client, db):
    assert health.missing_migrations() == set()
    assert client.get("/health/ready").json()["ready"] is True


def test_missing_migrations_are_seen(db, monkeypatch):
    monkeypatch.setattr(health, "_known", lambda: frozenset({("posts", "9999_never")}))
    assert health.missing_migrations() == {("posts", "9999_never")}


def test_metrics_are_off_by_default(client, db):
    assert client.get("/metrics").status_code == 404


def test_metrics_with_a_token(client, db, settings):
    settings.METRICS, settings.METRICS_TOKEN = True, "s3cret"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    text = client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).content.decode()
    for name in ("masthead_publications_due 0.0", "masthead_publications_late", "masthead_workers_alive"):
        assert name in text


def test_robots_and_favicon(client):
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
    assert client.get("/favicon.ico").status_code == 301


def test_a_missing_page_gives_advice(client, db):
    answer = client.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_a_stranger_sees_no_home(client, member, stranger):
    client.force_login(stranger)
    assert client.get("/w/harbour/").status_code == 404
    client.logout()
    assert client.get("/w/harbour/").headers["Location"].startswith(reverse("account_login"))


def test_a_broken_page_needs_no_database(signed_in, monkeypatch):
    def broken(*_):
        raise RuntimeError("inner detail")

    monkeypatch.setattr("masthead.web.home.concerns", broken)
    signed_in.raise_request_exception = False
    answer = signed_in.get("/w/harbour/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "inner detail" not in answer.content.decode()


def test_an_old_form_says_how_to_keep_the_text(member):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member.user)
    answer = strict.post(reverse("posts:new", args=["harbour"]))
    assert answer.status_code == 403
    assert "what you typed is still there" in answer.content.decode()
    assert strict.post(reverse("posts:new", args=["harbour"]), headers={"Accept": "application/json"}).json()["detail"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_place_of_the_navigation_exists(place):
    assert resolve(f"/w/harbour/{place.path}")
    assert resolve("/w/harbour/notifications/")


def test_navigation_shows_what_the_role_may(client, space, member):
    viewer = User.objects.create_user("vi@harbour.test", "correct horse battery")
    Member.objects.create(workspace=space, user=viewer, role=Role.VIEWER)
    client.force_login(viewer)
    text = client.get("/w/harbour/").content.decode()
    assert "/w/harbour/posts/" in text
    assert "/w/harbour/audit/" not in text
    assert "New post" not in text


def test_home_page_is_cheap(signed_in, django_assert_max_num_queries):
    signed_in.get("/w/harbour/")
    with django_assert_max_num_queries(20):
        signed_in.get("/w/harbour/")


def test_first_steps_are_ticked_off(space, member):
    assert [one.done for one in home.steps(space)] == [False] * 4
    Channel.objects.create(workspace=space, platform="sandbox", server="s", remote_id="1", handle="@a")
    user = User.objects.create_user("bo@harbour.test", "correct horse battery")
    Member.objects.create(workspace=space, user=user, role=Role.EDITOR)
    assert [one.done for one in home.steps(space)] == [True, False, False, True]


def test_first_steps_go_away(space, busy):
    assert home.steps(space) == []


def test_home_shows_nothing_of_other_workspaces(space, busy, stranger):
    other = stranger.memberships.get().workspace
    assert home.concerns(other, Role.OWNER) == []
    assert not home.ahead(other)
    assert not home.published(other)
    assert home.summary(other)["scheduled"] == "0 publications scheduled"


def test_authors_are_not_asked_to_approve(space, busy):
    said = [str(one.title) for one in home.concerns(space, Role.AUTHOR)]
    assert said
    assert not any("approval" in one for one in said)
