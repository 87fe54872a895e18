import json

from django.db import migrations, models


def as_recorded(apps, schema_editor):
    """Mark the levels that were accepted as undisputed before their rows said so: the record of each knows."""
    Agreement = apps.get_model("assessments", "Agreement")
    AuditEvent = apps.get_model("partnership", "AuditEvent")
    last = {}
    for event in AuditEvent.objects.filter(type="LEVEL_AGREED").order_by("chain", "sequence").iterator():
        details = json.loads(event.details)
        last[event.target, details["ballot"]] = details.get("undisputed", False)
    for row in Agreement.objects.select_related("item").iterator():
        if last.get((str(row.item.public_id), row.ballot)):
            Agreement.objects.filter(pk=row.pk).update(undisputed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0015_workshop_steps_numbered"),
        ("partnership", "0006_seats"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="undisputed",
            field=models.BooleanField(default=False, help_text="Accepted with all others that nobody disputed"),
        ),
        migrations.RunPython(as_recorded, migrations.RunPython.noop),
    ]
