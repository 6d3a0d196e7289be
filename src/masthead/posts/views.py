"""Pages: the list of posts, a publication and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masthead.channels.models import Channel
from masthead.contract.errors import ConnectorError
from masthead.kit.clock import now
from masthead.kit.text import number, plain
from masthead.kit.transitions import WrongMove
from masthead.posts import amend, archive, queries, review, schedule
from masthead.posts.compose import UNTOUCHED, Conflict, Invalid
from masthead.posts.models import Post, Publication
from masthead.posts.problems import capabilities_of
from masthead.posts.spent import costs_of
from masthead.posts.states import ENDED, Editorial, State
from masthead.workspaces.access import member_view, refused
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May, allows

PAGE = 25
OFTEN, SELDOM = 3, 60
NEAR = timedelta(minutes=2)
YEARS = range(2000, 2200)


@member_view(May.SEE)
def post_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All posts, with search and filters in the address."""
    wanted = request.GET.get("channel", "")
    found = queries.posts(
        request.workspace,
        words=request.GET.get("q", ""),
        state=request.GET.get("state", ""),
        channel=number(wanted),
    )
    page = Paginator(found.exclude(UNTOUCHED), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "posts/list.html",
        {
            "page": page,
            "states": [*Editorial, *State],
            "channels": Channel.objects.filter(workspace=request.workspace, ads=False),
            "filtered": any(request.GET.get(name) for name in ("q", "state", "channel")),
        },
    )


