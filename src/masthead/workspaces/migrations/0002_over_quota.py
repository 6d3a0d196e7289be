from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="over_quota",
            field=models.CharField(
                choices=[("warn", "Schedule it and warn"), ("refuse", "Do not schedule it")],
                default="warn",
                max_length=8,
                verbose_name="more than a day or a cap allows",
            ),
        ),
    ]
