from django.db import migrations, models


def forget_what_nobody_proposed(apps, schema_editor):
    # Until now 0 stood for both, and every page called it not yet proposed.
    apps.get_model("assessments", "Artefact").objects.filter(strength=0).update(strength=None)


def call_it_none(apps, schema_editor):
    apps.get_model("assessments", "Artefact").objects.filter(strength=None).update(strength=0)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0021_partner_notes")]

    operations = [
        migrations.AlterField(
            model_name="artefact",
            name="strength",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (0, "None or out of date"),
                    (1, "Documented intent"),
                    (2, "Documented process in use"),
                    (3, "Measured performance"),
                    (4, "Independent assurance"),
                ],
                help_text="Empty until the lead proposes one",
                null=True,
            ),
        ),
        migrations.RunPython(forget_what_nobody_proposed, call_it_none),
    ]