@member_view(May.SEE)
def publication(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """One publication: where it stands, what was tried, what can be done. 204 to a page that has `seen` all of it."""
    row = _publication(request, publication_id)
    if request.GET.get("seen") == stamp([row], now()):
        return HttpResponse(status=204)
    return _page(request, row)


def stamp(rows: Sequence[Publication], at: datetime) -> str:
    """Changes whenever a page that shows these publications should be drawn again."""
    return ",".join(f"{row.pk}-{row.state}-{row.attempts}-{int(row.check_at is None)}-{pause(row, at)}" for row in rows)


def pause(row: Publication, at: datetime) -> int:
    """Seconds until an open page asks again; 0 when nothing more will happen by itself."""
    if row.state in ENDED or (row.state == State.UNCONFIRMED and row.check_at is None):
        return 0
    return SELDOM if row.state == State.SCHEDULED and row.not_before > at + NEAR else OFTEN


def _page(request: HttpRequest, row: Publication, **more: Any) -> HttpResponse:
    can, at = capabilities_of(row.channel), now()
    may = allows(request.member.role, May.PUBLISH)
    return render(
        request,
        "posts/publication.html",
        {
            "row": row,
            "may": may,
            "ask": may and row.state == State.UNCONFIRMED and row.check_at is None,
            "can_edit": may and can and can.edit and row.state == State.PUBLISHED and _may_amend(request, row),
            "can_remove": may and can and can.remove and row.state == State.PUBLISHED,
            "again": may and row.state in (State.FAILED, State.EXPIRED, State.CANCELLED),
            "pause": pause(row, at),
            "stamp": stamp([row], at),
            "costs": costs_of(row, at),
            **more,
        },
        status=400 if more else 200,
    )


def _may_amend(request: HttpRequest, row: Publication) -> bool:
    """What is out changes at once, so it takes who could approve the new text."""
    return review.may_approve(request.member, row.post)


def _publication(request: HttpRequest, publication_id: int) -> Publication:
    try:
        return queries.publication(request.workspace, publication_id)
    except Publication.DoesNotExist:
        raise Http404 from None


def _post(request: HttpRequest, post_id: int) -> Post:
    try:
        return Post.objects.select_related("workspace", "author").get(workspace=request.workspace, pk=post_id)
    except Post.DoesNotExist:
        raise Http404 from None


def attempt(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say how it went, in words that name the remedy; True when it was done."""
    try:
        act()
    except (Invalid, ConnectorError) as error:
        messages.error(request, f"{error.message} {error.remedy}".strip())
    except WrongMove:
        messages.error(request, _("This was changed meanwhile, so nothing was done. Look at where it stands now."))
    except (Conflict, review.NotAllowed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
        return True
    return False


def _act(
    request: HttpRequest, publication_id: int, action: str, act: Callable[[Publication], Any], done: str
) -> HttpResponse:
    row = _publication(request, publication_id)
    if attempt(request, lambda: act(row), done):
        record(request, request.workspace, action, f"publication {row.pk}", channel=str(row.channel))
    return redirect("posts:publication", slug=request.workspace.slug, publication_id=publication_id)


@require_POST
@member_view(May.PUBLISH)
def cancel(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """Take a scheduled publication back."""
    return _act(
        request,
        publication_id,
        "publication.cancel",
        lambda row: schedule.cancel(row, now=now(), actor=str(request.user)),
        _("Cancelled."),
    )


def _approved(request: HttpRequest, row: Publication, act: Callable[..., None], at: datetime, *as_it_is: State) -> None:
    """Bring a publication back. A text that was changed since its approval is approved with it, where the member may."""
    with transaction.atomic():
        if row.state not in as_it_is and not row.receipts and row.post.state != Editorial.APPROVED:
            review.approve(row.post, request.member, now=now())
        act(row, at, now=now(), actor=str(request.user))


@require_POST
@member_view(May.PUBLISH)
def move(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """Another time, or now. The calendar's script asks for JSON: {"told"} with 200, or with 409 when it was not moved."""
    at_once = request.POST.get("how") == "now"

    def act(row: Publication) -> None:
        at = now() if at_once else local_time(request.POST.get("publish_at", ""))
        _approved(request, row, schedule.move, at, State.SCHEDULED)

    done = _("It goes out now.") if at_once else _("Moved.")
    answer = _act(request, publication_id, "publication.move", act, done)
    if not request.accepts("text/html"):
        said = list(messages.get_messages(request))
        failed = any(one.level >= messages.WARNING for one in said)
        return JsonResponse({"told": " ".join(str(one) for one in said)}, status=409 if failed else 200)
    return answer


@require_POST
@member_view(May.PUBLISH)
def retry(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """Try once more, now."""
    return _act(
        request,
        publication_id,
        "publication.retry",
        lambda row: _approved(request, row, schedule.again, now()),
        _("It will be tried again now."),
    )


@require_POST
@member_view(May.PUBLISH)
def answer(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """A person says whether an unconfirmed one is there."""
    said, who = request.POST.get("said", ""), str(request.user)

    def act(row: Publication) -> None:
        if said == "there":
            amend.say_it_is_there(row, plain(request.POST.get("url", "")).strip(), now=now(), actor=who)
        elif said in ("again", "give_up"):
            amend.say_it_is_not_there(row, again=said == "again", now=now(), actor=who)
        else:
            raise Invalid("said", _("Choose one of the answers."))

    return _act(request, publication_id, "publication.answer", act, _("Thank you, noted."))


@require_POST
@member_view(May.PUBLISH)
def amend_text(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """Change the text on the platform; what was typed stays on the page when it fails."""
    row, texts = _publication(request, publication_id), [plain(text) for text in request.POST.getlist("text")]
    if not _may_amend(request, row):
        return refused(request, May.APPROVE)
    if attempt(
        request, lambda: amend.edit(row, texts, now=now(), actor=str(request.user)), _("Changed on the platform.")
    ):
        record(request, request.workspace, "publication.amend", f"publication {row.pk}", channel=str(row.channel))
        return redirect("posts:publication", slug=slug, publication_id=publication_id)
    return _page(request, row, typed=texts)


@require_POST
@member_view(May.PUBLISH)
def remove(request: HttpRequest, slug: str, publication_id: int) -> HttpResponse:
    """Delete on the platform."""
    return _act(
        request,
        publication_id,
        "publication.remove",
        lambda row: amend.remove(row, now=now(), actor=str(request.user)),
        _("Deleted on the platform."),
    )


@require_POST
@member_view(May.WRITE)
def archive_post(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Put a post away."""
    post = _post(request, post_id)
    if attempt(request, lambda: archive.archive(post, now=now(), actor=str(request.user)), _("Archived.")):
        record(request, request.workspace, "post.archive", f"post {post.pk}")
    return redirect("posts:list", slug=slug)


@require_POST
@member_view(May.WRITE)
def restore_post(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Bring it back."""
    post = _post(request, post_id)
    if attempt(request, lambda: archive.restore(post, now=now(), actor=str(request.user)), _("Restored as a draft.")):
        record(request, request.workspace, "post.restore", f"post {post.pk}")
    return redirect("posts:compose", slug=slug, post_id=post_id)


@require_POST
@member_view(May.WRITE)
def delete_post(request: HttpRequest, slug: str, post_id: int) -> HttpResponse:
    """Delete a post that never went out."""
    post = _post(request, post_id)
    if attempt(request, lambda: archive.purge(post), _("Deleted.")):
        record(request, request.workspace, "post.delete", f"post {post_id}")
    return redirect("posts:list", slug=slug)


def local_time(text: str) -> datetime:
    """A time as a date-time input sends it, in the reader's zone; Invalid names the field."""
    try:
        parsed = datetime.fromisoformat(text.strip())
        if parsed.year not in YEARS:
            raise ValueError
    except ValueError:
        raise Invalid("publish_at", _("This is not a date and time."), _("Choose a day and a time.")) from None
    zone = timezone.get_current_timezone()
    return (
        parsed
        if parsed.tzinfo
        else parsed.replace(tzinfo=zone if isinstance(zone, ZoneInfo) else timezone.get_default_timezone())
    )
