"""Programs' way to past posts and their samples."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field

from masthead.posts.history import queries
from masthead.posts.models import PastPost, Sample
from masthead.workspaces.api import READ

router = Router(tags=["past posts"])
MOST = 100


class PastMediaOut(Schema):
    """A file as the platform refers to it."""

    kind: str
    url: str
    preview_url: str
    alt: str


class PastPostOut(Schema):
    """A post as it lies on the platform. `publication` is ours that made it; `gone_at` when it was found to be gone."""

    id: int
    channel: int = Field(alias="channel_id")
    publication: int | None = Field(alias="publication_id")
    platform: str
    remote_id: str
    kind: str
    text: str
    url: str
    posted_at: datetime
    media: list[PastMediaOut]
    reply_to: str
    language: str
    metrics: dict[str, float]
    read_at: datetime | None
    gone_at: datetime | None


class SampleOut(Schema):
    """A value from `observed_at` until the next sample; `native` is the platform's own name of the metric."""

    metric: str
    native: str
    value: float
    observed_at: datetime


def _past(request: HttpRequest, past_post_id: int) -> PastPost:
    try:
        return queries.past_post(request.workspace, past_post_id)  # type: ignore[attr-defined]
    except PastPost.DoesNotExist:
        raise Http404("There is no such past post in this workspace.") from None


@router.get("/past-posts", response=list[PastPostOut], auth=READ)
def past_posts(
    request: HttpRequest,
    q: str = "",
    channel: int | None = None,
    kind: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    sort: str = queries.NEWEST,
    limit: int = 50,
    offset: int = 0,
) -> Any:
    """Past posts from `start` to before `end`; `q` searches; `sort` is newest, oldest or a metric (highest first)."""
    found = queries.past_posts(
        request.workspace,  # type: ignore[attr-defined]
        words=q,
        channel=channel,
        kind=kind,
        start=start,
        end=end,
        sort=sort,
    )
    limit, offset = min(max(limit, 1), MOST), max(offset, 0)
    return list(found[offset : offset + limit])


@router.get("/past-posts/{past_post_id}", response=PastPostOut, auth=READ)
def past_post(request: HttpRequest, past_post_id: int) -> PastPost:
    """One past post with its latest numbers."""
    return _past(request, past_post_id)


@router.get("/past-posts/{past_post_id}/samples", response=list[SampleOut], auth=READ)
def samples(request: HttpRequest, past_post_id: int) -> list[Sample]:
    """Its numbers over time, oldest first."""
    return list(_past(request, past_post_id).samples.all())
