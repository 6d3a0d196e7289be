import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import masthead.channels.secrets


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workspaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("server", models.CharField(max_length=200)),
                ("remote_id", models.CharField(max_length=300)),
                ("handle", models.CharField(max_length=300)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("avatar_url", models.CharField(blank=True, max_length=1000)),
                ("limits", models.JSONField(default=dict)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("connected", "Connected"),
                            ("needs_reconnect", "Needs to be reconnected"),
                            ("disconnected", "Disconnected"),
                        ],
                        default="connected",
                        max_length=20,
                    ),
                ),
                ("condition_why", models.CharField(blank=True, max_length=500)),
                ("connected_at", models.DateTimeField(auto_now_add=True)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "platform", "server", "remote_id"), name="one_channel")
                ],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secrets", masthead.channels.secrets.SecretField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="AppRegistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("server", models.CharField(max_length=200)),
                ("redirect_uri", models.CharField(max_length=300)),
                ("secrets", masthead.channels.secrets.SecretField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("platform", "server", "redirect_uri"), name="one_registration")
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="credential",
                        serialize=False,
                        to="channels.channel",
                    ),
                ),
                ("secrets", masthead.channels.secrets.SecretField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("refreshed_at", models.DateTimeField(null=True)),
                ("refresh_failed_at", models.DateTimeField(null=True)),
                ("hands_off_until", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="PendingSignIn",
            fields=[
                ("state_hash", models.CharField(max_length=64, unique=True)),
                ("session_hash", models.CharField(max_length=64)),
                ("platform", models.CharField(max_length=32)),
                ("keep", masthead.channels.secrets.SecretField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField()),
                ("time", models.TimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="channels.channel"
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "time"],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "weekday", "time"), name="one_slot"),
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="a_weekday"),
                ],
            },
        ),
    ]
