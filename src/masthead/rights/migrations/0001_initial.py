import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import masthead.channels.secrets


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("channels", "0004_sunset_told_at"),
        ("workspaces", "0002_over_quota"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(blank=True, max_length=32)),
                ("account", models.CharField(blank=True, max_length=250)),
                ("name", models.CharField(max_length=250)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("storage_path", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("reading", "Being read"),
                            ("finished", "Finished"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("cursor", models.JSONField(default=dict)),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("troubled", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(default=list)),
                ("why", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("held_until", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="channels.channel"
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
                "indexes": [models.Index(fields=["workspace", "-created_at"], name="import_list")],
            },
        ),
        migrations.CreateModel(
            name="LicenceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company", models.CharField(max_length=200, verbose_name="company")),
                ("contact", models.EmailField(blank=True, max_length=254, verbose_name="contact")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("uses", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("granted", "Granted"), ("declined", "Declined")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "noted_by",
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
                "ordering": ["-asked_at", "-id"],
                "indexes": [models.Index(fields=["workspace", "-asked_at"], name="licence_request_list")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("grantee", models.CharField(max_length=250, verbose_name="grantee")),
                ("uses", models.JSONField(default=list)),
                ("wanted", models.JSONField(default=dict)),
                ("items", models.JSONField(default=list)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("micros", models.BigIntegerField(default=0)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                ("granted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "granted_by",
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
                (
                    "request",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="rights.licencerequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-granted_at", "-id"],
                "indexes": [models.Index(fields=["workspace", "-granted_at"], name="grant_list")],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("account", models.CharField(blank=True, max_length=250)),
                ("kind", models.CharField(max_length=12)),
                ("author", models.CharField(blank=True, max_length=250)),
                ("remote_id", models.CharField(max_length=500)),
                ("text", models.TextField(blank=True)),
                ("url", models.CharField(blank=True, max_length=2000)),
                ("posted_at", models.DateTimeField()),
                ("reply_to", models.CharField(blank=True, max_length=500)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("visibility", models.CharField(blank=True, max_length=12)),
                ("media", models.JSONField(default=list)),
                ("raw", models.JSONField(default=dict)),
                ("obtained_via", models.CharField(default="export", max_length=10)),
                ("obtained_at", models.DateTimeField()),
                ("terms_version", models.CharField(blank=True, max_length=64)),
                ("preference", models.JSONField(default=dict)),
                ("keep_until", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector(models.F("text"), config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="rights.import"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "ordering": ["-posted_at", "-id"],
                "indexes": [
                    models.Index(fields=["workspace", "-posted_at", "-id"], name="record_list"),
                    models.Index(fields=["channel", "-posted_at", "-id"], name="record_channel"),
                    models.Index(
                        fields=["workspace", "platform", "account", "-posted_at", "-id"], name="record_account"
                    ),
                    models.Index(fields=["workspace", "kind", "-posted_at", "-id"], name="record_kind"),
                    models.Index(
                        condition=models.Q(("gone_at__isnull", False)),
                        fields=["workspace", "-posted_at", "-id"],
                        name="record_gone",
                    ),
                    models.Index(
                        condition=models.Q(("media", []), _negated=True),
                        fields=["workspace", "-posted_at", "-id"],
                        name="record_media",
                    ),
                    models.Index(fields=["workspace", "platform", "remote_id"], name="record_remote"),
                    models.Index(
                        condition=models.Q(("gone_at", None), ("keep_until__isnull", False)),
                        fields=["keep_until"],
                        name="record_due",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="record_words"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "platform", "account", "kind", "remote_id"), name="one_record"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("use", models.CharField(max_length=12)),
                ("purpose", models.CharField(max_length=200)),
                ("actor", models.CharField(max_length=254)),
                ("to", models.CharField(blank=True, max_length=250)),
                ("grant", models.CharField(blank=True, max_length=64)),
                ("released", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("by_rule", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-id"],
                "indexes": [models.Index(fields=["workspace", "-begun_at"], name="release_list")],
            },
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=120)),
                ("rule", models.CharField(max_length=120)),
                ("verdict", models.CharField(max_length=8)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="rights.release"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Dataset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("use", models.CharField(max_length=12, verbose_name="use")),
                ("purpose", models.CharField(max_length=200, verbose_name="purpose")),
                ("license", models.CharField(max_length=500, verbose_name="licence")),
                (
                    "form",
                    models.CharField(
                        choices=[("jsonl", "JSON Lines"), ("parquet", "Parquet")],
                        default="jsonl",
                        max_length=8,
                        verbose_name="form",
                    ),
                ),
                ("wanted", models.JSONField(default=dict)),
                ("grant", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Being made"), ("ready", "Ready"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("files", models.JSONField(default=dict)),
                ("refused", models.JSONField(default=list)),
                ("storage_path", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("why", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("held_until", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
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
                (
                    "release",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="rights.release"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["workspace", "-created_at"], name="dataset_list")],
            },
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("item", models.CharField(max_length=120)),
                ("rule", models.CharField(max_length=120)),
                ("version", models.CharField(blank=True, max_length=64)),
                ("learned_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["-removed_at", "-id"],
                "indexes": [models.Index(fields=["workspace", "-removed_at"], name="removal_list")],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("private", masthead.channels.secrets.SecretField()),
                ("public", models.TextField()),
                ("key_id", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)), fields=("workspace",), name="one_signing_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AppPurpose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("app", models.CharField(blank=True, max_length=250)),
                ("purpose", models.TextField(blank=True, verbose_name="declared purpose")),
                ("changed_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "platform", "app"), name="one_app_purpose")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchiveExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Being made"), ("ready", "Ready"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("parts", models.JSONField(default=dict)),
                ("left_out", models.JSONField(default=list)),
                ("storage_path", models.CharField(blank=True, max_length=160)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("why", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("held_until", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("wanted", models.JSONField(default=dict)),
                ("cursor", models.CharField(blank=True, max_length=120)),
                ("collected", models.BooleanField(default=False)),
                ("done", models.PositiveIntegerField(default=0)),
                ("releases", models.JSONField(default=list)),
                (
                    "asked_by",
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
                "indexes": [models.Index(fields=["workspace", "-created_at"], name="archive_export_list")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("mark", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("certificate", models.JSONField(default=dict)),
                ("asked_on", models.DateField()),
                ("done_at", models.DateTimeField()),
                (
                    "done_by",
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
                "ordering": ["-done_at", "-id"],
                "indexes": [models.Index(fields=["workspace", "platform", "mark"], name="erasure_mark")],
            },
        ),
        migrations.CreateModel(
            name="HandedOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("records", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "dataset",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="rights.dataset"
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
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["workspace", "platform", "at"], name="handed_on")],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("person", models.CharField(max_length=250)),
                ("why", models.CharField(max_length=500)),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "placed_by",
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
                "ordering": ["-placed_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("workspace", "platform", "person"),
                        name="one_hold",
                    )
                ],
            },
        ),
    ]
