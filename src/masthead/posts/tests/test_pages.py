"""The pages of posts: strangers see nothing, roles are kept, text is never lost, and the way from draft to schedule works."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from masthead.channels.models import Channel
from masthead.channels.sunset import announce
from masthead.kit.clock import now
from masthead.posts import compose
from masthead.posts.models import Comment, Export, Post, Publication, Variant
from masthead.posts.schedule import ensure_lane, frozen
from masthead.posts.states import Editorial, State
from masthead.posts.tests.scene import past_post, people
from masthead.posts.urls import urlpatterns
from masthead.posts.views import pause
from masthead.workspaces.models import AuditEntry, Member, User, Workspace
from masthead.workspaces.roles import Role

pytestmark = pytest.mark.django_db
SOON = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
LATER = datetime(2028, 1, 4, 9, 0, tzinfo=UTC)


class Desk:
    """A workspace with a channel, a post and a publication."""

    def __init__(self, slug: str) -> None:
        self.workspace, self.owner = people(slug)
        self.channel = Channel.objects.create(
            workspace=self.workspace,
            platform="sandbox",
            server="http://127.0.0.1:1",
            remote_id="1",
            handle="@a",
            name="Ticker",
        )
        ensure_lane(self.channel)
        self.post = Post.objects.create(
            workspace=self.workspace,
            author=self.owner,
            segments=[{"text": f"secret of {slug}"}],
            search_text=f"secret of {slug}",
        )
        variant = Variant.objects.create(post=self.post, channel=self.channel)
        self.row = Publication.objects.create(
            workspace=self.workspace,
            post=self.post,
            channel=self.channel,
            publish_at=SOON,
            not_before=SOON,
            expires_at=SOON + timedelta(hours=1),
            content=frozen(self.post, variant),
        )
        self.past = past_post(self.channel, f"secret of {slug}")

    def url(self, name: str) -> str:
        """A page's address with this desk's ids."""
        route = next(one for one in urlpatterns if one.name == name)
        known = {
            "slug": self.workspace.slug,
            "post_id": self.post.pk,
            "publication_id": self.row.pk,
            "past_post_id": self.past.pk,
            "channel_id": self.channel.pk,
        }
        if "sunset_id" in route.pattern.converters:
            fields = {"platform": "sandbox", "scope": "channel", "channel": self.channel}
            known["sunset_id"] = announce(self.workspace, self.owner, now=now(), ends_at=LATER, **fields).pk
        if "key" in route.pattern.converters:
            made = Export.objects.create(workspace=self.workspace, created_at=now(), held_until=now())
            known["key"] = made.key
        return reverse(f"posts:{name}", kwargs={key: known[key] for key in route.pattern.converters})


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member(workspace: Workspace, role: Role) -> Client:
    user = User.objects.create_user(f"{role}@{workspace.slug}.example", "a long pass phrase")
    Member.objects.create(workspace=workspace, user=user, role=role)
    return client_of(user)


@pytest.fixture
def desk() -> Desk:
    return Desk("bakery")


@pytest.mark.parametrize("name", [one.name for one in urlpatterns])
def test_strangers(desk: Desk, name: str) -> None:
    """Another workspace's owner gets 404 by our slug, and by their own slug with our ids; nobody is sent to sign in."""
    other = Desk("butcher")
    stranger, before = client_of(other.owner), Publication.objects.get(pk=desk.row.pk).state
    assert stranger.post(desk.url(name)).status_code == 404 or stranger.get(desk.url(name)).status_code == 404
    mixed = desk.url(name).replace("/bakery/", "/butcher/")
    if mixed != other.url(name):
        told = stranger.post(mixed, {"text": "x", "how": "now"}, content_type="application/json")
        assert (stranger.get(mixed) if told.status_code == 405 else told).status_code == 404
    assert Client().post(desk.url(name)).status_code in (302, 405)
    assert Publication.objects.get(pk=desk.row.pk).state == before and Post.objects.filter(pk=desk.post.pk).exists()


@pytest.mark.parametrize("name", ["list", "calendar", "compose", "publication", "past", "past_show"])
def test_pages_show(desk: Desk, name: str) -> None:
    page = member(desk.workspace, Role.VIEWER).get(desk.url(name))
    assert page.status_code == 200
    assert "secret of bakery" in page.content.decode() or name == "calendar"


