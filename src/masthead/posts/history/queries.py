"""Reading past posts. Every query is limited to one workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTransform

from masthead.channels.models import Channel
from masthead.channels.queries import channels
from masthead.contract.history import METRICS
from masthead.posts.history.turn import charges, has_history, may_not_be_kept, platform_of
from masthead.posts.models import HistoryImport, PastPost
from masthead.posts.queries import matching
from masthead.workspaces.models import Workspace

NEWEST, OLDEST = "newest", "oldest"


@dataclass(frozen=True)
class Source:
    """A channel with past posts: how far its import is; `row` is None where it was never begun."""

    channel: Channel
    row: HistoryImport | None
    costs: bool
    forbidden: bool

    @property
    def running(self) -> bool:
        """True while the back-fill goes on."""
        return self.row is not None and self.row.finished_at is None and not self.row.why

    @property
    def stuck(self) -> bool:
        """True where the back-fill has not ended and something is in the way."""
        return self.row is not None and bool(self.row.why)


def past_posts(
    workspace: Workspace,
    *,
    words: str = "",
    channel: int | None = None,
    kind: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
    sort: str = NEWEST,
) -> QuerySet[PastPost]:
    """Past posts from `start` to before `end`. `sort` is newest, oldest or the name of a metric, highest first."""
    found = PastPost.objects.filter(workspace=workspace).select_related("channel").defer("raw", "words")
    if words.strip():
        query = matching(words)
        found = found.filter(words=query) if query else found.none()
    limits = {"channel": channel, "posted_at__gte": start, "posted_at__lt": end, "kind": kind or None}
    found = found.filter(**{name: value for name, value in limits.items() if value is not None})
    if sort == OLDEST:
        return found.order_by("posted_at", "id")
    if sort in metrics_of(workspace):
        value = KeyTransform(sort, "metrics")
        return found.order_by(value.desc(nulls_last=True), F("posted_at").desc(), "-id")
    return found


def metrics_of(workspace: Workspace) -> list[str]:
    """The metrics that the workspace's past posts have: ours in their order, then the platforms' own."""
    lists = HistoryImport.objects.filter(channel__workspace=workspace).values_list("metrics", flat=True)
    met = {name for names in lists for name in names}
    return [name for name in METRICS if name in met] + sorted(met - set(METRICS))


def past_post(workspace: Workspace, past_post_id: int) -> PastPost:
    """One past post with its samples; DoesNotExist for another workspace's."""
    found = PastPost.objects.select_related("channel", "publication").prefetch_related("samples").defer("words")
    return found.get(workspace=workspace, pk=past_post_id)


def sources(workspace: Workspace) -> Sequence[Source]:
    """The workspace's channels whose platform shows past posts."""
    found = [one for one in channels(workspace) if has_history(one)]
    rows = HistoryImport.objects.in_bulk([one.pk for one in found])
    return [
        Source(one, rows.get(one.pk), charges(platform_of(one)), may_not_be_kept(platform_of(one))) for one in found
    ]
