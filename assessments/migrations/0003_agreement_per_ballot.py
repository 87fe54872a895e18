import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="ballot",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="agreements", to="assessments.evidenceitem"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(fields=("item", "ballot"), name="agreement_once_per_item_and_ballot"),
        ),
        migrations.AddField(
            model_name="dissent",
            name="judgement",
            field=models.CharField(
                choices=[
                    ("LEVEL", "A level"),
                    ("NOT_APPLICABLE", "Not applicable"),
                    ("CANNOT_JUDGE", "Cannot judge"),
                ],
                default="LEVEL",
                help_text="What was agreed at the time",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="dissent",
            name="level",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
