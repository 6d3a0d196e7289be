"""The one way a person's act moves a post or a publication: checked against the life, written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from masthead.kit.transitions import WrongMove
from masthead.posts.models import Move, Post, Publication
from masthead.posts.states import DELIVERY, EDITORIAL, Editorial, State


def move_post(post: Post, target: Editorial, *, actor: str, now: datetime, why: str = "") -> None:
    """Move a post's editorial life; raises WrongMove, also when somebody else moved it first."""
    source = Editorial(post.state)
    EDITORIAL.check_move(source, target)
    moved = Post.objects.filter(pk=post.pk, state=source).update(state=target, updated_at=now)
    if not moved:
        raise WrongMove("post", source, target)
    post.state = target
    Move.objects.create(post=post, source=source, target=target, why=why, actor=actor, at=now)


def move_publication(
    publication: Publication, target: State, *, actor: str, now: datetime, why: str = "", **changes: Any
) -> None:
    """Move a publication by compare-and-set, so that a worker's claim and a person's click cannot both win."""
    source = State(publication.state)
    DELIVERY.check_move(source, target)
    changes = {"why": why, "check_at": None, **changes}
    moved = Publication.objects.filter(pk=publication.pk, state=source, attempts=publication.attempts).update(
        state=target, **changes
    )
    if not moved:
        raise WrongMove("publication", source, target)
    for name, value in {"state": target, **changes}.items():
        setattr(publication, name, value)
    Move.objects.create(
        post_id=publication.post_id, publication=publication, source=source, target=target, why=why, actor=actor, at=now
    )
