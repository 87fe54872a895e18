from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnership", "0011_help_texts")]

    operations = [
        migrations.AddField(
            model_name="user", name="wants_reviews", field=models.BooleanField(default=True, editable=False)
        ),
    ]
