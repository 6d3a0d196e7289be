"""Reading: lists, calendar, history, search. Every query is limited to one workspace."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, QuerySet

from masthead.posts.models import Post, Publication
from masthead.posts.states import Editorial, State
from masthead.workspaces.models import Workspace


def posts(workspace: Workspace, *, words: str = "", state: str = "", channel: int | None = None) -> QuerySet[Post]:
    """Posts, newest change first; `state` is an editorial or a delivery state. Archived ones only when asked for."""
    found = (
        Post.objects.filter(workspace=workspace)
        .select_related("author", "workspace", "twin")
        .prefetch_related(Prefetch("publications", Publication.objects.select_related("channel")), "variants__channel")
    )
    if words.strip():
        query = matching(words)
        found = found.filter(words=query) if query else found.none()
    if channel is not None:
        found = found.filter(variants__channel_id=channel)
    if state in set(Editorial):
        return found.filter(state=state)
    found = found.exclude(state=Editorial.ARCHIVED)
    return found.filter(publications__state=state).distinct() if state in set(State) else found


def matching(words: str) -> SearchQuery | None:
    """Every word must occur, each may be a beginning; None where nothing can be searched for."""
    safe = ["".join(ch for ch in word if ch.isalnum() or ch in "-_") for word in words.split()][:12]
    terms = [f"'{word}':*" for word in safe if word.strip("-_")]
    return SearchQuery(" & ".join(terms), search_type="raw", config="simple") if terms else None


def calendar(workspace: Workspace, start: datetime, end: datetime) -> QuerySet[Publication]:
    """Publications from `start` to before `end`, in order of time."""
    return (
        Publication.objects.filter(workspace=workspace, publish_at__gte=start, publish_at__lt=end)
        .exclude(state=State.CANCELLED)
        .select_related("post", "channel")
        .order_by("publish_at", "id")
    )


def publication(workspace: Workspace, publication_id: int) -> Publication:
    """One publication with its post, channel, attempts and moves; DoesNotExist for another workspace's."""
    return (
        Publication.objects.select_related("post__workspace", "post__twin", "channel")
        .prefetch_related("tries", "moves")
        .get(workspace=workspace, pk=publication_id)
    )