PUBLISHING = ["schedule", "cancel", "move", "retry", "answer", "amend", "remove"]


@pytest.mark.parametrize("name", ["new", "save", *PUBLISHING, "approve", "ask", "past_again", "past_import"])
def test_a_viewer_may_only_look(desk: Desk, name: str) -> None:
    assert member(desk.workspace, Role.VIEWER).post(desk.url(name)).status_code == 403


@pytest.mark.parametrize("name", [*PUBLISHING, "approve", "ask"])
def test_an_author_may_not_publish_without_approval(desk: Desk, name: str) -> None:
    assert member(desk.workspace, Role.AUTHOR).post(desk.url(name)).status_code == 403


def save(client: Client, desk: Desk, **changes: Any) -> Any:
    body = {
        "version": desk.post.version,
        "title": "",
        "segments": [{"text": "new"}],
        "channels": {str(desk.channel.pk): {}},
    }
    return client.post(desk.url("save"), json.dumps(body | changes), content_type="application/json")


def test_saving_counts_and_names_problems(desk: Desk) -> None:
    desk.row.delete()
    answer = save(client_of(desk.owner), desk, segments=[{"text": "x" * 6000}])
    assert answer.status_code == 200
    checked = answer.json()["check"][str(desk.channel.pk)]
    assert checked["lengths"][0]["used"] == 6000 and any(one["stops"] and one["remedy"] for one in checked["problems"])
    assert Post.objects.get(pk=desk.post.pk).segments[0]["text"] == "x" * 6000


def test_two_tabs(desk: Desk) -> None:
    desk.row.delete()
    client = client_of(desk.owner)
    assert save(client, desk).status_code == 200
    late = save(client, desk, segments=[{"text": "from the other tab"}])
    assert late.status_code == 409 and late.json()["version"] == 2
    assert Post.objects.get(pk=desk.post.pk).segments[0]["text"] == "new"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"segments": []}, "segments"),
        ({"segments": "x"}, "segments"),
        ({"segments": [{"text": 5}]}, "segments.0"),
        ({"segments": [{"text": "x", "attachments": [{"asset": "y"}]}]}, "segments.0.attachments.0"),
        (
            {"segments": [{"text": "x", "attachments": [{"asset": 1, "focus": [9, 9]}]}]},
            "segments.0.attachments.0.focus",
        ),
        ({"segments": [{"text": "x", "poll": {"options": "no"}}]}, "segments.0.poll"),
        ({"wanted_at": "tomorrow"}, "publish_at"),
        ({"segments": [{"text": "x"}] * 101}, "segments"),
    ],
)
def test_bad_input_names_the_field_and_the_remedy(desk: Desk, changes: dict[str, Any], field: str) -> None:
    desk.row.delete()
    answer = save(client_of(desk.owner), desk, **changes)
    assert (answer.status_code, answer.json()["field"]) == (400, field) and answer.json()["remedy"]
    assert Post.objects.get(pk=desk.post.pk).segments[0]["text"] == "secret of bakery"


def test_a_broken_body(desk: Desk) -> None:
    answer = client_of(desk.owner).post(desk.url("save"), "{", content_type="application/json")
    assert answer.status_code == 400


def test_another_workspaces_channel_cannot_be_chosen(desk: Desk) -> None:
    desk.row.delete()
    other = Desk("butcher")
    save(client_of(desk.owner), desk, channels={str(other.channel.pk): {}, str(desk.channel.pk): {}})
    assert set(desk.post.variants.values_list("channel", flat=True)) == {desk.channel.pk}


def schedule(client: Client, desk: Desk, **form: str) -> Any:
    return client.post(desk.url("schedule"), {"how": "at", "publish_at": "2027-06-01T09:00"} | form, follow=True)


