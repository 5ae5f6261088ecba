"""Seconds an answer, and drift, of each volunteer in a run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mining", "0007_schedules"),
        ("projects", "0007_answers_on_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="merit",
            name="drift",
            field=models.FloatField(help_text="Skill in the last part less that in the first.", null=True),
        ),
        migrations.AddField(
            model_name="merit",
            name="drifts",
            field=models.BooleanField(
                default=False, help_text="The intervals of the first and last part lie apart."
            ),
        ),
        migrations.AddField(
            model_name="merit",
            name="parts",
            field=models.JSONField(
                default=list, help_text="[[skill, low, high]]: in equal parts of their votes, oldest first."
            ),
        ),
        migrations.AddField(
            model_name="merit",
            name="seconds",
            field=models.FloatField(
                help_text="Median of their answers on the workflow; empty where no time is known.", null=True
            ),
        ),
        migrations.AddField(
            model_name="merit",
            name="seconds_high",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="merit",
            name="seconds_low",
            field=models.FloatField(help_text="Empty for fewer than six answers.", null=True),
        ),
        migrations.AddIndex(
            model_name="merit",
            index=models.Index(fields=["run", "task", "seconds", "volunteer"], name="merit_by_seconds"),
        ),
        migrations.AddIndex(
            model_name="merit",
            index=models.Index(fields=["run", "task", "drift", "volunteer"], name="merit_by_drift"),
        ),
    ]
