import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import masthead.campaigns.states
import masthead.contract.ads_rules


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("channels", "0005_ad_accounts"),
        ("media", "0002_documents"),
        ("posts", "0005_room_for_the_end_of_attempts"),
        ("workspaces", "0002_over_quota"),
        ("workspaces", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "goal",
                    models.CharField(
                        choices=[
                            (masthead.contract.ads_rules.Goal["VISITS"], "Visits"),
                            (masthead.contract.ads_rules.Goal["LEADS"], "Leads"),
                            (masthead.contract.ads_rules.Goal["SALES"], "Sales"),
                        ],
                        default=masthead.contract.ads_rules.Goal["VISITS"],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("launching", "launching"),
                            ("running", "running"),
                            ("paused", "paused"),
                            ("stopped", "stopped"),
                            ("ended", "ended"),
                        ],
                        default=masthead.campaigns.states.State["DRAFT"],
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("automatic", "Automatic"),
                            ("propose", "Propose, a person approves"),
                            ("dry_run", "Dry run: only show what would move"),
                        ],
                        default="automatic",
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                ("daily_budget", models.BigIntegerField(default=0)),
                ("cap", models.BigIntegerField(default=0)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("landing_url", models.CharField(blank=True, max_length=2000)),
                ("business", models.CharField(blank=True, max_length=60)),
                ("places", models.JSONField(default=list)),
                ("audience", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=list)),
                ("options", models.JSONField(default=dict)),
                ("limits", models.JSONField(default=dict)),
                ("target", models.BigIntegerField(default=0)),
                ("roas", models.PositiveIntegerField(default=0)),
                ("value", models.BigIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("proof", models.JSONField(default=dict)),
                ("proved_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("launched_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["workspace", "-created_at"], name="campaigns_of_workspace"),
                    models.Index(
                        condition=models.Q(("state__in", ("draft", "ended")), _negated=True),
                        fields=["state"],
                        name="campaigns_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("creating", "creating"),
                            ("ready", "ready"),
                            ("running", "running"),
                            ("paused", "paused"),
                            ("failed", "failed"),
                            ("withdrawn", "withdrawn"),
                            ("ended", "ended"),
                        ],
                        default=masthead.campaigns.states.Group["WAITING"],
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=500)),
                ("remedy", models.CharField(blank=True, max_length=500)),
                ("made", models.JSONField(default=dict)),
                ("ordered", models.JSONField(default=dict)),
                ("share", models.PositiveSmallIntegerField(default=0)),
                ("daily", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("known_minimum", models.BigIntegerField(null=True)),
                ("learning", models.BooleanField(null=True)),
                ("reviews", models.JSONField(default=dict)),
                ("read_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "channel"), name="one_group_of_an_account")
                ],
            },
        ),
        migrations.CreateModel(
            name="Creative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=80)),
                ("headlines", models.JSONField(default=list)),
                ("bodies", models.JSONField(default=list)),
                ("descriptions", models.JSONField(default=list)),
                ("call_to_action", models.CharField(blank=True, max_length=20)),
                ("drafted_by", models.CharField(blank=True, max_length=120)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="creatives", to="campaigns.campaign"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="posts.publication",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
            },
        ),
        migrations.CreateModel(
            name="Ad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField(default=dict)),
                ("remote_id", models.CharField(blank=True, max_length=200)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ads", to="campaigns.adgroup"
                    ),
                ),
                (
                    "creative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ads", to="campaigns.creative"
                    ),
                ),
            ],
            options={
                "ordering": ["number", "id"],
                "constraints": [models.UniqueConstraint(fields=("group", "number"), name="one_ad_of_a_number")],
            },
        ),
        migrations.CreateModel(
            name="DayResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("place", models.CharField(blank=True, max_length=10)),
                ("spend", models.BigIntegerField(default=0)),
                ("impressions", models.BigIntegerField(default=0)),
                ("clicks", models.BigIntegerField(default=0)),
                ("conversions", models.FloatField(default=0)),
                ("value", models.BigIntegerField(default=0)),
                ("final", models.BooleanField(default=False)),
                ("read_at", models.DateTimeField()),
                (
                    "ad",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="campaigns.ad",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="campaigns.adgroup"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "ad", "day", "place"), name="one_result_of_a_day", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a person"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("applied", "Applied"),
                            ("shown", "Dry run"),
                            ("replaced", "Replaced by a newer one"),
                        ],
                        max_length=10,
                    ),
                ),
                ("forecast", models.JSONField(default=dict)),
                ("seen", models.JSONField(default=dict)),
                ("worst", models.BigIntegerField(default=0)),
                ("decided_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "indexes": [models.Index(fields=["campaign", "-day"], name="decisions_of_a_campaign")],
            },
        ),
        migrations.CreateModel(
            name="Experiment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "measure",
                    models.CharField(
                        choices=[("clicks", "Clicks per impression"), ("conversions", "Conversions per click")],
                        default="clicks",
                        max_length=12,
                    ),
                ),
                ("planned", models.PositiveBigIntegerField(null=True)),
                ("floor", models.PositiveSmallIntegerField(default=5)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("verdict", models.JSONField(default=dict)),
                ("decided_on", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="experiments", to="campaigns.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Arm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share", models.PositiveSmallIntegerField(default=0)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                (
                    "creative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="campaigns.creative"
                    ),
                ),
                (
                    "experiment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="arms", to="campaigns.experiment"
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("experiment", "creative"), name="one_arm_of_a_creative")
                ],
            },
        ),
        migrations.CreateModel(
            name="Flight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("daily", models.BigIntegerField()),
                ("total", models.BigIntegerField(null=True)),
                ("ends_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("set_at", models.DateTimeField(null=True)),
                ("refused", models.BooleanField(default=False)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flights", to="campaigns.adgroup"
                    ),
                ),
            ],
            options={
                "ordering": ["sent_at", "id"],
                "indexes": [models.Index(fields=["group", "sent_at"], name="flights_of_a_group")],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.BigIntegerField()),
                ("wanted", models.BigIntegerField()),
                ("after", models.BigIntegerField()),
                ("reason", models.CharField(max_length=16)),
                ("sure", models.PositiveSmallIntegerField()),
                ("held", models.BooleanField(default=False)),
                ("numbers", models.JSONField(default=dict)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="campaigns.decision"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="campaigns.adgroup"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(default=0)),
                (
                    "asset",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="media.asset"),
                ),
                (
                    "creative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="campaigns.creative"
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("lag", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=8)),
                ("conversions", models.FloatField()),
                ("value", models.BigIntegerField(default=0)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="campaigns.adgroup"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("group", "day", "lag", "source"), name="one_reading_of_a_lag")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.CharField(max_length=80)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("trying", "trying"),
                            ("unknown", "unknown"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default=masthead.campaigns.states.StepState["WAITING"],
                        max_length=8,
                    ),
                ),
                ("remote_id", models.CharField(blank=True, max_length=200)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("remedy", models.CharField(blank=True, max_length=500)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="campaigns.adgroup"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("group", "slot"), name="one_step_of_a_slot")],
            },
        ),
        migrations.CreateModel(
            name="TrackedLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=24, unique=True)),
                ("url", models.CharField(max_length=2500)),
                (
                    "ad",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="link", to="campaigns.ad"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("click", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("platform_click", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("robot", models.BooleanField(default=False)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="campaigns.trackedlink"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["link", "at"], name="visits_of_a_link")],
            },
        ),
        migrations.CreateModel(
            name="Conversion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("value", models.BigIntegerField(default=0)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("source", models.CharField(max_length=8)),
                ("told_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversions",
                        to="campaigns.campaign",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversions",
                        to="campaigns.visit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "reference"), name="one_conversion_of_a_reference")
                ],
            },
        ),
    ]
