"""What the home page of a workspace shows: what needs attention, what goes out next, what went out, the first steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from masthead.channels.models import Channel
from masthead.posts.models import Post, Publication
from masthead.posts.states import Editorial, State
from masthead.posts.twins import waiting
from masthead.workspaces.models import Invitation, Member, Workspace
from masthead.workspaces.roles import May, allows

SHOWN = 6
AHEAD = (State.SCHEDULED, State.PUBLISHING, State.PROCESSING)


@dataclass(frozen=True)
class Concern:
    """Something a person has to look at."""

    tone: str
    icon: str
    title: str
    text: str
    href: str
    at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One of the first steps of a new workspace."""

    done: bool
    title: Any
    text: Any
    href: str


def concerns(workspace: Workspace, role: str) -> list[Concern]:
    """Channels to reconnect, publications that failed, expired or are unconfirmed, and posts that wait for approval."""
    return [
        *_channels(workspace),
        *_publications(workspace),
        *(_reviews(workspace) if allows(role, May.APPROVE) else ()),
    ]


def _channels(workspace: Workspace) -> list[Concern]:
    lost = Channel.objects.filter(workspace=workspace, condition=Channel.Condition.NEEDS_RECONNECT)
    href = reverse("web:home", args=[workspace.slug]) + "channels/"
    text = _("Nothing goes out on this channel until it is reconnected.")
    return [
        Concern("bad", "unplug", _("Reconnect %(channel)s") % {"channel": one}, one.condition_why or text, href)
        for one in lost[:SHOWN]
    ]


TROUBLE: dict[str, tuple[str, str, Any, Any]] = {
    State.FAILED: (
        "bad",
        "circle-x",
        gettext_lazy("Did not go out on %(channel)s"),
        gettext_lazy("Open it to see why."),
    ),
    State.EXPIRED: (
        "warn",
        "timer-off",
        gettext_lazy("Too late for %(channel)s"),
        gettext_lazy("It was not sent, because its time had passed."),
    ),
    State.UNCONFIRMED: (
        "warn",
        "circle-help",
        gettext_lazy("Not sure whether it arrived on %(channel)s"),
        gettext_lazy("The platform is being asked."),
    ),
}


def _publications(workspace: Workspace) -> list[Concern]:
    rows = Publication.objects.filter(workspace=workspace, state__in=TROUBLE).exclude(post__state=Editorial.ARCHIVED)
    return [_trouble(workspace, row) for row in rows.select_related("channel").order_by("-publish_at", "-id")[:SHOWN]]


def _trouble(workspace: Workspace, row: Publication) -> Concern:
    tone, icon, title, text = TROUBLE[row.state]
    return Concern(
        tone,
        icon,
        title % {"channel": row.channel},
        row.why or text,
        reverse("posts:publication", args=[workspace.slug, row.pk]),
        row.publish_at,
    )


def _reviews(workspace: Workspace) -> list[Concern]:
    found = (
        Post.objects.filter(workspace=workspace, state=Editorial.IN_REVIEW)
        .select_related("author", "twin")
        .order_by("updated_at")
    )
    return [
        Concern(
            "info",
            "eye",
            _("Waits for approval: %(post)s") % {"post": title_of(post)},
            _("Written by %(author)s") % {"author": post.author or _("a former member")},
            reverse("posts:compose", args=[workspace.slug, post.pk]),
            post.updated_at,
        )
        for post in found[:SHOWN]
    ]


def title_of(post: Post) -> str:
    """The title of a post, else the beginning of its text; not of one with two wordings, for either may stay secret."""
    if waiting(post):
        return post.title or _("A post with two wordings")
    text = str(post.segments[0].get("text", "")) if post.segments else ""
    return post.title or " ".join(text.split())[:80] or _("Empty draft")


def ahead(workspace: Workspace) -> QuerySet[Publication]:
    """What goes out next, the soonest first."""
    return (
        Publication.objects.filter(workspace=workspace, state__in=AHEAD)
        .select_related("channel")
        .order_by("publish_at", "id")[:SHOWN]
    )


def published(workspace: Workspace) -> QuerySet[Publication]:
    """What went out last, the newest first."""
    return (
        Publication.objects.filter(workspace=workspace, state=State.PUBLISHED)
        .select_related("channel")
        .order_by("-published_at", "-id")[:SHOWN]
    )


def summary(workspace: Workspace) -> dict[str, Any]:
    """Counts for the line under the heading: scheduled and drafts."""
    scheduled = Publication.objects.filter(workspace=workspace, state=State.SCHEDULED).count()
    posts = Post.objects.filter(workspace=workspace).aggregate(drafts=Count("pk", filter=Q(state=Editorial.DRAFT)))
    return {
        "scheduled": ngettext("%(n)s publication scheduled", "%(n)s publications scheduled", scheduled)
        % {"n": scheduled},
        "drafts": ngettext("%(n)s draft", "%(n)s drafts", posts["drafts"]) % {"n": posts["drafts"]},
    }


def steps(workspace: Workspace) -> list[Step]:
    """The first steps; an empty list once channel, post and publication are there."""
    done = _begun(workspace)
    root = reverse("web:home", args=[workspace.slug])
    found = [
        Step(
            done["channel"],
            _("Connect a channel"),
            _("A profile on a platform that Masthead may post to."),
            "channels/",
        ),
        Step(done["post"], _("Write a post"), _("Once, for all your channels; it saves itself."), "posts/"),
        Step(done["sent"], _("Schedule it"), _("Or publish it now. It goes out once, on time."), "calendar/"),
        Step(
            done["others"],
            _("Invite somebody"),
            _("Authors write, editors approve. You can also do this later."),
            "members/",
        ),
    ]
    return [] if all(one.done for one in found[:3]) else [replace(one, href=root + one.href) for one in found]


def _begun(workspace: Workspace) -> dict[str, bool]:
    """Which kinds of thing this workspace has already, in one query."""
    here = {"workspace": OuterRef("pk")}
    connected = Channel.objects.filter(**here, ads=False).exclude(condition=Channel.Condition.DISCONNECTED)
    others = Exists(Member.objects.filter(**here).order_by("pk")[1:2])
    return (
        Workspace.objects.filter(pk=workspace.pk)
        .values(
            channel=Exists(connected),
            post=Exists(Post.objects.filter(**here)),
            sent=Exists(Publication.objects.filter(**here)),
            others=others | Exists(Invitation.objects.filter(**here)),
        )
        .get()
    )
