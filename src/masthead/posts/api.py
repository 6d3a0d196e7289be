"""Programs' way to posts and publications."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.posts import archive, compose, queries, review, schedule
from masthead.posts.compose import Invalid
from masthead.posts.draw import word
from masthead.posts.models import Post, Publication, Variant
from masthead.posts.states import Editorial, shown
from masthead.posts.twins import hidden, waiting
from masthead.posts.twins import shown as kept_apart
from masthead.workspaces.api import PUBLISH, READ, WRITE
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

router = Router(tags=["posts"])
MOST = 100
FURTHEST = 10**9


class AttachmentIn(Schema):
    """A file of the media library on a part."""

    asset: int
    alt: str = ""
    focus: list[float] | None = None


class PollIn(Schema):
    """A poll; `seconds` is how long it stays open."""

    options: list[str]
    seconds: int = 86_400
    multiple: bool = False


class SegmentIn(Schema):
    """One part of a post; more than one make a thread."""

    text: str = ""
    attachments: list[AttachmentIn] = Field(default_factory=list)
    poll: PollIn | None = None


class VariantIn(Schema):
    """What differs on one channel; without `segments` the post's own text is used."""

    channel: int
    segments: list[SegmentIn] | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class TwinOut(Schema):
    """A second wording of the first part: `drawn` says which goes out ("first" or "second"), null before the draw.

    `wording` is the second one until it is drawn, for tokens that may write. The one that was kept secret is never given;
    `commitment` is the proof that it was fixed at the draw. `voided_at`: another text went out, so the pair proves nothing.
    """

    wording: str | None
    drawn: str | None
    drawn_at: datetime | None
    commitment: str
    voided_at: datetime | None


class PostIn(Schema):
    """A post to make; `twin` is a second wording of its first part, of which chance picks one when it is scheduled."""

    segments: list[SegmentIn]
    title: str = ""
    language: str = ""
    variants: list[VariantIn] = Field(default_factory=list)
    twin: str = ""


class PostChange(Schema):
    """What to change; `version` from the last answer guards against overwriting somebody else's change.

    `twin` is the second wording until it is drawn; an empty one is taken back.
    """

    segments: list[SegmentIn] | None = None
    title: str | None = None
    language: str | None = None
    variants: list[VariantIn] | None = None
    twin: str | None = None
    version: int | None = None


class ScheduleIn(Schema):
    """When: a time with its offset, or "now", or "next_free_slot"; `channels` limits it to some of the post's channels.

    What is out on a channel, unchanged since, is published there once more only with `repeat`.
    """

    publish_at: str
    channels: list[int] | None = None
    repeat: bool = False


class PublicationOut(Schema):
    """A post on one channel at one time."""

    id: int
    post: int = Field(alias="post_id")
    channel: int = Field(alias="channel_id")
    state: str
    publish_at: datetime
    published_at: datetime | None
    url: str = Field(alias="remote_url")
    attempts: int
    reason: str
    why: str
    remedy: str


class PostOut(Schema):
    """A post. `shown` is the most urgent state of its publications, else its own.

    While two wordings wait for the draw, tokens that may not write get neither: the first text is empty.
    """

    id: int
    title: str
    state: str
    shown: str
    language: str
    segments: list[dict[str, Any]]
    variants: list[dict[str, Any]]
    publications: list[PublicationOut]
    twin: TwinOut | None
    version: int
    created_at: datetime
    updated_at: datetime


def _post(request: HttpRequest, post_id: int) -> Post:
    found = Post.objects.filter(workspace=request.workspace, pk=post_id).select_related("workspace", "twin").first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404("There is no such post in this workspace.")
    return found


def _writes(request: HttpRequest) -> bool:
    """True for a token that may write, of a member who may."""
    return WRITE.scope in request.auth.scopes and allows(request.member.role, May.WRITE)  # type: ignore[attr-defined]


def _twin(post: Post, writes: bool) -> dict[str, Any] | None:
    told, twin = kept_apart(post), waiting(post)
    return {**told, "wording": twin.wording if twin and writes else None} if told else None


def _out(request: HttpRequest, post: Post) -> dict[str, Any]:
    rows, writes = list(post.publications.all()), _writes(request)
    return {
        "id": post.pk,
        "title": post.title,
        "state": post.state,
        "language": post.language,
        "segments": post.segments if writes else hidden(post, post.segments),
        "shown": shown(Editorial(post.state), tuple(row.state for row in rows)),
        "publications": rows,
        "twin": _twin(post, writes),
        "variants": [_variant(post, one, writes) for one in post.variants.all()],
        "version": post.version,
        "created_at": post.created_at,
        "updated_at": post.updated_at,
    }


def _variant(post: Post, one: Variant, writes: bool) -> dict[str, Any]:
    segments = one.segments if writes else hidden(post, one.segments)
    return {"channel": one.channel_id, "segments": segments, "options": one.options}


def _tailor(request: HttpRequest, post: Post, variants: list[VariantIn]) -> None:
    """Only the workspace's own channels can be named."""
    found = Channel.objects.filter(workspace=request.workspace, ads=False).in_bulk([one.channel for one in variants])  # type: ignore[attr-defined]
    for place, one in enumerate(variants):
        if one.channel not in found:
            raise Invalid(
                f"variants.{place}.channel", "There is no such channel in this workspace.", "See GET /channels."
            )
    compose.choose_channels(post, list(found.values()))
    for one in variants:
        segments = None if one.segments is None else [part.dict() for part in one.segments]
        compose.tailor(post, found[one.channel], segments=segments, options=one.options)


