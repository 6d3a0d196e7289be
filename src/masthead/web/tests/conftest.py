"""People and browsers for the tests of the shell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.notifications.models import Notification
from masthead.posts.models import Post, Publication
from masthead.posts.states import Editorial, State
from masthead.web.tests.browser import browser, page  # noqa: F401
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role


@pytest.fixture
def space(db) -> Workspace:
    """A workspace."""
    return Workspace.objects.create(name="Harbour Coffee", slug="harbour")


@pytest.fixture
def member(space: Workspace) -> Member:
    """Its owner."""
    user = User.objects.create_user("ada@harbour.test", "correct horse battery", name="Ada Marsh")
    return Member.objects.create(workspace=space, user=user, role=Role.OWNER)


@pytest.fixture
def stranger(db) -> User:
    """Somebody who signs in but is no member of `space`."""
    user = User.objects.create_user("eve@elsewhere.test", "correct horse battery", name="Eve")
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    Member.objects.create(workspace=elsewhere, user=user, role=Role.OWNER)
    return user


SAID = {
    State.PUBLISHED: "The winter menu is here: cardamom buns, and a stout from across the road.",
    State.SCHEDULED: "On Saturday we open at seven, for the early swimmers.",
    State.FAILED: "A look behind the counter, in four pictures.",
    State.UNCONFIRMED: "We are hiring a baker who likes mornings.",
    State.PROCESSING: "Thirty seconds of latte art.",
}


@pytest.fixture
def busy(space: Workspace, member: Member) -> list[Publication]:
    """A workspace in which much is going on."""
    kept = {"workspace": space, "platform": "sandbox", "server": "sandbox"}
    news = Channel.objects.create(**kept, remote_id="1", handle="@news", name="Harbour News")
    lost = Channel.Condition.NEEDS_RECONNECT
    Channel.objects.create(**kept, remote_id="2", handle="@blue", name="Harbour on the blue side", condition=lost)
    Post.objects.create(
        workspace=space,
        author=member.user,
        title="Spring opening hours",
        segments=[{"text": "…"}],
        state=Editorial.IN_REVIEW,
    )
    for number in range(3):
        Notification.objects.create(workspace=space, user=member.user, kind="failed", title=f"Note {number}")
    return [published(space, news, member.user, state, hours) for hours, state in enumerate(SAID, start=1)]


def published(space: Workspace, channel: Channel, user: User, state: State, hours: int) -> Publication:
    """A publication in some state, some hours away."""
    ahead = state in (State.SCHEDULED, State.PROCESSING)
    at = now() + timedelta(hours=hours if ahead else -hours)
    segments = [{"text": SAID[state], "attachments": []}]
    post = Post.objects.create(workspace=space, author=user, segments=segments, state=Editorial.APPROVED)
    return Publication.objects.create(
        workspace=space,
        post=post,
        channel=channel,
        state=state,
        content={"segments": segments},
        publish_at=at,
        not_before=at,
        expires_at=at + timedelta(hours=1),
        published_at=at if state == State.PUBLISHED else None,
        remote_url="https://social.test/1" if state == State.PUBLISHED else "",
        why="The picture is larger than 8 MB, which is the most that this channel takes."
        if state == State.FAILED
        else "",
    )
