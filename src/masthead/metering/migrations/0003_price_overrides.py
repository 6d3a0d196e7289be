from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metering", "0002_ledger_of_calls")]

    operations = [
        migrations.CreateModel(
            name="PriceOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=32)),
                ("plan", models.CharField(blank=True, max_length=32)),
                ("price_key", models.CharField(max_length=64)),
                ("micros", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("from_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
