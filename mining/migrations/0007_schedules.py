import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mining", "0005_runs"),
        ("projects", "0007_answers_on_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="emptied_at",
            field=models.DateTimeField(
                help_text="When its rows were removed; where it comes from and its report are kept.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="resumed",
            field=models.IntegerField(
                default=0, help_text="How often it was taken up again after its process was killed."
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="scheduled",
            field=models.BooleanField(default=False, help_text="Made by the workflow's schedule."),
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "workflow",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="schedule",
                        serialize=False,
                        to="projects.workflow",
                    ),
                ),
                ("on", models.BooleanField(default=True)),
                ("method", models.CharField(max_length=60)),
                ("seed", models.BigIntegerField(default=0)),
                ("every", models.IntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[("hours", "hours"), ("days", "days"), ("answers", "new answers")],
                        max_length=10,
                    ),
                ),
                (
                    "publish",
                    models.BooleanField(
                        default=False, help_text="A run that is done goes into the catalogue."
                    ),
                ),
                ("next_at", models.DateTimeField(help_text="Empty where answers are counted.", null=True)),
                (
                    "answers",
                    models.BigIntegerField(help_text="Of the workflow, when it was set or last made a run."),
                ),
                ("at", models.DateTimeField(help_text="When it was set.")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("every__gte", 1)), name="schedule_every_at_least_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", "answers"), ("next_at__isnull", False), _connector="XOR"),
                        name="schedule_by_time_or_answers",
                    ),
                ],
            },
        ),
    ]