def test_from_draft_to_scheduled_and_back(desk: Desk) -> None:
    desk.row.delete()
    client = client_of(desk.owner)
    schedule(client, desk)
    row = Publication.objects.get(post=desk.post)
    assert (row.state, row.publish_at) == (State.SCHEDULED, datetime(2027, 6, 1, 9, tzinfo=UTC))
    assert Post.objects.get(pk=desk.post.pk).state == Editorial.APPROVED
    desk.row = row
    client.post(desk.url("move"), {"publish_at": "2027-06-02T10:30"})
    row.refresh_from_db()
    assert row.publish_at == datetime(2027, 6, 2, 10, 30, tzinfo=UTC)
    client.post(desk.url("cancel"))
    row.refresh_from_db()
    assert row.state == State.CANCELLED
    assert {"post.schedule", "publication.move", "publication.cancel"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"publish_at": "2001-01-01T00:00"}, "has passed"),
        ({"publish_at": "soon"}, "not a date"),
        ({"publish_at": "2099-01-01T00:00"}, "two years"),
        ({"how": "slot"}, "no queue times"),
    ],
)
def test_times_that_cannot_be(desk: Desk, form: dict[str, str], said: str) -> None:
    desk.row.delete()
    page = schedule(client_of(desk.owner), desk, **form).content.decode()
    assert said in page and "secret of bakery" in page and not Publication.objects.exists()
    assert Post.objects.get(pk=desk.post.pk).state == Editorial.DRAFT


def test_problems_stop_scheduling(desk: Desk) -> None:
    desk.row.delete()
    Post.objects.update(segments=[{"text": ""}])
    page = schedule(client_of(desk.owner), desk).content.decode()
    assert "Not scheduled" in page and not Publication.objects.exists()


def test_review(desk: Desk) -> None:
    """An author submits, an editor sends it back with a word, the author submits again, the editor approves."""
    desk.row.delete()
    author, editor = member(desk.workspace, Role.AUTHOR), member(desk.workspace, Role.EDITOR)
    author.post(desk.url("submit"))
    assert save(author, desk).status_code == 409
    editor.post(desk.url("ask"), {"text": "shorter, please"})
    assert Comment.objects.get().text == "shorter, please"
    author.post(desk.url("submit"))
    editor.post(desk.url("approve"))
    assert Post.objects.get(pk=desk.post.pk).state == Editorial.APPROVED


def test_a_person_answers_for_an_unconfirmed_one(desk: Desk) -> None:
    client = client_of(desk.owner)
    Publication.objects.update(state=State.UNCONFIRMED, check_at=None)
    client.post(desk.url("answer"), {"said": "there", "url": "javascript:alert(1)"})
    assert Publication.objects.get().state == State.UNCONFIRMED
    client.post(desk.url("answer"), {"said": "there", "url": "https://example.org/1"})
    assert Publication.objects.get().state == State.PUBLISHED
    Publication.objects.update(state=State.UNCONFIRMED, check_at=SOON)
    client.post(desk.url("answer"), {"said": "again"})
    assert Publication.objects.get().state == State.UNCONFIRMED, "the platform is still being asked"
    Publication.objects.update(check_at=None)
    client.post(desk.url("answer"), {"said": "again"})
    row = Publication.objects.get()
    assert row.state == State.SCHEDULED and row.expires_at > datetime.now(UTC)


def test_search(desk: Desk) -> None:
    Desk("butcher")
    client = client_of(desk.owner)
    assert "secret of bakery" in client.get(desk.url("list"), {"q": "secr"}).content.decode()
    for words in ("butcher", "' & | !", "\\'", "a:*b"):
        assert "secret of" not in client.get(desk.url("list"), {"q": words}).content.decode()


def test_archive_restore_and_delete(desk: Desk) -> None:
    client = client_of(desk.owner)
    client.post(desk.url("archive"))
    assert Post.objects.get(pk=desk.post.pk).state == Editorial.DRAFT, "something of it is still scheduled"
    client.post(desk.url("delete"))
    assert Post.objects.filter(pk=desk.post.pk).exists()
    Publication.objects.update(state=State.CANCELLED)
    client.post(desk.url("archive"))
    client.post(desk.url("restore"))
    assert Post.objects.get(pk=desk.post.pk).state == Editorial.DRAFT
    client.post(desk.url("delete"))
    assert not Post.objects.filter(pk=desk.post.pk).exists()


