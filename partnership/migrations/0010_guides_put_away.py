from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnership", "0009_pseudonyms")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="guides_put_away",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
    ]
