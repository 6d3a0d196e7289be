import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_initial"),
        ("workspaces", "0002_over_quota"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("wanted", models.JSONField(default=dict)),
                ("corpus", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=list)),
                ("form", models.CharField(blank=True, max_length=8)),
                ("target", models.FloatField(default=0.05)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("fresh", models.BooleanField(default=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("progress", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("files", models.JSONField(default=dict)),
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
                    "release",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="rights.release"
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
                "indexes": [models.Index(fields=["workspace", "-created_at"], name="audit_list")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("item", models.CharField(max_length=200)),
                ("posted_at", models.CharField(blank=True, max_length=40)),
                ("standing", models.CharField(max_length=12)),
                ("tier", models.CharField(max_length=12)),
                ("q", models.FloatField(null=True)),
                ("words", models.PositiveIntegerField()),
                ("post_words", models.PositiveIntegerField()),
                ("bits", models.FloatField()),
                ("places", models.PositiveIntegerField()),
                ("post", models.JSONField(default=list)),
                ("place", models.JSONField(default=list)),
                ("source", models.TextField()),
                ("document", models.BigIntegerField()),
                ("doc_start", models.BigIntegerField()),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "audit",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="rights.audit"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["audit", "standing", "number"], name="finding_standing")],
                "constraints": [models.UniqueConstraint(fields=("audit", "number"), name="one_finding")],
            },
        ),
    ]
