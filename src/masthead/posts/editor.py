"""The composer: the page, its saving by itself, and the buttons under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.kit.text import number, plain
from masthead.kit.transitions import WrongMove
from masthead.posts import compose as composing
from masthead.posts import review, schedule
from masthead.posts.commitments import together
from masthead.posts.compose import Conflict, Invalid
from masthead.posts.composer_state import checked, state_of
from masthead.posts.cost_words import beyond_limits, in_words, total_of
from masthead.posts.draw import word
from masthead.posts.models import Post
from masthead.posts.states import GONE, Editorial, State
from masthead.posts.twins import twin_of
from masthead.posts.views import attempt, local_time, pause, stamp
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows


@require_POST
@member_view(May.WRITE)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Open an empty draft; a time and channels chosen on the calendar come along."""
    wanted = None
    with suppress(Invalid):
        wanted = local_time(request.POST.get("at", ""))
    post = composing.empty_draft(request.workspace, request.user, wanted_at=wanted)
    channels = Channel.objects.filter(workspace=request.workspace, condition=Channel.Condition.CONNECTED, ads=False)
    composing.choose_channels(post, list(channels))
    return redirect("posts:compose", slug=slug, post_id=post.pk)


@member_view(May.SEE)
def compose(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """The composer, read-only for those who may not write or while a reviewer has it. 204 to a page that has `seen` it."""
    post, role, at = _post(request, post_id), request.member.role, now()
    rows = list(post.publications.select_related("channel"))
    if request.GET.get("seen") == stamp(rows, at):
        return HttpResponse(status=204)
    scheduled, gone = _scheduled(post), _gone(post)
    writing = allows(role, May.WRITE) and composing.editable(post) and not scheduled and not gone
    back = allows(role, May.PUBLISH) if scheduled else post.state in (Editorial.IN_REVIEW, Editorial.APPROVED)
    page = render(
        request,
        "posts/compose.html",
        {
            "post": post,
            "state": state_of(post, request.workspace, writing, sees=allows(role, May.WRITE)),
            "twin": twin_of(post),
            "may_pair": writing and not rows,
            "writing": writing,
            "publish": allows(role, May.PUBLISH),
            "approve": review.may_approve(request.member, post),
            "in_review": post.state == Editorial.IN_REVIEW,
            "scheduled": scheduled and not gone,
            "gone": gone,
            "take_back": allows(role, May.WRITE) and back and not writing and not gone,
            "publications": rows,
            "stamp": stamp(rows, at),
            "pause": min((seconds for row in rows if (seconds := pause(row, at))), default=0),
            "newest": max((row.pk for row in rows), default=0),
            "moves": post.moves.all(),
            "comments": post.comments.select_related("user"),
            "may_comment": allows(role, May.WRITE),
            "when": _when_to_offer(post),
            "month_cost": _month_cost(post) if writing else "",
            "slots": any(one.slots.exists() for one in Channel.objects.filter(workspace=request.workspace)),
        },
    )
    # The back button must not bring an older version, which would then seem to have been changed elsewhere.
    page.headers["Cache-Control"] = "no-store"
    return page


def _scheduled(post: Post) -> bool:
    return post.publications.filter(state=State.SCHEDULED).exists()


def _gone(post: Post) -> bool:
    """True when some of it is out, or may be."""
    return post.publications.filter(state__in=GONE).exists()


def _month_cost(post: Post) -> str:
    """What is scheduled in the month of the offered time costs, in words; "" for nothing."""
    begin = timezone.localtime(_when_to_offer(post)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (begin + timedelta(days=32)).replace(day=1)
    return in_words(together(post.workspace_id, begin, end))


def _when_to_offer(post: Post) -> datetime:
    """The time the composer starts with: the one chosen before while it lies ahead, else the next full hour but one."""
    at = now()
    if post.wanted_at and post.wanted_at > at:
        return post.wanted_at
    return (at + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)


def _post(request: HttpRequest, post_id: int) -> Post:
    try:
        return Post.objects.select_related("workspace", "author", "twin").get(workspace=request.workspace, pk=post_id)
    except Post.DoesNotExist:
        raise Http404 from None


@require_POST
@member_view(May.WRITE)
def save(request: HttpRequest, slug: str, post_id: int) -> JsonResponse:
    """Save what is in the composer; 409 with the stored version when another tab was first, 400 naming a bad field."""
    post = _post(request, post_id)
    try:
        sent = json.loads(request.body)
        if not isinstance(sent, dict):
            raise ValueError
    except (ValueError, RecursionError):
        return _problem(400, Invalid("", _("The request is not a JSON object."), _("Reload the page.")))
    try:
        saved = _saved(request, post, sent)
    except Conflict as conflict:
        return JsonResponse({"title": str(conflict), "version": conflict.post.version, "status": 409}, status=409)
    except Invalid as error:
        return _problem(400, error)
    except WrongMove:
        return _problem(409, Invalid("state", _("This post can no longer be changed here."), _("Reload the page.")))
    found = checked(saved)
    told = {"version": saved.version, "state": saved.state, "check": found, "cost": total_of(found.values())}
    return JsonResponse(told)


def _open(request: HttpRequest, post: Post) -> None:
    """Make an approved post a draft again. What is scheduled goes out as it was frozen: a change would be shown and never sent."""
    if _scheduled(post) or _gone(post) or not composing.editable(post):
        raise WrongMove("post", post.state, "edited")
    if post.state == Editorial.APPROVED:
        review.take_back(post, request.user, now=now())


@require_POST
@member_view(May.WRITE)
def second_wording(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Save the second wording by the button under it; where the page's script runs, it is saved with the rest."""
    post, text = _post(request, post_id), plain(request.POST.get("twin", ""))

    def act() -> None:
        with transaction.atomic():
            _open(request, post)
            word(post, text)
            composing.edit(post, version=number(request.POST.get("version", "")))

    attempt(request, act, _("Saved"))
    return _back(post)


def _saved(request: HttpRequest, post: Post, sent: Mapping[str, Any]) -> Post:
    with transaction.atomic():
        _open(request, post)
        version = number(str(sent.get("version", "")))
        wanted = sent.get("wanted_at") or None
        _tailored(request, post, sent)
        if isinstance(sent.get("twin"), str):
            word(post, sent["twin"])
        return composing.edit(
            post,
            version=version,
            segments=sent.get("segments"),
            title=str(sent.get("title") or "")[:200],
            language=str(sent.get("language") or "")[:12],
            wanted_at=local_time(str(wanted)) if wanted else None,
        )


def _tailored(request: HttpRequest, post: Post, sent: Mapping[str, Any]) -> None:
    given = sent.get("channels")
    given = given if isinstance(given, Mapping) else {}
    chosen = {key: value for name, value in given.items() if (key := number(name)) is not None}
    channels = list(Channel.objects.filter(workspace=request.workspace, ads=False, pk__in=chosen))
    composing.choose_channels(post, channels)
    for one in channels:
        mine = chosen[one.pk] if isinstance(chosen[one.pk], Mapping) else {}
        options = mine.get("options")
        composing.tailor(
            post, one, segments=mine.get("segments"), options=options if isinstance(options, Mapping) else {}
        )


def _problem(status: int, error: Invalid) -> JsonResponse:
    return JsonResponse(
        {"title": error.message, "field": error.field, "remedy": error.remedy, "status": status},
        status=status,
        content_type="application/problem+json",
    )


def _back(post: Post) -> HttpResponse:
    return redirect("posts:compose", slug=post.workspace.slug, post_id=post.pk)


@require_POST
@member_view(May.WRITE)
def submit(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Ask for approval."""
    post = _post(request, post_id)
    if attempt(request, lambda: review.submit(post, request.user, now=now()), _("Sent for approval.")):
        record(request, request.workspace, "post.submit", f"post {post.pk}")
    return _back(post)


@require_POST
@member_view(May.APPROVE)
def approve(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Approve a submitted post."""
    post = _post(request, post_id)
    read = number(request.POST.get("version", ""))
    if attempt(request, lambda: review.approve(post, request.member, now=now(), version=read), _("Approved.")):
        record(request, request.workspace, "post.approve", f"post {post.pk}")
    return _back(post)


@require_POST
@member_view(May.APPROVE)
def ask_for_changes(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Send it back with a word why."""
    post, text = _post(request, post_id), plain(request.POST.get("text", "")).strip()
    if not text:
        messages.error(request, _("Say what should change."))
    elif attempt(request, lambda: review.ask_for_changes(post, request.member, text, now=now()), _("Sent back.")):
        record(request, request.workspace, "post.ask_for_changes", f"post {post.pk}")
    return _back(post)


@require_POST
@member_view(May.WRITE)
def take_back(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Make it a draft again, to edit it; what is scheduled of it is cancelled first."""
    post, scheduled = _post(request, post_id), _scheduled(_post(request, post_id))
    done = _("It is off the schedule. Change it, then schedule it again.") if scheduled else _("You can edit it again.")
    if attempt(request, lambda: _taken_back(request, post), done):
        record(request, request.workspace, "post.take_back", f"post {post.pk}")
    return _back(post)


@transaction.atomic
def _taken_back(request: HttpRequest, post: Post) -> None:
    if _gone(post):
        raise Invalid("state", _("It is out, or on its way."), _("Open its publication to change it there."))
    for row in post.publications.filter(state=State.SCHEDULED).order_by("-publish_at"):
        if not allows(request.member.role, May.PUBLISH):
            raise Invalid("state", _("It is scheduled."), _("Ask an editor to cancel it first."))
        schedule.cancel(row, now=now(), actor=str(request.user))
        Post.objects.filter(pk=post.pk).update(wanted_at=row.publish_at)
    if post.state != Editorial.DRAFT:
        review.take_back(post, request.user, now=now())


@require_POST
@member_view(May.WRITE)
def add_comment(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Say something about the post."""
    post, text = _post(request, post_id), plain(request.POST.get("text", "")).strip()[:5000]
    if text:
        review.comment(post, request.user, text)
    return _back(post)


@require_POST
@member_view(May.PUBLISH)
def schedule_post(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Schedule on the chosen channels: at a time, now, or each at its next free slot. An approver's own draft is approved with it."""
    post = _post(request, post_id)

    def act() -> None:
        seen = number(request.POST.get("seen", ""))
        with transaction.atomic():
            review.approve_if_needed(post, request.member, now=now())
            schedule.schedule(
                post, _when(request, post), now=now(), actor=str(request.user), user=request.user, seen=seen
            )

    done = _("It goes out now.") if request.POST.get("how") == "now" else _("Scheduled.")
    try:
        if attempt(request, act, done):
            record(request, request.workspace, "post.schedule", f"post {post.pk}")
            _warn_of_limits(request, post)
            return redirect("posts:compose", slug=slug, post_id=post_id)
    except schedule.NotReady as error:
        messages.error(request, _("Not scheduled: solve the problems marked below first."))
        for told in [told for all_ in error.problems.values() for told in all_ if told.problem.weight == "stops"][:3]:
            messages.error(request, f"{told.message} {told.remedy}")
    return _back(post)


def _warn_of_limits(request: HttpRequest, post: Post) -> None:
    """Say what will not go out on the day it was scheduled for, because the day or a cap is full."""
    for row in post.publications.filter(state=State.SCHEDULED).select_related("channel"):
        if told := beyond_limits(row.channel, row.content["segments"], row.publish_at, now=now(), moved=row):
            messages.warning(
                request, _("%(channel)s: %(why)s It waits until there is room.") % {"channel": row.channel, "why": told}
            )


def _when(request: HttpRequest, post: Post) -> datetime | dict[int, datetime]:
    how = request.POST.get("how", "at")
    if how == "now":
        return now()
    if how != "slot":
        return local_time(request.POST.get("publish_at", ""))
    times = {
        one.channel_id: schedule.next_free_slot(one.channel, now()) for one in post.variants.select_related("channel")
    }
    if none := [one.channel for one in post.variants.select_related("channel") if times[one.channel_id] is None]:
        raise Invalid(
            "how", _("%s has no queue times.") % none[0], _("Add times on the channel's page, or choose a time.")
        )
    return {key: at for key, at in times.items() if at is not None}
