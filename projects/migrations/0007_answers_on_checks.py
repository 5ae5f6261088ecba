"""The count of answers grows with one on a hidden check too: on a quiet project it would tell which subject was one."""

from django.db import migrations, models

FUNCTION = """
CREATE OR REPLACE FUNCTION projects_append_to_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
    what text := TG_ARGV[0];
    answer_change int := 0;
    retired_change int := 0;
BEGIN
    IF what = 'classification' THEN
        answer_change := (NEW.counted = 'yes' OR NEW.counted_reason = 'check')::int;
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
       SET position = position + 1, answers = answers + answer_change, retired = retired + retired_change
     WHERE workflow_id = NEW.workflow_id
    RETURNING position INTO STRICT given;
    INSERT INTO projects_ledgerentry (workflow_id, position, kind, record_id)
    VALUES (NEW.workflow_id, given, what, NEW.id);
    RETURN NULL;
END $$
"""
ADD = """
UPDATE projects_workflowcounter k SET answers = answers + c.n
  FROM (SELECT workflow_id, count(*) AS n FROM projects_classification WHERE counted_reason = 'check' GROUP BY 1) c
 WHERE k.workflow_id = c.workflow_id
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0006_gold")]

    operations = [
        migrations.AlterField(
            "workflowcounter",
            "answers",
            models.BigIntegerField(
                default=0, help_text="Classifications that count, and those on hidden checks."
            ),
        ),
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(ADD, migrations.RunSQL.noop),
    ]
