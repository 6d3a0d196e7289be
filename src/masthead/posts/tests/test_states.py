"""Every arrow of the two lives is walked, and what has no arrow is refused."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from masthead.channels.models import Channel
from masthead.kit.transitions import WrongMove
from masthead.posts.models import Post, Publication
from masthead.posts.moves import move_post, move_publication
from masthead.posts.states import DELIVERY, EDITORIAL, Editorial, State, shown
from masthead.posts.tests.scene import people

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    workspace, owner = people()
    return Post.objects.create(workspace=workspace, author=owner, segments=[{"text": "x"}])


@pytest.fixture
def publication(post: Post) -> Publication:
    channel = Channel.objects.create(
        workspace=post.workspace, platform="sandbox", server="http://x", remote_id="1", handle="@a"
    )
    return Publication.objects.create(
        workspace=post.workspace, post=post, channel=channel, publish_at=NOW, not_before=NOW, expires_at=NOW
    )


def test_what_may_be_out_there_is_never_sent_again_blindly() -> None:
    """From unconfirmed there is no arrow to publishing, and only scheduled leads there."""
    assert State.PUBLISHING not in DELIVERY.arrows[State.UNCONFIRMED]
    assert DELIVERY.sources(State.PUBLISHING) == (State.SCHEDULED,)


def test_the_tables_name_every_state_and_every_arrow_has_a_reason() -> None:
    assert set(DELIVERY.arrows) == set(State) and set(EDITORIAL.arrows) == set(Editorial)
    assert all(
        reason for life in (DELIVERY, EDITORIAL) for arrows in life.arrows.values() for reason in arrows.values()
    )


@pytest.mark.parametrize(("source", "target"), list(itertools.product(State, State)))
def test_delivery(publication: Publication, source: State, target: State) -> None:
    Publication.objects.update(state=source)
    publication.refresh_from_db()
    if target in DELIVERY.arrows[source]:
        move_publication(publication, target, actor="Ada", now=NOW, why="because")
        move = publication.moves.get()
        assert (move.source, move.target, move.why, move.actor, move.at) == (source, target, "because", "Ada", NOW)
    else:
        with pytest.raises(WrongMove):
            move_publication(publication, target, actor="Ada", now=NOW)
        assert not publication.moves.exists()
    publication.refresh_from_db()
    assert publication.state == (target if target in DELIVERY.arrows[source] else source)


@pytest.mark.parametrize(("source", "target"), list(itertools.product(Editorial, Editorial)))
def test_editorial(post: Post, source: Editorial, target: Editorial) -> None:
    Post.objects.update(state=source)
    post.refresh_from_db()
    if target in EDITORIAL.arrows[source]:
        move_post(post, target, actor="Ada", now=NOW)
        assert post.moves.get().target == target
    else:
        with pytest.raises(WrongMove):
            move_post(post, target, actor="Ada", now=NOW)


def test_who_comes_second_loses(publication: Publication, post: Post) -> None:
    """A worker's claim and a person's click at the same moment: one of them wins."""
    stale = Publication.objects.get(pk=publication.pk)
    move_publication(publication, State.CANCELLED, actor="Ada", now=NOW)
    with pytest.raises(WrongMove):
        move_publication(stale, State.CANCELLED, actor="Bob", now=NOW)
    old = Post.objects.get(pk=post.pk)
    move_post(post, Editorial.ARCHIVED, actor="Ada", now=NOW)
    with pytest.raises(WrongMove):
        move_post(old, Editorial.IN_REVIEW, actor="Bob", now=NOW)


def test_a_claim_between_reading_and_clicking_wins(publication: Publication) -> None:
    """The same state, but another attempt meanwhile: the click is refused."""
    Publication.objects.update(attempts=1)
    with pytest.raises(WrongMove):
        move_publication(publication, State.CANCELLED, actor="Ada", now=NOW)


def test_shown() -> None:
    assert shown(Editorial.ARCHIVED, (State.FAILED,)) == "archived"
    assert shown(Editorial.APPROVED, (State.PUBLISHED, State.FAILED)) == "failed"
    assert shown(Editorial.DRAFT, ()) == "draft"
    assert shown(Editorial.APPROVED, (State.CANCELLED,)) == "approved"
