import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def keep_what_they_added(apps, schema_editor):
    apps.get_model("assessments", "Artefact").objects.filter(kept_by=None).update(kept_by=F("added_by"))


class Migration(migrations.Migration):
    # On PostgreSQL rows that were just written keep their table from being altered in the same transaction.
    atomic = False

    dependencies = [
        ("assessments", "0011_superseded_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "artefact",
            "kept_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(keep_what_they_added, migrations.RunPython.noop),
    ]
