import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("posts", "0002_fewer_indexes"),
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryImport",
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
                ("cursor", models.TextField(blank=True)),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("oldest_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("seen", models.PositiveIntegerField(default=0)),
                ("metrics", models.JSONField(default=list)),
                ("next_at", models.DateTimeField()),
                ("held_until", models.DateTimeField()),
                ("why", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["next_at"], name="history_due")],
            },
        ),
        migrations.CreateModel(
            name="PastPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("remote_id", models.CharField(max_length=500)),
                ("kind", models.CharField(default="post", max_length=12)),
                ("text", models.TextField(blank=True)),
                ("url", models.CharField(blank=True, max_length=2000)),
                ("posted_at", models.DateTimeField()),
                ("media", models.JSONField(default=list)),
                ("reply_to", models.CharField(blank=True, max_length=500)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("metrics", models.JSONField(default=dict)),
                ("raw", models.JSONField(default=dict)),
                ("platform", models.CharField(max_length=32)),
                ("operation", models.CharField(max_length=64)),
                ("obtained_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("next_read_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
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
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["-posted_at", "-id"],
                "indexes": [
                    models.Index(fields=["workspace", "-posted_at", "-id"], name="past_post_list"),
                    models.Index(
                        condition=models.Q(("gone_at", None)), fields=["channel", "next_read_at"], name="past_post_due"
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="past_post_words"),
                ],
                "constraints": [models.UniqueConstraint(fields=("channel", "remote_id"), name="one_past_post")],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric", models.CharField(max_length=80)),
                ("native", models.CharField(max_length=80)),
                ("value", models.FloatField()),
                ("observed_at", models.DateTimeField()),
                (
                    "past_post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="samples", to="posts.pastpost"
                    ),
                ),
            ],
            options={
                "ordering": ["observed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("past_post", "metric", "observed_at"), name="one_sample")
                ],
            },
        ),
    ]
