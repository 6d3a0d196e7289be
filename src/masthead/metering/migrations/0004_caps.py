import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("metering", "0003_price_overrides"),
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(blank=True, default="", max_length=32)),
                ("app", models.CharField(blank=True, default="", max_length=64)),
                ("channel_id", models.BigIntegerField(default=0)),
                ("purpose", models.CharField(blank=True, default="", max_length=16)),
                (
                    "period",
                    models.CharField(choices=[("day", "a day"), ("month", "a month")], default="month", max_length=8),
                ),
                ("month_day", models.PositiveSmallIntegerField(default=1)),
                ("hard", models.BooleanField(default=True)),
                ("micros", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "platform", "app", "channel_id", "purpose", "period", "hard", "currency"),
                        name="one_cap_of_a_kind",
                    ),
                    models.CheckConstraint(condition=models.Q(("micros__gte", 0)), name="cap_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("micros", models.BigIntegerField()),
                ("spent", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("committed", models.BigIntegerField(default=0)),
                ("denied_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "cap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="windows", to="metering.cap"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="cap_windows_by_end")],
                "constraints": [models.UniqueConstraint(fields=("cap", "starts_at"), name="one_window_of_a_cap")],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hold", "window", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hold", models.UUIDField()),
                ("micros", models.BigIntegerField()),
                ("expires_at", models.DateTimeField()),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="metering.capwindow"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["window", "expires_at"], name="holds_of_a_window")],
            },
        ),
    ]