@router.get("/posts", response=list[PostOut], auth=READ)
def posts(request: HttpRequest, q: str = "", state: str = "", limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
    """Posts, newest change first; `q` searches their text."""
    limit, offset = min(max(limit, 1), MOST), min(max(offset, 0), FURTHEST)
    found = queries.posts(request.workspace, words=q, state=state)  # type: ignore[attr-defined]
    return [_out(request, post) for post in found[offset : offset + limit]]


@router.post("/posts", response={201: PostOut}, auth=WRITE)
@transaction.atomic
def create(request: HttpRequest, body: PostIn) -> Status[dict[str, Any]]:
    """Make a draft."""
    post = compose.draft(
        request.workspace,
        request.user,
        [part.dict() for part in body.segments],  # type: ignore[attr-defined]
        title=body.title[:200],
        language=body.language[:12],
    )
    _tailor(request, post, body.variants)
    if body.twin:
        word(post, body.twin)
    record(request, request.workspace, "post.create", f"post {post.pk}")  # type: ignore[attr-defined]
    return Status(201, _out(request, post))


@router.get("/posts/{post_id}", response=PostOut, auth=READ)
def read(request: HttpRequest, post_id: int) -> dict[str, Any]:
    """One post."""
    return _out(request, _post(request, post_id))


@router.patch("/posts/{post_id}", response=PostOut, auth=WRITE)
@transaction.atomic
def change(request: HttpRequest, post_id: int, body: PostChange) -> dict[str, Any]:
    """Change a post that is not on its way; an approved one becomes a draft again."""
    post = _post(request, post_id)
    if not compose.editable(post) or post.publications.filter(state__in=schedule.OPEN).exists():
        raise Invalid(
            "state", "This post is in review or on its way.", "Cancel its publications or take it back first."
        )
    if post.state == Editorial.APPROVED:
        review.take_back(post, request.user, now=now())  # type: ignore[arg-type]
    changes = body.dict(exclude_none=True, exclude={"version", "variants", "twin"})
    if body.twin is not None:
        word(post, body.twin)
    post = compose.edit(post, version=body.version, **changes)
    if body.variants is not None:
        _tailor(request, post, body.variants)
    return _out(request, post)


@router.delete("/posts/{post_id}", response={204: None}, auth=WRITE)
def delete(request: HttpRequest, post_id: int) -> Status[None]:
    """Delete a post that never went out."""
    archive.purge(_post(request, post_id))
    record(request, request.workspace, "post.delete", f"post {post_id}")  # type: ignore[attr-defined]
    return Status(204, None)


@router.post("/posts/{post_id}/schedule", response={201: list[PublicationOut]}, auth=PUBLISH)
@transaction.atomic
def schedule_post(request: HttpRequest, post_id: int, body: ScheduleIn) -> Status[list[Publication]]:
    """Schedule on the post's channels; approves a draft of its own author where the workspace lets it."""
    post = _post(request, post_id)
    review.approve_if_needed(post, request.member, now=now())  # type: ignore[attr-defined]
    made = schedule.schedule(
        post, _times(post, body), now=now(), actor=str(request.user), user=request.user, repeat=body.repeat
    )
    record(request, request.workspace, "post.schedule", f"post {post.pk}")  # type: ignore[attr-defined]
    return Status(201, made)


def _times(post: Post, body: ScheduleIn) -> dict[int, datetime]:
    channels = [one.channel for one in post.variants.select_related("channel")]
    if body.channels is not None:
        channels = [one for one in channels if one.pk in body.channels]
    return {one.pk: _time(one, body.publish_at) for one in channels}


def _time(channel: Channel, wanted: str) -> datetime:
    if wanted == "now":
        return now()
    slot = schedule.next_free_slot(channel, now()) if wanted == "next_free_slot" else _parsed(wanted)
    if slot is None:
        raise Invalid(
            "publish_at",
            "This is neither a time nor “now”, or the channel has no free slot.",
            "Send an ISO 8601 time with its offset.",
        )
    return slot


def _parsed(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@router.get("/publications", response=list[PublicationOut], auth=READ, tags=["publications"])
def publications(request: HttpRequest, start: datetime, end: datetime) -> list[Publication]:
    """Publications from `start` to before `end`."""
    return list(queries.calendar(request.workspace, start, end)[:1000])  # type: ignore[attr-defined]


def _publication(request: HttpRequest, publication_id: int) -> Publication:
    try:
        return queries.publication(request.workspace, publication_id)  # type: ignore[attr-defined]
    except Publication.DoesNotExist:
        raise Http404("There is no such publication in this workspace.") from None


@router.get("/publications/{publication_id}", response=PublicationOut, auth=READ, tags=["publications"])
def publication(request: HttpRequest, publication_id: int) -> Publication:
    """One publication."""
    return _publication(request, publication_id)


@router.post("/publications/{publication_id}/cancel", response=PublicationOut, auth=PUBLISH, tags=["publications"])
def cancel(request: HttpRequest, publication_id: int) -> Publication:
    """Take a scheduled publication back."""
    row = _publication(request, publication_id)
    schedule.cancel(row, now=now(), actor=str(request.user))
    record(request, request.workspace, "publication.cancel", f"publication {row.pk}")  # type: ignore[attr-defined]
    return row


@router.post("/publications/{publication_id}/retry", response=PublicationOut, auth=PUBLISH, tags=["publications"])
@transaction.atomic
def retry(request: HttpRequest, publication_id: int) -> Publication:
    """Try a failed, expired or cancelled publication again, now; approves a changed text where the workspace lets it."""
    row = _publication(request, publication_id)
    if not row.receipts and row.post.state != Editorial.APPROVED:
        review.approve(row.post, request.member, now=now())  # type: ignore[attr-defined]
    schedule.again(row, now(), now=now(), actor=str(request.user))
    return row
