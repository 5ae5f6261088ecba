"""Joinings: from which position of a workflow's ledger on an alias is a person. See docs/decisions/ on the online state."""

import django.db.models.deletion
from django.db import migrations, models

FUNCTION = """
CREATE OR REPLACE FUNCTION projects_append_to_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
    answer_change int := 0;
    retired_change int := 0;
BEGIN
    IF TG_ARGV[0] = 'classification' THEN
        answer_change := (NEW.counted = 'yes')::int;
    ELSIF TG_ARGV[0] = 'discount' THEN
        answer_change := -1;
    ELSIF TG_ARGV[0] = 'retirement' THEN
        retired_change := CASE WHEN NEW.retired THEN 1 ELSE -1 END;
    END IF;
    UPDATE projects_workflowcounter
       SET position = position + 1, answers = answers + answer_change, retired = retired + retired_change
     WHERE workflow_id = NEW.workflow_id
    RETURNING position INTO STRICT given;
    INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
    VALUES (NEW.workflow_id, given, TG_ARGV[0], NEW.id);
    RETURN NULL;
END $$
"""

TRIGGER = """
CREATE CONSTRAINT TRIGGER append_to_ledger AFTER INSERT ON projects_joining
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('joining')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_ledger_triggers"),
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
                ],
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="Joining",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.volunteer",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("workflow", "volunteer"), name="joining_once")
                ],
            },
        ),
        # The function that stood before knows no joinings, and without their trigger it is never asked about them.
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_to_ledger ON projects_joining"),
    ]
