"""Pages: past posts, one of them with its numbers over time, and the buttons to import and to use again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from masthead.channels.models import Channel
from masthead.channels.queries import channels
from masthead.kit.clock import now
from masthead.kit.money import Money
from masthead.kit.text import number as number_of
from masthead.metering.reading import cap_of, left_of
from masthead.metering.wording import money_in_words
from masthead.posts.history import chart, queries, reuse
from masthead.posts.history.spend import ImportCost, import_cost
from masthead.posts.history.turn import begin
from masthead.posts.history.words import KIND_WORDS, metric_word, number
from masthead.posts.models import PastPost
from masthead.workspaces.access import member_view
from masthead.workspaces.audit import record
from masthead.workspaces.roles import May

PAGE = 25
COLUMNS = 6
FILTERS = ("q", "channel", "kind", "from", "to")


@member_view(May.SEE)
def past_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Past posts of all channels, with search, filters and order in the address."""
    asked, known = request.GET, queries.metrics_of(request.workspace)
    sort = asked.get("sort", queries.NEWEST)
    found = queries.past_posts(
        request.workspace,
        words=asked.get("q", ""),
        channel=number_of(asked.get("channel", "")),
        kind=asked.get("kind", "") if asked.get("kind") in KIND_WORDS else "",
        start=_midnight(asked.get("from", "")),
        end=_midnight(asked.get("to", ""), days=1),
        sort=sort,
    )
    page = Paginator(found, PAGE).get_page(asked.get("page"))
    columns = _columns(known, sort)
    heads = [(name, metric_word(name), name == sort) for name in columns]
    for row in page.object_list:
        row.cells = [(word, number(row.metrics[name]) if name in row.metrics else "") for name, word, _sorted in heads]
        row.kind_word = KIND_WORDS[row.kind] if row.kind != "post" else ""
        row.excerpt = Truncator(row.text[:400]).chars(120)
    sources = queries.sources(request.workspace)
    return render(
        request,
        "posts/past_list.html",
        {
            "page": page,
            "columns": heads,
            "sorts": [(queries.NEWEST, _("Newest first")), (queries.OLDEST, _("Oldest first"))]
            + [(name, _("Most: %s") % metric_word(name)) for name in known],
            "sort": sort,
            "kinds": KIND_WORDS.items(),
            "sources": sources,
            "running": [one for one in sources if one.running],
            "stuck": [one for one in sources if one.stuck],
            "filtered": any(asked.get(name) for name in FILTERS),
            "any_channel": channels(request.workspace).exists(),
        },
    )


def _columns(known: list[str], sort: str) -> list[str]:
    """The first few metrics, and always the one that the list is sorted by."""
    columns = known[:COLUMNS]
    return columns if sort in columns or sort not in known else [*columns[:-1], sort]


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day (or of the day after) in the reader's time zone; None for what is no date."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime.combine(day, time(), timezone.get_current_timezone()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@member_view(May.SEE)
def past_show(request: HttpRequest, slug: str, past_post_id: int) -> HttpResponse:
    """One past post with its numbers over time, drawn and as a table."""
    row = _past(request, past_post_id)
    points: list[chart.Point] = [(one.metric, one.observed_at, one.value) for one in row.samples.all()]
    order = [one for one in queries.metrics_of(request.workspace) if one in row.metrics]
    context: dict[str, Any] = {
        "row": row,
        "kind": KIND_WORDS[row.kind],
        "numbers": [(metric_word(name), row.metrics[name]) for name in order],
        "lines": [(metric_word(one.metric), one) for one in chart.lines(points, order, row.read_at)],
        "order": [metric_word(name) for name in order],
        "readings": chart.table(points, order),
        "width": chart.WIDTH,
        "height": chart.HEIGHT,
    }
    return render(request, "posts/past_show.html", context)


def _past(request: HttpRequest, past_post_id: int) -> PastPost:
    try:
        return queries.past_post(request.workspace, past_post_id)
    except PastPost.DoesNotExist:
        raise Http404 from None


@require_POST
@member_view(May.WRITE)
def use_again(request: HttpRequest, slug: str, past_post_id: int) -> HttpResponse:
    """A draft with the text, opened in the composer."""
    past = _past(request, past_post_id)
    post = reuse.use_again(past, request.user)
    record(request, request.workspace, "past_post.use_again", f"post {post.pk}", past_post=past.pk)
    if past.media:
        messages.warning(
            request, _("The text is here. Add the pictures and videos again: they are still on the platform only.")
        )
    else:
        messages.success(request, _("The text is here, as a new draft."))
    return redirect("posts:compose", slug=slug, post_id=post.pk)


@require_POST
@member_view(May.CONNECT)
def import_again(request: HttpRequest, slug: str, channel_id: int) -> HttpResponse:
    """Begin the import of a channel, or begin it anew; where reading costs money, only once its price was agreed to."""
    source = next((one for one in queries.sources(request.workspace) if one.channel.pk == channel_id), None)
    if source is None:
        raise Http404
    asked = import_cost(source.channel, now())
    if asked and request.POST.get("agreed") != str(asked.total.micros):
        return render(request, "posts/past_import.html", _cost_words(source.channel, asked))
    begin(source.channel, now=now())
    record(
        request,
        request.workspace,
        "history.import",
        str(source.channel),
        channel=channel_id,
        **({"at_most": str(asked.total)} if asked else {}),
    )
    messages.success(request, _("The posts of %s are being read. You may leave this page.") % source.channel)
    return redirect("posts:past", slug=slug)


def _cost_words(channel: Channel, cost: ImportCost) -> dict[str, Any]:
    """What the page that asks says."""
    cap = cap_of(channel.workspace_id, channel.platform)
    return {
        "channel": channel,
        "posts": number(cost.posts),
        "known": cost.known,
        "each": money_in_words(cost.each),
        "total": money_in_words(cost.total),
        "agreed": cost.total.micros,
        "left": money_in_words(Money(left_of(cap, now()).left, cap.currency)) if cap else "",
    }
