import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import masthead.posts.states


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("channels", "0001_initial"),
        ("workspaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("worker", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=120)),
                ("pid", models.IntegerField()),
                ("started_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="channels.channel",
                    ),
                ),
                ("holder", models.CharField(blank=True, max_length=64)),
                ("held_until", models.DateTimeField()),
                ("paused_until", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=300)),
                ("app", models.CharField(max_length=250)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("segments", models.JSONField(default=list)),
                ("language", models.CharField(blank=True, max_length=12, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (masthead.posts.states.Editorial["DRAFT"], masthead.posts.states.Editorial["DRAFT"]),
                            (
                                masthead.posts.states.Editorial["IN_REVIEW"],
                                masthead.posts.states.Editorial["IN_REVIEW"],
                            ),
                            (masthead.posts.states.Editorial["APPROVED"], masthead.posts.states.Editorial["APPROVED"]),
                            (masthead.posts.states.Editorial["ARCHIVED"], masthead.posts.states.Editorial["ARCHIVED"]),
                        ],
                        default=masthead.posts.states.Editorial["DRAFT"],
                        max_length=12,
                    ),
                ),
                ("wanted_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("note", models.TextField(blank=True)),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(
                            models.F("title"), models.F("search_text"), config="simple"
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("search_text", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "author",
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
                "ordering": ["-updated_at"],
                "indexes": [
                    models.Index(fields=["workspace", "-updated_at"], name="post_list"),
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="post_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="posts.post"
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (masthead.posts.states.State["SCHEDULED"], masthead.posts.states.State["SCHEDULED"]),
                            (masthead.posts.states.State["PUBLISHING"], masthead.posts.states.State["PUBLISHING"]),
                            (masthead.posts.states.State["PROCESSING"], masthead.posts.states.State["PROCESSING"]),
                            (masthead.posts.states.State["PUBLISHED"], masthead.posts.states.State["PUBLISHED"]),
                            (masthead.posts.states.State["UNCONFIRMED"], masthead.posts.states.State["UNCONFIRMED"]),
                            (masthead.posts.states.State["FAILED"], masthead.posts.states.State["FAILED"]),
                            (masthead.posts.states.State["CANCELLED"], masthead.posts.states.State["CANCELLED"]),
                            (masthead.posts.states.State["EXPIRED"], masthead.posts.states.State["EXPIRED"]),
                            (masthead.posts.states.State["REMOVED"], masthead.posts.states.State["REMOVED"]),
                        ],
                        default=masthead.posts.states.State["SCHEDULED"],
                        max_length=12,
                    ),
                ),
                ("content", models.JSONField(default=dict)),
                ("publish_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("receipts", models.JSONField(default=list)),
                ("remote_url", models.CharField(blank=True, max_length=1000)),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("why", models.TextField(blank=True)),
                ("remedy", models.TextField(blank=True)),
                ("field", models.CharField(blank=True, max_length=64)),
                ("check_at", models.DateTimeField(null=True)),
                ("checks", models.PositiveIntegerField(default=0)),
                ("published_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
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
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="publications", to="posts.post"
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
                "ordering": ["publish_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", masthead.posts.states.State["SCHEDULED"])),
                        fields=["not_before", "id"],
                        name="publication_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", masthead.posts.states.State["SCHEDULED"])),
                        fields=["channel", "not_before", "id"],
                        name="publication_lane",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [masthead.posts.states.State["UNCONFIRMED"], masthead.posts.states.State["PROCESSING"]],
                            )
                        ),
                        fields=["check_at"],
                        name="publication_check",
                    ),
                    models.Index(
                        condition=models.Q(("state", masthead.posts.states.State["PUBLISHING"])),
                        fields=["id"],
                        name="publication_sent",
                    ),
                    models.Index(fields=["workspace", "publish_at"], name="publication_calendar"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(blank=True, max_length=12)),
                ("target", models.CharField(max_length=12)),
                ("why", models.TextField(blank=True)),
                ("actor", models.CharField(default="worker", max_length=254)),
                ("at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="posts.post"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="posts.publication",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("worker", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=32)),
                ("why", models.TextField(blank=True)),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tries", to="posts.publication"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("publication", "number"), name="one_attempt")],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("segments", models.JSONField(null=True)),
                ("options", models.JSONField(default=dict)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="variants", to="posts.post"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("post", "channel"), name="one_variant")],
            },
        ),
    ]
