from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnership", "0012_news_of_reviews")]

    operations = [
        migrations.AddField(
            model_name="auditchain",
            name="shown_hash",
            # Any later event gives it another one, so that chains from before need none.
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
