"""A person's own data: complete, theirs alone, and gone when they leave."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from django.test import Client

import masthead
from masthead.channels.models import Channel
from masthead.config.people import Unknown, erase, export
from masthead.posts.models import Comment, Move, Post
from masthead.posts.tests.scene import people
from masthead.web.person import DOMAINS
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-1"


@pytest.fixture
def ada() -> User:
    workspace, _owner = people()
    user = User.objects.create_user("ada@example.org", PASSWORD, name="Ada")
    Member.objects.create(workspace=workspace, user=user, role=Role.EDITOR)
    post = Post.objects.create(workspace=workspace, author=user, title="Rye", segments=[{"text": "Rye on Friday"}])
    Move.objects.create(post=post, source="draft", target="in_review", actor=user.email, at=post.created_at)
    Comment.objects.create(post=post, user=user, text="Is it right?")
    return user


def sign_in(email: str) -> Client:
    """Signed in, and asked for the password a moment ago."""
    client = Client()
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def test_every_domain_that_holds_something_is_asked() -> None:
    found = {path.parent.name for path in Path(masthead.__file__).parent.glob("*/personal_data.py")}
    assert found == set(DOMAINS)
    assert all(importlib.import_module(f"masthead.{name}.personal_data").HELD for name in found)


def test_the_file_holds_what_is_held_and_nothing_of_others(ada: User) -> None:
    stranger = User.objects.create_user("eve@example.org", PASSWORD)
    told = json.loads(sign_in(ada.email).get("/account/data/file/").content)
    assert told["posts"]["posts"][0]["title"] == "Rye" and told["posts"]["comments"][0]["text"] == "Is it right?"
    assert told["posts"]["moves"][0]["target"] == "in_review" and told["workspaces"]["account"]["email"] == ada.email
    theirs = json.loads(sign_in(stranger.email).get("/account/data/file/").content)
    assert not theirs["posts"]["posts"] and "Rye" not in json.dumps(theirs)


def test_nobody_gets_it_without_a_sign_in(client: Client) -> None:
    for address in ("/account/data/", "/account/data/file/"):
        assert client.get(address).status_code == 302
    assert client.post("/account/data/leave/", {"email": "ada@example.org"}).status_code == 302


def test_an_old_sign_in_is_asked_again(ada: User, settings: object) -> None:
    client = Client()
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/account/data/").status_code == 200
    assert client.get("/account/data/file/").status_code == 302
    assert client.post("/account/data/leave/", {"email": ada.email}).status_code == 302
    assert User.objects.filter(pk=ada.pk).exists()


def test_leaving_takes_the_name_off_and_keeps_the_posts(ada: User) -> None:
    client = sign_in(ada.email)
    assert client.post("/account/data/leave/", {"email": "other@example.org"}).status_code == 422
    assert User.objects.filter(pk=ada.pk).exists()
    assert client.post("/account/data/leave/", {"email": "ADA@example.org"}).status_code == 302
    post = Post.objects.get()
    assert (post.author, post.moves.get().actor, post.comments.get().user) == (None, "-", None)
    assert not User.objects.filter(pk=ada.pk).exists() and client.get("/account/data/").status_code == 302


def test_the_last_owner_stays_and_loses_nothing() -> None:
    workspace, owner = people()
    Channel.objects.create(workspace=workspace, platform="sandbox", server="s", remote_id="1", handle="@a")
    post = Post.objects.create(workspace=workspace, author=owner, segments=[])
    owner.set_password(PASSWORD)
    owner.save()
    answer = sign_in(owner.email).post("/account/data/leave/", {"email": owner.email})
    assert answer.status_code == 422 and workspace.name in answer.content.decode()
    post.refresh_from_db()
    assert post.author == owner, "all or nothing"


def test_the_command_says_what_it_did(ada: User) -> None:
    assert json.loads(export("Ada@example.org"))["workspaces"]["account"]["name"] == "Ada"
    assert "erased" in erase(ada.email)
    with pytest.raises(Unknown, match="Nobody"):
        export(ada.email)
