"""Posts, variants, publications and the record of every move."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from masthead.channels.models import Channel, Sunset
from masthead.media.models import Bundle
from masthead.posts.states import Editorial, State
from masthead.workspaces.models import Workspace


class Post(models.Model):
    """What people write: segments shared by all channels, with variants where a channel differs.

    `segments` is a list of {"text": str, "attachments": [{"asset": id, "alt": str, "focus": [x, y] | null}],
    "poll": {"options": [str], "seconds": int, "multiple": bool} | null}. `version` guards against two tabs.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    segments = models.JSONField(default=list)
    language = models.CharField(_("language"), max_length=12, blank=True)
    state = models.CharField(max_length=12, default=Editorial.DRAFT, choices=[(s, s) for s in Editorial])
    wanted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True)
    words = models.GeneratedField(
        expression=SearchVector(F("title"), F("search_text"), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [
            models.Index(fields=["workspace", "-updated_at"], name="post_list"),
            GinIndex(fields=["words"], name="post_words"),
        ]


class Variant(models.Model):
    """A post as one channel gets it: `segments` null means the post's own; `options` are the platform's settings."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    segments = models.JSONField(null=True)
    options = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["post", "channel"], name="one_variant")]


class Twin(models.Model):
    """A second wording of the first part of a post, kept to prove one day that the one which went out was taken.

    Until the draw `wording` is the second and the post has the first. The draw, once and for all, puts the one that goes
    out into the post; `original` and `wording` are then the two as they stood. `commitment` binds both, the side that fell
    and the time; it may be shown to anybody, for without `nonce` nothing can be guessed from it. A pair whose text was
    changed before it went out is void from `voided_at` on.
    """

    class Drawn(models.TextChoices):
        """Which of the two goes out."""

        FIRST = "first", _("the first wording")
        SECOND = "second", _("the second wording")

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="twin")
    wording = models.TextField()
    original = models.TextField(blank=True)
    drawn = models.CharField(max_length=6, choices=Drawn, null=True)
    drawn_at = models.DateTimeField(null=True)
    nonce = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn=None, drawn_at=None, commitment="", voided_at=None)
                | Q(drawn__isnull=False, drawn_at__isnull=False, commitment__regex="^[0-9a-f]{64}$"),
                name="drawn_with_proof",
            )
        ]

    @property
    def published(self) -> str:
        """The wording that goes out, as it stood at the draw; "" before it."""
        return {self.Drawn.FIRST: self.original, self.Drawn.SECOND: self.wording}.get(self.drawn, "")

    @property
    def kept(self) -> str:
        """The wording that stays secret; "" before the draw."""
        return {self.Drawn.FIRST: self.wording, self.Drawn.SECOND: self.original}.get(self.drawn, "")


class Publication(models.Model):
    """One variant on one channel at one time: the ledger of delivery. Only posts/moves.py and publish.py write `state`.

    Each index costs every claim and settlement two entries, so there is none that another one covers.
    `content` is what goes out ({"segments": ..., "options": ..., "language": ...}), frozen when scheduled.
    `receipts` holds the platform's acknowledgement per segment, saved before the next segment is sent.
    """

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False
    )  # publication_calendar begins with it
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, default=State.SCHEDULED, choices=[(s, s) for s in State])
    content = models.JSONField(default=dict)
    publish_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    receipts = models.JSONField(default=list)
    remote_url = models.CharField(max_length=1000, blank=True)
    reason = models.CharField(max_length=32, blank=True)
    why = models.TextField(blank=True)
    remedy = models.TextField(blank=True)
    field = models.CharField(max_length=64, blank=True)
    check_at = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["publish_at", "id"]
        indexes = [
            models.Index(fields=["not_before", "id"], name="publication_due", condition=Q(state=State.SCHEDULED)),
            models.Index(
                fields=["channel", "not_before", "id"], name="publication_lane", condition=Q(state=State.SCHEDULED)
            ),
            models.Index(
                fields=["check_at"],
                name="publication_check",
                condition=Q(state__in=[State.UNCONFIRMED, State.PROCESSING]),
            ),
            models.Index(fields=["id"], name="publication_sent", condition=Q(state=State.PUBLISHING)),
            models.Index(fields=["workspace", "publish_at"], name="publication_calendar"),
        ]


class Attempt(models.Model):
    """One try to send: written, with its lease, before anything is sent."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="tries", db_index=False)
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="one_attempt")]


