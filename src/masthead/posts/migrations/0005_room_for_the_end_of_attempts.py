"""Each attempt is written twice: at its begin, and once at its end. With room on its page the second needs no index entries."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("posts", "0004_exports")]
    operations = [
        migrations.RunSQL(
            "alter table posts_attempt set (fillfactor = 50)", "alter table posts_attempt reset (fillfactor)"
        )
    ]