def test_what_is_scheduled_is_closed_until_it_is_taken_off_the_schedule(desk: Desk) -> None:
    """A change that would be shown here and never sent is refused; taking back cancels and keeps the time."""
    Post.objects.update(state=Editorial.APPROVED)
    client = client_of(desk.owner)
    assert "It goes out as it stands here" in client.get(desk.url("compose")).content.decode()
    assert save(client, desk).status_code == 409
    assert Post.objects.get().segments[0]["text"] == "secret of bakery" and Post.objects.get().state == "approved"
    page = client.post(desk.url("take_back"), follow=True).content.decode()
    assert "off the schedule" in page and "2027-01-04T09:00" in page
    assert Publication.objects.get().state == State.CANCELLED and Post.objects.get().state == Editorial.DRAFT
    assert save(client, desk).status_code == 200
    schedule(client, desk, seen=str(desk.row.pk))
    assert Publication.objects.get(state=State.SCHEDULED).content["segments"][0]["text"] == "new"


@pytest.mark.parametrize("state", [State.PUBLISHED, State.PUBLISHING, State.UNCONFIRMED, State.PROCESSING])
def test_what_is_out_is_not_taken_back(desk: Desk, state: State) -> None:
    Post.objects.update(state=Editorial.APPROVED)
    Publication.objects.update(state=state)
    client = client_of(desk.owner)
    page = client.get(desk.url("compose")).content.decode()
    assert "Edit it again" not in page and "publication’s page" in page
    client.post(desk.url("take_back"))
    assert Post.objects.get().state == Editorial.APPROVED and Publication.objects.get().state == state


def test_an_author_does_not_take_an_editors_schedule_back(desk: Desk) -> None:
    Post.objects.update(state=Editorial.APPROVED)
    author = member(desk.workspace, Role.AUTHOR)
    assert "ask an editor" in author.get(desk.url("compose")).content.decode()
    author.post(desk.url("take_back"))
    assert Publication.objects.get().state == State.SCHEDULED and Post.objects.get().state == Editorial.APPROVED


@pytest.mark.parametrize("name", ["publication", "compose"])
def test_an_open_page_is_drawn_again_only_when_something_happened(desk: Desk, name: str) -> None:
    client = client_of(desk.owner)
    seen = re.search(r"\?seen=([^\"]+)", client.get(desk.url(name)).content.decode())
    assert seen
    asked = desk.url(name) + "?seen=" + seen[1]
    assert client.get(asked).status_code == 204
    Publication.objects.update(state=State.PUBLISHING)
    assert client.get(asked).status_code == 200
    Publication.objects.update(state=State.PUBLISHED, published_at=SOON)
    assert "?seen=" not in client.get(asked).content.decode(), "nothing more will happen by itself"
    assert Client().get(asked, headers={"HX-Request": "true"}).status_code == 401


def test_how_often_an_open_page_asks(desk: Desk) -> None:
    at = desk.row.not_before
    assert [pause(desk.row, at - timedelta(minutes=ago)) for ago in (600, 1, 0)] == [60, 3, 3]
    Publication.objects.update(state=State.UNCONFIRMED)
    desk.row.refresh_from_db()
    assert pause(desk.row, at) == 0, "a person is asked"


def test_a_scheduled_one_is_sent_now(desk: Desk) -> None:
    before = datetime.now(UTC)
    page = client_of(desk.owner).post(desk.url("move"), {"how": "now"}, follow=True).content.decode()
    row = Publication.objects.get()
    assert "It goes out now." in page and row.state == State.SCHEDULED
    assert before <= row.publish_at == row.not_before <= datetime.now(UTC) < row.expires_at


def test_opening_the_composer_again_leaves_no_row_of_empty_drafts(client: Client) -> None:
    workspace, owner = people()
    client.force_login(owner)
    new = f"/w/{workspace.slug}/posts/new/"
    first, second = client.post(new)["Location"], client.post(new)["Location"]
    assert first == second and Post.objects.count() == 1
    listed = f"/w/{workspace.slug}/posts/"
    assert f'href="{first}"' not in client.get(listed).content.decode(), "nothing was written in it yet"
    compose.edit(Post.objects.get(), segments=[{"text": "Rye on Friday"}])
    assert f'href="{first}"' in client.get(listed).content.decode()
    assert client.post(new)["Location"] != first
    tailored = compose.draft(workspace, owner)
    channel = Channel.objects.create(workspace=workspace, platform="sandbox", server="s", remote_id="1", handle="@a")
    compose.tailor(tailored, channel, segments=[{"text": "For one channel only"}], options={})
    assert f"/{tailored.pk}/" in client.get(listed).content.decode()
