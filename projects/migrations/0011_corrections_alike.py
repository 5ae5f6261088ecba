"""A correction takes two positions whatever it corrects: one on a hidden check told itself by taking one."""

from django.db import migrations, models

FUNCTION = """
CREATE OR REPLACE FUNCTION projects_append_to_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
    what text := TG_ARGV[0];
    steps int := 1;
    answer_change int := 0;
    retired_change int := 0;
BEGIN
    IF what = 'classification' THEN
        answer_change := (NEW.counted = 'yes' OR NEW.counted_reason = 'check')::int;
        IF NEW.supersedes_id IS NOT NULL AND NEW.counted <> 'yes' THEN
            steps := 2;
        END IF;
    ELSIF what = 'discount' THEN
        IF NEW.lifted_at IS NULL THEN
            answer_change := -1;
        ELSE
            what := 'restoration';
            answer_change := 1;
        END IF;
    ELSIF what = 'retirement' THEN
        retired_change := CASE WHEN NEW.retired THEN 1 ELSE -1 END;
    END IF;
    UPDATE projects_workflowcounter
       SET position = position + steps, answers = answers + answer_change, retired = retired + retired_change
     WHERE workflow_id = NEW.workflow_id
    RETURNING position INTO STRICT given;
    IF steps = 2 THEN
        INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
        VALUES (NEW.workflow_id, given - 1, 'superseded', NEW.supersedes_id);
    END IF;
    INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
    VALUES (NEW.workflow_id, given, what, NEW.id);
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_catalogue_tables")]

    operations = [
        migrations.AlterField(
            "ledgerentry",
            "kind",
            models.CharField(
                choices=[
                    ("classification", "Classification"),
                    ("retirement", "Retirement"),
                    ("discount", "Discount"),
                    ("joining", "Joining"),
                    ("gold", "Gold"),
                    ("restoration", "Restoration"),
                    ("superseded", "Superseded"),
                ],
                max_length=14,
            ),
        ),
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
    ]
