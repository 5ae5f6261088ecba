"""Positions are given at commit, under the lock of the workflow's counter row. Why so: docs/decisions/0001-positions-at-commit.md"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION projects_append_to_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
    answer_change int := 0;
    retired_change int := 0;
BEGIN
    IF TG_ARGV[0] = 'classification' THEN
        answer_change := (NEW.counted = 'yes')::int;
    ELSIF TG_ARGV[0] = 'discount' THEN
        answer_change := -1;
    ELSE
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

# Who fills tables in bulk (benchmarks/scale.py) takes no trigger and writes the range of positions itself.
TRIGGER = """
CREATE CONSTRAINT TRIGGER append_to_ledger AFTER INSERT ON projects_{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('{table}')
"""

RECORDS = ["classification", "retirement", "discount"]

# Rows of these tables are updated on every answer; room on the page keeps the updates off the indexes.
ROOMY = ["subjectstate", "evidence", "workflowcounter", "cursor"]


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_record")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION projects_append_to_ledger()"),
        *[
            migrations.RunSQL(
                TRIGGER.format(table=table), f"DROP TRIGGER append_to_ledger ON projects_{table}"
            )
            for table in RECORDS
        ],
        *[
            migrations.RunSQL(
                f"ALTER TABLE projects_{table} SET (fillfactor = 70)",
                f"ALTER TABLE projects_{table} RESET (fillfactor)",
            )
            for table in ROOMY
        ],
    ]
