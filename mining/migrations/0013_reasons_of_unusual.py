"""The unusual objects know reasons of another form: what was found before goes, and the worker looks again."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def look_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the team has said something of stays, without a reason until then."""
    unusual, runs = apps.get_model("mining", "UnusualObject"), apps.get_model("mining", "AttributeRun")
    workflows = set(unusual.objects.exclude(signals=[]).values_list("workflow_id", flat=True))
    for workflow in sorted(workflows):
        newest = (
            runs.objects.filter(workflow_id=workflow, kind="unusual", status="done").order_by("-id").first()
        )
        runs.objects.create(
            workflow_id=workflow,
            kind="unusual",
            with_open=True,
            consensus_id=newest.consensus_id if newest else None,
            seed=newest.seed if newest else 0,
        )
    unusual.objects.filter(history__isnull=True).delete()
    unusual.objects.update(score=0.0, signals=[])


class Migration(migrations.Migration):
    dependencies = [("mining", "0012_undecided")]

    operations = [
        migrations.RunPython(look_again, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="unusualobject",
            name="score",
            field=models.FloatField(
                help_text="Surprise in bits, of all lists together; 0 where it stands out no more."
            ),
        ),
        migrations.AlterField(
            model_name="unusualobject",
            name="signals",
            field=models.JSONField(
                default=list, help_text='[{"code": of a reason, "task": ..., "facts": {...}}]'
            ),
        ),
    ]
