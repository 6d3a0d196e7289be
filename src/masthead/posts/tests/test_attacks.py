"""What somebody who means harm tries with posts: around the review, twice through one door, and through a race."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from masthead.posts import compose, review
from masthead.posts.compose import Conflict
from masthead.posts.models import Post, Publication
from masthead.posts.states import Editorial, State
from masthead.posts.tests.test_pages import Desk, client_of
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk() -> Desk:
    """A workspace in which every post needs approval."""
    made = Desk("bakery")
    made.workspace.review_required = True
    made.workspace.save()
    return made


@pytest.fixture
def editor(desk: Desk) -> Member:
    """An editor, who wrote the post that was approved by somebody else."""
    user = User.objects.create_user("editor@bakery.example", "a long pass phrase")
    member = Member.objects.create(workspace=desk.workspace, user=user, role=Role.EDITOR)
    Post.objects.filter(pk=desk.post.pk).update(author=user, state=Editorial.APPROVED)
    desk.post.refresh_from_db()
    return member


def rewritten(desk: Desk, browser: Client, **changes: Any) -> None:
    """The publication is taken back or failed, and its post is a draft again with another text."""
    Publication.objects.filter(pk=desk.row.pk).update(**({"state": State.CANCELLED} | changes))
    sent = {"segments": [{"text": "never approved"}], "channels": {str(desk.channel.pk): {}}}
    saved = browser.post(desk.url("save"), json.dumps(sent), content_type="application/json")
    assert saved.status_code == 200, saved.content


@pytest.mark.parametrize("way", ["retry", "move"])
def test_a_text_changed_since_its_approval_is_not_brought_back_past_the_review(
    desk: Desk, editor: Member, way: str
) -> None:
    browser = client_of(editor.user)
    rewritten(desk, browser)
    browser.post(desk.url(way), {"publish_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()})
    desk.row.refresh_from_db()
    assert (desk.row.state, desk.row.content["segments"][0]["text"]) == (State.CANCELLED, "secret of bakery")


def test_nor_by_a_program(desk: Desk, editor: Member) -> None:
    rewritten(desk, client_of(editor.user), state=State.FAILED)
    _row, token = make(editor.user, editor, "tests", ["publish"], None)
    answer = Client().post(f"/api/v1/publications/{desk.row.pk}/retry", headers={"Authorization": f"Bearer {token}"})
    desk.row.refresh_from_db()
    assert (answer.status_code, desk.row.state) == (403, State.FAILED)


def test_who_may_approve_brings_a_changed_text_back(desk: Desk, editor: Member) -> None:
    rewritten(desk, client_of(editor.user))
    client_of(desk.owner).post(desk.url("retry"))
    desk.row.refresh_from_db()
    desk.post.refresh_from_db()
    assert (desk.row.state, desk.row.content["segments"][0]["text"]) == (State.SCHEDULED, "never approved")
    assert desk.post.state == Editorial.APPROVED


def test_what_is_out_is_changed_only_by_who_could_approve_it(desk: Desk, editor: Member) -> None:
    Publication.objects.filter(pk=desk.row.pk).update(state=State.PUBLISHED)
    answer = client_of(editor.user).post(desk.url("amend"), {"text": ["never approved"]})
    desk.row.refresh_from_db()
    assert (answer.status_code, desk.row.content["segments"][0]["text"]) == (403, "secret of bakery")


def test_a_reviewer_approves_only_what_was_read(desk: Desk, editor: Member) -> None:
    """The author takes the post back, changes it and submits it anew while the reviewer's page is still open."""
    Publication.objects.all().delete()
    Post.objects.filter(pk=desk.post.pk).update(state=Editorial.IN_REVIEW)
    page, author = client_of(desk.owner).get(desk.url("compose")), client_of(editor.user)
    read = page.content.decode().split('name="version" value="')[1].split('"')[0]
    author.post(desk.url("take_back"))
    rewritten(desk, author)
    author.post(desk.url("submit"))
    client_of(desk.owner).post(desk.url("approve"), {"version": read})
    assert Post.objects.get(pk=desk.post.pk).state == Editorial.IN_REVIEW


def test_nothing_is_saved_into_a_post_that_was_approved_meanwhile(desk: Desk, editor: Member) -> None:
    """A save that began on the draft meets the approval: the approved text stays as it was read."""
    Post.objects.filter(pk=desk.post.pk).update(state=Editorial.DRAFT)
    begun = Post.objects.get(pk=desk.post.pk)
    review.approve(Post.objects.get(pk=desk.post.pk), Member.objects.get(user=desk.owner), now=NOW)
    with pytest.raises(Conflict):
        compose.edit(begun, segments=[{"text": "never approved"}])
    assert Post.objects.get(pk=desk.post.pk).segments[0]["text"] == "secret of bakery"


def test_a_second_click_publishes_nothing_though_the_first_is_out_already(desk: Desk) -> None:
    Publication.objects.all().delete()
    browser = client_of(desk.owner)
    page = browser.get(desk.url("compose")).content.decode()
    click = {"how": "now", "seen": page.split('name="seen" value="')[1].split('"')[0]}
    browser.post(desk.url("schedule"), click)
    assert Publication.objects.update(state=State.PUBLISHED) == 1
    browser.post(desk.url("schedule"), click)
    assert Publication.objects.count() == 1
