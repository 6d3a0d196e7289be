import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import masthead.channels.secrets


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
        ("workspaces", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingChoice",
            fields=[
                ("session_hash", models.CharField(max_length=64)),
                ("platform", models.CharField(max_length=32)),
                ("profiles", masthead.channels.secrets.SecretField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
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
            name="App",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("plan", models.CharField(blank=True, max_length=40)),
                ("alias", models.BooleanField(default=False)),
                ("secrets", masthead.channels.secrets.SecretField()),
                ("entered_at", models.DateTimeField(auto_now=True)),
                (
                    "entered_by",
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
                "constraints": [models.UniqueConstraint(fields=("workspace", "platform"), name="one_app")],
            },
        ),
        migrations.AddField(
            model_name="pendingsignin",
            name="redirect_uri",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
