"""What somebody's votes weigh, as a record in the ledger: docs/decisions/0024-what-a-suggestion-does.md"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

TRIGGER = """
CREATE CONSTRAINT TRIGGER append_to_ledger AFTER INSERT ON projects_weight
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('weight')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0011_corrections_alike"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("classification", "Classification"),
                    ("retirement", "Retirement"),
                    ("discount", "Discount"),
                    ("joining", "Joining"),
                    ("gold", "Gold"),
                    ("restoration", "Restoration"),
                    ("superseded", "Superseded"),
                    ("weight", "Weight"),
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Weight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("factor", models.FloatField(help_text="Above 0 to 1; 1 is in full.")),
                (
                    "again",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        help_text="Classifications whose subjects are weighed again.",
                        size=None,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=40)),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.volunteer"
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.workflow",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workflow", "volunteer", "-id"], name="weight_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("factor__gt", 0), ("factor__lte", 1)), name="weight_above_0_to_1"
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_to_ledger ON projects_weight"),
    ]
