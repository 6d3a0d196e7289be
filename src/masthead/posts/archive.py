"""Step 8, the last: archive, restore, purge."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.kit.transitions import WrongMove
from masthead.posts.compose import Invalid
from masthead.posts.models import Post
from masthead.posts.moves import move_post
from masthead.posts.schedule import OPEN
from masthead.posts.states import Editorial, State

EMPTY_DRAFT_AGE = timedelta(days=2)


@transaction.atomic
def archive(post: Post, *, now: datetime, actor: str) -> None:
    """Put a post away; nothing of it may still be on its way."""
    if post.publications.filter(state__in=OPEN).exists():
        raise Invalid("post", _("Parts of this post are still on their way."), _("Cancel them first."))
    move_post(post, Editorial.ARCHIVED, actor=actor, now=now)


def restore(post: Post, *, now: datetime, actor: str) -> None:
    """Bring an archived post back as a draft."""
    move_post(post, Editorial.DRAFT, actor=actor, now=now)


@transaction.atomic
def purge(post: Post) -> None:
    """Delete a post that never went out. What was published stays in the archive."""
    kept = (State.PUBLISHED, State.REMOVED, *OPEN)
    if post.publications.filter(state__in=kept).exists():
        raise WrongMove("post", post.state, "purged")
    post.delete()


def purge_empty_drafts(now: datetime) -> int:
    """Delete drafts that were opened and never written in; returns how many."""
    old = Post.objects.filter(
        state=Editorial.DRAFT, updated_at__lt=now - EMPTY_DRAFT_AGE, search_text="", title="", twin=None
    )
    empty = [post.pk for post in old if not post.segments[0].get("attachments") and not post.publications.exists()]
    return Post.objects.filter(pk__in=empty).delete()[0]
