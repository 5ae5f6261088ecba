"""Which answers of a run do not stand out. Unknown of the runs from before, which did not keep it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mining", "0011_attribute_runs"),
    ]

    operations = [
        migrations.AddField(
            model_name="consensus",
            name="undecided",
            field=models.BooleanField(
                help_text="Whether the answer does not stand out; empty where there is no rule for it.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="consensus",
            index=models.Index(
                condition=models.Q(("undecided", True)),
                fields=["run", "task", "dispersion", "subject"],
                name="consensus_undecided",
            ),
        ),
    ]