class Move(models.Model):
    """Every change of state, of a post or a publication: when, from what to what, why, by whom ("worker" for nobody)."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="moves")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, null=True, related_name="moves")
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    why = models.TextField(blank=True)
    actor = models.CharField(max_length=254, default="worker")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Lane(models.Model):
    """One row per channel: who sends on it now, so that a channel sends one thing at a time, in order."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, primary_key=True, related_name="+")
    holder = models.CharField(max_length=64, blank=True)
    held_until = models.DateTimeField()
    paused_until = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)
    app = models.CharField(max_length=250)


class Heartbeat(models.Model):
    """A worker that is, or was, alive."""

    worker = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=120)
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()


class Comment(models.Model):
    """What members say to each other about a post (review)."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]


class HistoryImport(models.Model):
    """How far a channel's own past posts are imported; one row per channel, held by one worker at a time.

    `cursor` is where the back-fill goes on, `finished_at` when it reached the end, `oldest_at` how far back it has come.
    `next_at` is when there is something to read next; `why` says what is in the way. `metrics` are the names met so far.
    """

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, primary_key=True, related_name="+")
    cursor = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    oldest_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    seen = models.PositiveIntegerField(default=0)
    metrics = models.JSONField(default=list)
    next_at = models.DateTimeField()
    held_until = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="history_due")]


class PastPost(models.Model):
    """A post that lies on a platform in the channel's own name, however it was made, with its latest numbers.

    `metrics` holds the latest value by name: ours where the platform's is mapped, else the platform's own. `media` are
    references ({"kind", "url", "preview_url", "alt"}); no file is fetched. Where it comes from: `platform`, `operation`,
    `obtained_at` and the version of the terms that held then; `raw` has the platform's own words. A post that is gone there is
    marked, never deleted.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.SET_NULL, null=True, related_name="+")
    remote_id = models.CharField(max_length=500)
    kind = models.CharField(max_length=12, default="post")
    text = models.TextField(blank=True)
    url = models.CharField(max_length=2000, blank=True)
    posted_at = models.DateTimeField()
    media = models.JSONField(default=list)
    reply_to = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=35, blank=True)
    metrics = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)
    platform = models.CharField(max_length=32)
    operation = models.CharField(max_length=64)
    obtained_at = models.DateTimeField()
    terms_version = models.CharField(max_length=64, blank=True, db_default="")
    read_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    next_read_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    words = models.GeneratedField(
        expression=SearchVector(F("text"), config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["-posted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["channel", "remote_id"], name="one_past_post")]
        indexes = [
            models.Index(fields=["workspace", "-posted_at", "-id"], name="past_post_list"),
            models.Index(fields=["channel", "next_read_at"], name="past_post_due", condition=Q(gone_at=None)),
            GinIndex(fields=["words"], name="past_post_words"),
        ]


class Sample(models.Model):
    """One metric of one past post: the value from `observed_at` until the next sample. Written when it differs; only added to."""

    past_post = models.ForeignKey(PastPost, on_delete=models.CASCADE, related_name="samples")
    metric = models.CharField(max_length=80)
    native = models.CharField(max_length=80)
    value = models.FloatField()
    observed_at = models.DateTimeField()

    class Meta:
        ordering = ["observed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["past_post", "metric", "observed_at"], name="one_sample")]


class Export(Bundle):
    """A file with everything of some channels (or all, where the list is empty), in storage; `sunset` is why it was made."""

    sunset = models.ForeignKey(Sunset, on_delete=models.SET_NULL, null=True, related_name="+")
    channels = models.JSONField(default=list)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at"], name="export_list")]
