import uuid

from django.db import migrations, models


def give_each_its_own(apps, schema_editor):
    Membership = apps.get_model("partnership", "Membership")
    for membership in Membership.objects.filter(seat=None).iterator():
        Membership.objects.filter(pk=membership.pk).update(seat=uuid.uuid4())


class Migration(migrations.Migration):
    # On PostgreSQL rows that were just written keep their table from being altered in the same transaction.
    atomic = False

    dependencies = [("partnership", "0005_choice_of_mail")]

    operations = [
        migrations.AddField("membership", "seat", models.UUIDField(null=True, editable=False)),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField("membership", "seat", models.UUIDField(default=uuid.uuid4, editable=False)),
        migrations.AddIndex("membership", models.Index(fields=["seat"], name="membership_by_seat")),
    ]
