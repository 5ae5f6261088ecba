"""All of the migrations up to 0029 at once, for a new database; an old one goes through them one by one.

Positions are given at commit, under the lock of the workflow's counter row: docs/decisions/0001-positions-at-commit.md.
A correction takes two positions whatever it corrects: one on a hidden check told itself by taking one.
"""

import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import projects.models.project
import projects.models.subject
from projects.many_tables import CreateModels

FUNCTION = """
CREATE FUNCTION projects_append_to_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
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

# Who fills tables in bulk (benchmarks/scale.py) takes no trigger and writes the range of positions itself.
TRIGGER = """
CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON projects_{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('{kind}')
"""
TRIGGERS = [
    ("append_to_ledger", "INSERT", "classification", "classification"),
    ("append_to_ledger", "INSERT", "retirement", "retirement"),
    ("append_to_ledger", "INSERT", "discount", "discount"),
    ("append_lifting_to_ledger", "UPDATE OF lifted_at", "discount", "discount"),
    ("append_to_ledger", "INSERT", "joining", "joining"),
    ("append_to_ledger", "INSERT", "goldanswer", "gold"),
    ("append_to_ledger", "INSERT", "weight", "weight"),
    ("append_to_ledger", "INSERT", "decision", "decision"),
    ("append_to_ledger", "INSERT", "prior", "prior"),
]

# Rows of these tables are updated on every answer; room on the page keeps the updates off the indexes.
ROOMY = ["subjectstate", "evidence", "workflowcounter", "cursor"]


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("projects", "0001_record"),
        ("projects", "0002_ledger_triggers"),
        ("projects", "0003_joining"),
        ("projects", "0004_simulated_index"),
        ("projects", "0005_ground"),
        ("projects", "0006_gold"),
        ("projects", "0007_answers_on_checks"),
        ("projects", "0010_catalogue_tables"),
        ("projects", "0011_corrections_alike"),
        ("projects", "0012_weights"),
        ("projects", "0013_lanes"),
        ("projects", "0014_lab"),
        ("projects", "0015_decisions"),
        ("projects", "0016_tokens"),
        ("projects", "0017_announced"),
        ("projects", "0018_exports"),
        ("projects", "0019_desk"),
        ("projects", "0020_api_calls"),
        ("projects", "0021_releases"),
        ("projects", "0022_second_looks"),
        ("projects", "0023_webhooks"),
        ("projects", "0024_appeals"),
        ("projects", "0025_strikes"),
        ("projects", "0026_priors"),
        ("projects", "0027_subject_changes"),
        ("projects", "0028_odd_flags"),
        ("projects", "0029_uploads"),
    ]

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Workflow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="workflows",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        ("tagline", models.CharField(blank=True, max_length=200)),
                        ("position", models.PositiveIntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "active"),
                                    ("paused", "paused"),
                                    ("finished", "finished"),
                                ],
                                default="active",
                                max_length=10,
                            ),
                        ),
                        (
                            "subject_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="workflows",
                                to="projects.subjectset",
                            ),
                        ),
                        (
                            "requires",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Slugs of the qualifications that a volunteer must have.",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Where it was imported from; empty: made here.",
                                max_length=60,
                            ),
                        ),
                        (
                            "external_id",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Its id at the source.",
                                max_length=60,
                            ),
                        ),
                        (
                            "published",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.workflowversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "slug"), name="workflow_slug_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("project", "source", "external_id"),
                                name="workflow_external_id_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Policy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="policies",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                    ],
                    options={
                        "verbose_name_plural": "policies",
                        "ordering": ["slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "slug"), name="policy_slug_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Project",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(unique=True)),
                        ("title", models.CharField(max_length=120)),
                        ("tagline", models.CharField(blank=True, max_length=200)),
                        ("description", models.TextField(blank=True, help_text="Markdown")),
                        (
                            "accent",
                            models.CharField(
                                default="#3b6fd4",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^#[0-9a-fA-F]{6}$", "Write #rrggbb."
                                    )
                                ],
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("live", "live"),
                                    ("paused", "paused"),
                                    ("finished", "finished"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        (
                            "is_public",
                            models.BooleanField(
                                default=False, help_text="Anybody may see the project and answer."
                            ),
                        ),
                        (
                            "data_public",
                            models.BooleanField(default=False, help_text="Anybody may download its data."),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True, help_text="Where the pictures come from; credit.", max_length=200
                            ),
                        ),
                        (
                            "pseudonym_key",
                            models.CharField(
                                default=projects.models.project.new_pseudonym_key,
                                editable=False,
                                help_text="Hexadecimal; see projects/exports/pseudonyms.py. In no file.",
                                max_length=64,
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["slug"],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectSet",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subject_sets",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        (
                            "metadata",
                            models.JSONField(
                                blank=True,
                                db_default={},
                                default=dict,
                                help_text="What a program keeps of it; shown to nobody.",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "slug"), name="subject_set_slug_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Classification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "uuid",
                            models.UUIDField(
                                help_text="Given by the client: makes a replay harmless.", unique=True
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
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.workflowversion",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="classifications",
                                to="projects.volunteer",
                            ),
                        ),
                        ("annotations", models.JSONField()),
                        ("metadata", models.JSONField(default=dict)),
                        ("started_at", models.DateTimeField(help_text="By the client's clock.", null=True)),
                        ("finished_at", models.DateTimeField(help_text="By the client's clock.", null=True)),
                        ("received_at", models.DateTimeField(help_text="By the server's clock.")),
                        (
                            "counted",
                            models.CharField(
                                choices=[
                                    ("yes", "counted"),
                                    ("repeat", "repeat: this person had answered the subject before"),
                                    ("superseded", "superseded by a later answer of the same person"),
                                    ("late", "late: the subject needed no more answers"),
                                    ("withheld", "withheld"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("counted_reason", models.CharField(blank=True, max_length=40)),
                        (
                            "digest",
                            models.BinaryField(
                                help_text="Of the body as sent: tells a replay from a conflict.",
                                max_length=16,
                            ),
                        ),
                        (
                            "supersedes",
                            models.ForeignKey(
                                db_index=False,
                                help_text="The earlier answer that this one corrects.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.classification",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "subject"], name="classification_subject"),
                            models.Index(fields=["volunteer", "-id"], name="classification_recent"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("supersedes__isnull", False)),
                                fields=("supersedes",),
                                name="superseded_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Desk",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="desk",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "group_by",
                            models.CharField(
                                blank=True,
                                help_text="What a subject says under this key, such as its seller, groups it.",
                                max_length=100,
                            ),
                        ),
                        (
                            "thresholds",
                            models.JSONField(
                                blank=True,
                                db_default=[],
                                default=list,
                                help_text='From how many strikes of a group on what is suggested: [[3, "suspension"]].',
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="WorkflowCounter",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="counter",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        ("position", models.BigIntegerField(default=0)),
                        (
                            "answers",
                            models.BigIntegerField(
                                default=0, help_text="Classifications that count, and those on hidden checks."
                            ),
                        ),
                        (
                            "subjects",
                            models.BigIntegerField(
                                default=0, help_text="Subjects to work on; known ones are not among them."
                            ),
                        ),
                        (
                            "checks",
                            models.BigIntegerField(
                                db_default=0,
                                default=0,
                                help_text="Known subjects that are mixed in as hidden checks.",
                            ),
                        ),
                        ("retired", models.BigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Cursor",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "holder",
                                "workflow_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("holder", models.UUIDField()),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        ("at", models.FloatField()),
                        (
                            "served",
                            models.IntegerField(
                                db_default=0,
                                default=0,
                                help_text="How many subjects were handed out: the share of checks falls with it.",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Discount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "classification",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discount",
                                to="projects.classification",
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
                        ("at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=40)),
                        ("lifted_at", models.DateTimeField(help_text="Empty while it stands.", null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Lane",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lanes",
                                to="projects.workflow",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("team", "the team puts subjects in"),
                                    ("matching", "new subjects whose attributes match"),
                                ],
                                default="team",
                                max_length=10,
                            ),
                        ),
                        (
                            "where",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text='Of source matching: [["gte", "radius", 16], ["eq", "kind", "star"]]; all must hold.',
                            ),
                        ),
                        (
                            "priority",
                            models.IntegerField(
                                default=0, help_text="The lane with the greater number is served first."
                            ),
                        ),
                        (
                            "requires",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Slugs of the qualifications that a volunteer must have.",
                            ),
                        ),
                        (
                            "order",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="An attribute, the greatest first; with - before it the smallest; empty: as put in.",
                                max_length=64,
                            ),
                        ),
                        (
                            "second_share",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="% of the desk's decisions here that a second moderator judges, blind.",
                            ),
                        ),
                        (
                            "third",
                            models.SlugField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="The lane to which what they differ on goes; empty: here.",
                            ),
                        ),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, help_text="Hands out nothing since.", null=True),
                        ),
                    ],
                    options={
                        "ordering": ["-priority", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "slug"), name="lane_slug_once"),
                            models.CheckConstraint(
                                condition=models.Q(("second_share__lte", 100)), name="lane_share_in_percent"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaneChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="projects.lane",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "changes",
                            models.JSONField(
                                help_text="Field to what it was and what it is; of a new lane was is null."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="LaneCursor",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "holder",
                                "lane_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("holder", models.UUIDField()),
                        (
                            "lane",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.lane",
                            ),
                        ),
                        (
                            "priority",
                            models.FloatField(
                                help_text="With shuffle the place of the last; null: at the start.", null=True
                            ),
                        ),
                        ("shuffle", models.FloatField(null=True)),
                        (
                            "lapped_at",
                            models.DateTimeField(help_text="When a whole round found nothing.", null=True),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="LedgerEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "position",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        ("position", models.BigIntegerField()),
                        (
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
                                    ("weight", "Weight"),
                                    ("decision", "Decision"),
                                    ("prior", "Prior"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("record_id", models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PolicyVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="projects.policy",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("content", models.JSONField(help_text="See projects/triage/policy.py")),
                        (
                            "note",
                            models.CharField(
                                blank=True, help_text="What was changed, and why.", max_length=300
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("policy", "number"), name="policy_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Prior",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "task",
                            models.CharField(blank=True, help_text="Path of the question.", max_length=130),
                        ),
                        (
                            "model",
                            models.CharField(
                                blank=True, help_text="Which version of which classifier.", max_length=100
                            ),
                        ),
                        ("clears", models.BooleanField(default=False)),
                        (
                            "keys",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        (
                            "subjects",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "chances",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(),
                                default=list,
                                help_text="[N, K] row by row, each row sums to 1.",
                                size=None,
                            ),
                        ),
                        (
                            "audited",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "switch",
                            models.JSONField(
                                help_text="Of a record of the switch: how it stands since.", null=True
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workflow", "task", "id"], name="prior_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="Import",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imports",
                                to="projects.project",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("classifications", "raw classifications"),
                                    ("votes", "crowd labels"),
                                    ("catalogue", "catalogue table"),
                                    ("pictures", "pictures"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("source", models.CharField(max_length=60)),
                        ("file_name", models.CharField(max_length=200)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("done", "done"),
                                    ("failed", "failed"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("rows_total", models.BigIntegerField(blank=True, null=True)),
                        ("rows_done", models.BigIntegerField(default=0)),
                        (
                            "report",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Counts, and broken rows by line and reason.",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Export",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exports",
                                to="projects.project",
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                help_text="Empty: of all published workflows together.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exports",
                                to="projects.workflow",
                            ),
                        ),
                        ("table", models.CharField(max_length=20)),
                        ("form", models.CharField(max_length=10)),
                        (
                            "team",
                            models.BooleanField(help_text="With open subjects, for the project's team only."),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("done", "done"),
                                    ("failed", "failed"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "positions",
                            models.JSONField(
                                default=dict,
                                help_text='{"workflow id": position of its ledger when it was asked for}',
                            ),
                        ),
                        ("rows", models.BigIntegerField(default=0, help_text="Written so far.")),
                        (
                            "done",
                            models.BigIntegerField(
                                default=0, help_text="Of total: how far through what is read."
                            ),
                        ),
                        (
                            "total",
                            models.BigIntegerField(
                                help_text="Empty where that is not known beforehand.", null=True
                            ),
                        ),
                        ("size", models.BigIntegerField(help_text="Bytes of the finished file.", null=True)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("message", models.TextField(blank=True, help_text="Why it failed.")),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("until", models.DateTimeField(help_text="When the file is deleted.", null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Collection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="collections",
                                to="projects.project",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="collections",
                                to="projects.volunteer",
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("description", models.CharField(blank=True, max_length=500)),
                        (
                            "is_public",
                            models.BooleanField(
                                default=False, help_text="Whoever knows its address may look at it."
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-created_at"],
                    },
                ),
                migrations.CreateModel(
                    name="CatalogueAttribute",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attributes",
                                to="projects.project",
                            ),
                        ),
                        ("key", models.CharField(max_length=63)),
                        ("label", models.CharField(max_length=120)),
                        ("unit", models.CharField(blank=True, max_length=40)),
                        ("description", models.TextField(blank=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("number", "number"), ("category", "category")],
                                default="number",
                                max_length=10,
                            ),
                        ),
                        (
                            "sentinels",
                            models.JSONField(
                                blank=True,
                                db_default=[],
                                default=list,
                                help_text="Numbers that stand for a missing value.",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="The table that it was taken from.",
                                max_length=60,
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["position", "key"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "key"), name="attribute_key_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="projects.project",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "owner"),
                                    ("scientist", "scientist"),
                                    ("expert", "expert"),
                                    ("moderator", "moderator"),
                                    ("tester", "tester"),
                                    ("translator", "translator"),
                                ],
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "user", "role"), name="member_role_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectPage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField(help_text="Markdown")),
                        ("position", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["position", "slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "slug"), name="page_slug_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Qualification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="qualifications",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("exam", "exam passed"),
                                    ("skill", "skill"),
                                    ("language", "language"),
                                    ("region", "region"),
                                    ("adult", "adult"),
                                    ("role", "role in the team"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "rule",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text='{"workflow": SLUG} of an exam; {"workflow": SLUG, "least": 0.8} of skill; {"role": ...} of a role.',
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["slug"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "slug"), name="qualification_slug_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Region",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="regions",
                                to="projects.project",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        (
                            "countries",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                help_text="ISO 3166 codes: DE, FR.",
                                size=None,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "slug"), name="region_slug_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Release",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="releases",
                                to="projects.project",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "export",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="release",
                                to="projects.export",
                            ),
                        ),
                        (
                            "licence",
                            models.CharField(
                                choices=[
                                    ("CC0-1.0", "CC0 1.0: anybody may do anything"),
                                    ("CC-BY-4.0", "CC BY 4.0: whoever uses it names you"),
                                    ("CC-BY-SA-4.0", "CC BY-SA 4.0: names you, and passes it on likewise"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "about",
                            models.JSONField(
                                help_text="What no record keeps, as it was: titles, texts, creators, credits, date."
                            ),
                        ),
                        (
                            "rests_on",
                            models.JSONField(
                                help_text='[{"workflow": id, "position": n, "run": id or null, "published": id}]'
                            ),
                        ),
                        ("pseudonym_key", models.CharField(max_length=64)),
                        (
                            "files",
                            models.JSONField(
                                default=list,
                                help_text='[{"name": ..., "size": bytes, "sha256": ..., "rows": n}]',
                            ),
                        ),
                        (
                            "checksum",
                            models.CharField(
                                blank=True, help_text="SHA-256 of sha256sums.txt.", max_length=64
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("project", "number"), name="release_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="release_number_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rules",
                                to="projects.workflow",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(max_length=120)),
                        ("condition", models.JSONField(help_text="See projects/triage/conditions.py")),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("ok", "No restrictions"),
                                    ("restricted", "Restricted display"),
                                    ("adult", "Adult"),
                                    ("prohibited", "Prohibited"),
                                    ("fraud", "Suspected fraud"),
                                    ("error", "Nothing to judge"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.region",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True, help_text="Of the workflow's policy.", max_length=63
                            ),
                        ),
                        (
                            "audit",
                            models.FloatField(
                                default=0.1,
                                help_text="Share of its hits that people answer as well, without knowing: 0 to 1.",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("background", "background"),
                                    ("live", "live"),
                                    ("closed", "closed"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("edition", models.PositiveIntegerField(default=1)),
                        (
                            "tried",
                            models.JSONField(
                                blank=True,
                                help_text="What its last trial found, and of which edition.",
                                null=True,
                            ),
                        ),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["slug"],
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "slug"), name="rule_slug_once"),
                            models.CheckConstraint(
                                condition=models.Q(("audit__gte", 0), ("audit__lte", 1)),
                                name="rule_audit_0_to_1",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "uuid",
                            models.UUIDField(
                                help_text="Given by whoever decides: a second click is the same.", unique=True
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                help_text="Empty: everywhere.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.region",
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("ok", "No restrictions"),
                                    ("restricted", "Restricted display"),
                                    ("adult", "Adult"),
                                    ("prohibited", "Prohibited"),
                                    ("fraud", "Suspected fraud"),
                                    ("error", "Nothing to judge"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                help_text="The version by which it was decided.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.policyversion",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(blank=True, help_text="Of that version.", max_length=63),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("rule", "rule"),
                                    ("model", "model"),
                                    ("people", "volunteers"),
                                    ("person", "moderator"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.rule",
                            ),
                        ),
                        (
                            "model",
                            models.CharField(
                                blank=True, help_text="Which version of which classifier.", max_length=100
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        (
                            "evidence",
                            models.JSONField(blank=True, default=dict, help_text="What it rests on."),
                        ),
                        (
                            "batch",
                            models.UUIDField(blank=True, help_text="Of those made in one go.", null=True),
                        ),
                        (
                            "undoes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undone_by",
                                to="projects.decision",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "subject", "id"], name="decision_newest"),
                            models.Index(fields=["workflow", "at"], name="decision_day"),
                            models.Index(
                                condition=models.Q(("policy__isnull", False)),
                                fields=["policy", "category"],
                                name="decision_cites",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "rule"), ("rule__isnull", False)),
                                    models.Q(("kind", "model"), models.Q(("model", ""), _negated=True)),
                                    ("kind__in", ("people", "person")),
                                    _connector="OR",
                                ),
                                name="decision_says_who",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="projects.rule",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "changes",
                            models.JSONField(
                                help_text="Field to what it was and what it is; of a new rule was is null."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Subject",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=projects.models.subject.random_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subjects",
                                to="projects.project",
                            ),
                        ),
                        (
                            "subject_set",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subjects",
                                to="projects.subjectset",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Where it was imported from; empty: made here.",
                                max_length=60,
                            ),
                        ),
                        (
                            "external_id",
                            models.CharField(
                                help_text="The team's own name for it, or its id at the source.",
                                max_length=200,
                            ),
                        ),
                        (
                            "metadata",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Shown to volunteers; keys with # are hidden.",
                            ),
                        ),
                        (
                            "attributes",
                            models.JSONField(
                                blank=True, default=dict, help_text="What the catalogue knows; never shown."
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["subject_set", "source", "external_id"], name="subject_in_set"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "source", "external_id"), name="subject_external_id_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RuleHit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hits",
                                to="projects.rule",
                            ),
                        ),
                        ("edition", models.PositiveIntegerField()),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rule_hits",
                                to="projects.subject",
                            ),
                        ),
                        ("live", models.BooleanField()),
                        ("found", models.JSONField(default=list)),
                        (
                            "decision",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hits",
                                to="projects.decision",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("rule", "edition", "subject"), name="rule_hit_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "first",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review",
                                to="projects.decision",
                            ),
                        ),
                        (
                            "origin",
                            models.ForeignKey(
                                help_text="In which the first was made.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.lane",
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                help_text="In which it waits.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.lane",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waits for the second"),
                                    ("differs", "waits for the third"),
                                    ("agreed", "both agree"),
                                    ("settled", "settled by the third"),
                                    ("dropped", "the first was taken back or decided again"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        (
                            "second_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "second_verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ok", "No restrictions"),
                                    ("restricted", "Restricted display"),
                                    ("adult", "Adult"),
                                    ("prohibited", "Prohibited"),
                                    ("fraud", "Suspected fraud"),
                                    ("error", "Nothing to judge"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("second_category", models.CharField(blank=True, max_length=63)),
                        ("second_reason", models.TextField(blank=True)),
                        ("second_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "third",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="third_of",
                                to="projects.decision",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "origin", "state"], name="review_of_lane")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("workflow", "subject"),
                                name="review_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Retirement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("retired", models.BooleanField()),
                        ("reason", models.CharField(max_length=100)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "subject", "id"], name="retirement_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PairMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "pair",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="projects.subject",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pairs",
                                to="projects.subject",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("pair", "position"), name="pair_position_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Media",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="media",
                                to="projects.subject",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        (
                            "path",
                            models.CharField(
                                help_text="Path under the media folder, or an http(s) address.",
                                max_length=500,
                            ),
                        ),
                        ("mime", models.CharField(max_length=100)),
                        ("width", models.PositiveIntegerField(blank=True, help_text="pixels", null=True)),
                        ("height", models.PositiveIntegerField(blank=True, help_text="pixels", null=True)),
                        ("alt", models.CharField(blank=True, max_length=300)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject", "position"), name="media_position_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lease",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "subject_id",
                                "holder",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("holder", models.UUIDField()),
                        ("tab", models.UUIDField()),
                        ("expires_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "expires_at"], name="lease_expiry"),
                            models.Index(fields=["holder", "workflow", "tab"], name="lease_holder"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaneMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.lane",
                            ),
                        ),
                        ("priority", models.FloatField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "subject", "id"], name="lane_move_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoldSubject",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "use",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "work"),
                                    (1, "training: feedback at once"),
                                    (2, "exam"),
                                    (3, "hidden check"),
                                ],
                                default=3,
                            ),
                        ),
                        (
                            "secret",
                            models.BooleanField(
                                default=True, help_text="Never tells, not even after the answer."
                            ),
                        ),
                        (
                            "right_message",
                            models.CharField(
                                blank=True, help_text="Training: said after a right answer.", max_length=500
                            ),
                        ),
                        (
                            "wrong_message",
                            models.CharField(
                                blank=True, help_text="Training: said after a wrong answer.", max_length=500
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["workflow", "use"], name="gold_subject_use")],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "subject_id",
                                "task",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("task", models.CharField(help_text="Task path, such as T3.", max_length=60)),
                        (
                            "tallies",
                            models.JSONField(
                                default=dict,
                                help_text='{"asked": n, "votes": {key: n}, "first": [keys of the first ten votes]}',
                            ),
                        ),
                        (
                            "probabilities",
                            models.JSONField(help_text="{key: probability}, by mining.", null=True),
                        ),
                        (
                            "value",
                            models.JSONField(
                                help_text='By mining, where the consensus is not one key; of a text {"text": ..., "letters": [[letter, share]]}.',
                                null=True,
                            ),
                        ),
                        ("entropy", models.FloatField(help_text="Of the probabilities, bits.", null=True)),
                        (
                            "dispersion",
                            models.FloatField(
                                help_text="Entropy of the weighted vote shares over log K, 0 to 1.", null=True
                            ),
                        ),
                        ("effective_votes", models.FloatField(null=True)),
                        (
                            "certainty",
                            models.FloatField(
                                help_text="Calibrated probability; empty where uncalibrated.", null=True
                            ),
                        ),
                        (
                            "asked",
                            models.IntegerField(
                                help_text="How many votes mining had seen; its numbers are stale where the tallies have more.",
                                null=True,
                            ),
                        ),
                        (
                            "run_id",
                            models.BigIntegerField(
                                help_text="The mining run; empty for the online state.", null=True
                            ),
                        ),
                        (
                            "position",
                            models.BigIntegerField(
                                help_text="How far mining had read the record.", null=True
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DeskNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("note", "note"), ("question", "question"), ("answer", "answer")],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField()),
                        (
                            "answers",
                            models.OneToOneField(
                                help_text="The question.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answered_by",
                                to="projects.desknote",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["workflow", "subject", "id"], name="desk_note_of_subject")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answers__isnull", False), ("kind", "answer")),
                                    models.Q(
                                        models.Q(("kind", "answer"), _negated=True), ("answers__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="desk_note_answers_a_question",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CollectionItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "collection",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="projects.collection",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("collection", "subject"), name="collected_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Arrival",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Appeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeals",
                                to="projects.decision",
                            ),
                        ),
                        (
                            "text",
                            models.TextField(help_text="Why it is wrong, in the words of whom it concerns."),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("upheld", "upheld"), ("overturned", "overturned")],
                                max_length=10,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "result",
                            models.OneToOneField(
                                blank=True,
                                help_text="The decision that overturned it.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeal",
                                to="projects.decision",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "closed_at", "id"], name="appeal_waits")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("decision",),
                                name="appeal_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("outcome", ""), ("result", None)),
                                    models.Q(
                                        ("closed_at__isnull", False), ("outcome", "upheld"), ("result", None)
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("outcome", "overturned"),
                                        ("result__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="appeal_outcome_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subject_changes",
                                to="projects.project",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("retired", "finished"),
                                    ("reopened", "opened again"),
                                    ("moved", "moved"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                blank=True,
                                help_text="In which they were finished or opened again.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject_set",
                            models.ForeignKey(
                                blank=True,
                                help_text="Into which they were moved.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="projects.subjectset",
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "subjects",
                            models.JSONField(
                                help_text="Their ids: those that were changed, not all that were meant."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Announced",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                default=projects.models.subject.random_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="announced",
                                to="projects.project",
                            ),
                        ),
                        (
                            "subject_set",
                            models.ForeignKey(
                                help_text="Into which it comes when its pictures are here; empty: not said yet.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="announced",
                                to="projects.subjectset",
                            ),
                        ),
                        ("external_id", models.CharField(max_length=200)),
                        ("metadata", models.JSONField(default=dict)),
                        (
                            "media",
                            models.JSONField(
                                help_text="A list of {mime, path, width, height, sha256}; path is empty so far."
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("project", "external_id"), name="announced_external_id_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectState",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "use",
                            models.SmallIntegerField(
                                choices=[
                                    (0, "work"),
                                    (1, "training: feedback at once"),
                                    (2, "exam"),
                                    (3, "hidden check"),
                                ],
                                db_default=0,
                                default=0,
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                help_text="Empty: in the common pool.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.lane",
                            ),
                        ),
                        (
                            "priority",
                            models.FloatField(help_text="Place in the lane, the greatest first.", null=True),
                        ),
                        (
                            "laned_at",
                            models.DateTimeField(help_text="When it came into the lane.", null=True),
                        ),
                        (
                            "shuffle",
                            models.FloatField(
                                help_text="Random place in the ring that volunteers walk, 0 to 1."
                            ),
                        ),
                        ("answered", models.IntegerField(default=0)),
                        ("leased", models.IntegerField(default=0)),
                        (
                            "wanted",
                            models.IntegerField(
                                help_text="Counted answers after which the condition surely retires it."
                            ),
                        ),
                        ("retired_at", models.DateTimeField(null=True)),
                        ("retired_reason", models.CharField(blank=True, max_length=100)),
                        (
                            "available",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.ExpressionWrapper(
                                    models.Q(
                                        ("retired_at__isnull", True),
                                        (
                                            "wanted__gt",
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("answered"), "+", models.F("leased")
                                            ),
                                        ),
                                    ),
                                    output_field=models.BooleanField(),
                                ),
                                output_field=models.BooleanField(),
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("available", True), ("lane__isnull", True), ("use", 0)),
                                fields=["workflow", "shuffle"],
                                name="state_available",
                            ),
                            models.Index(
                                condition=models.Q(("retired_at__isnull", True), ("use", 0)),
                                fields=["workflow", "lane"],
                                name="state_open",
                            ),
                            models.Index(
                                condition=models.Q(("available", True), ("lane__isnull", False), ("use", 0)),
                                fields=["lane", "priority", "shuffle"],
                                name="state_lane_available",
                            ),
                            models.Index(
                                condition=models.Q(("lane__isnull", False), ("use", 3)),
                                fields=["lane", "shuffle"],
                                name="state_lane_checks",
                            ),
                            models.Index(
                                condition=models.Q(("lane__isnull", False)),
                                fields=["lane"],
                                name="state_lane",
                            ),
                            models.Index(
                                condition=models.Q(("use__gt", 0)),
                                fields=["workflow", "use", "shuffle"],
                                name="state_known",
                            ),
                            models.Index(
                                condition=models.Q(("retired_at__isnull", False)),
                                fields=["workflow", "-retired_at"],
                                name="state_retired",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("lane__isnull", True),
                                        ("laned_at__isnull", True),
                                        ("priority__isnull", True),
                                    ),
                                    models.Q(
                                        ("lane__isnull", False),
                                        ("laned_at__isnull", False),
                                        ("priority__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="state_lane_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Token",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                blank=True,
                                help_text="The only project that it opens; empty: all of its owner's.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="What it is for, in its owner's words.", max_length=80
                            ),
                        ),
                        (
                            "prefix",
                            models.CharField(
                                help_text="The first characters, by which its owner knows it.", max_length=12
                            ),
                        ),
                        (
                            "digest",
                            models.CharField(
                                help_text="SHA-256 of the secret, in hex.", max_length=64, unique=True
                            ),
                        ),
                        ("scopes", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "expires_at",
                            models.DateTimeField(blank=True, help_text="Empty: never.", null=True),
                        ),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, help_text="To within a minute.", null=True),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TutorialStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tutorial_steps",
                                to="projects.project",
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: shown in every workflow of the project.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tutorial_steps",
                                to="projects.workflow",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0)),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField(help_text="Markdown")),
                        (
                            "image",
                            models.CharField(
                                blank=True, help_text="Path under the media folder.", max_length=300
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200)),
                        ("options", models.JSONField(default=dict)),
                        ("length", models.BigIntegerField(help_text="bytes")),
                        ("offset", models.BigIntegerField(default=0, help_text="bytes that are here")),
                        (
                            "parts",
                            models.JSONField(default=list, help_text="The offsets at which they begin."),
                        ),
                        ("done_at", models.DateTimeField(null=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField(db_index=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Volunteer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "account",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="volunteer",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "joined_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="aliases",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "simulated",
                            models.BooleanField(
                                default=False, help_text="Not a person: a simulated crowd's member."
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Where they were imported from; empty: from here.",
                                max_length=60,
                            ),
                        ),
                        (
                            "external_id",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="What they are called at the source.",
                                max_length=100,
                            ),
                        ),
                        (
                            "credit_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Under which they wish to be named in releases; empty: not.",
                                max_length=100,
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("simulated", True)),
                                fields=["id"],
                                name="volunteer_simulated",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("external_id", ""), _negated=True),
                                fields=("source", "external_id"),
                                name="volunteer_external_id_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OddFlag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="odd_flags",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="odd_flags",
                                to="projects.project",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                help_text="The person, as they were joined then.",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="odd_flags",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "tag",
                            models.CharField(
                                blank=True, help_text="As tags are stored; empty: just odd.", max_length=60
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "taken_back_at",
                            models.DateTimeField(help_text="Empty while it stands.", null=True),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("taken_back_at__isnull", True)),
                                fields=("subject", "volunteer", "tag"),
                                name="odd_flag_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Look",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "volunteer_id",
                                "workflow_id",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
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
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "volunteer"), name="joining_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "qualification",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="grants",
                                to="projects.qualification",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="grants",
                                to="projects.volunteer",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("until", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "given_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("evidence", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("qualification", "volunteer"),
                                name="grant_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Favourite",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="favourites",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("volunteer", "subject"), name="favourite_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consents",
                                to="projects.volunteer",
                            ),
                        ),
                        ("version", models.CharField(max_length=20)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Block",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="blocks",
                                to="projects.project",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="blocks",
                                to="projects.volunteer",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(help_text="Told to the volunteer.", max_length=500)),
                        ("evidence", models.JSONField(blank=True, default=dict)),
                        ("appeal", models.TextField(blank=True, max_length=2000)),
                        ("appealed_at", models.DateTimeField(blank=True, null=True)),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("lifted_reason", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=("project", "volunteer"),
                                name="block_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answered",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "volunteer_id",
                                "workflow_id",
                                "subject_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "classification",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.classification",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "project",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="webhooks",
                                to="projects.project",
                            ),
                        ),
                        ("address", models.CharField(max_length=500)),
                        ("kinds", models.JSONField(help_text="What is told.")),
                        (
                            "state",
                            models.CharField(
                                choices=[("on", "on"), ("paused", "paused"), ("off", "switched off")],
                                default="on",
                                max_length=6,
                            ),
                        ),
                        ("message", models.TextField(blank=True, help_text="Why it was switched off.")),
                        ("nonce", models.CharField(max_length=40)),
                        ("nonce_before", models.CharField(blank=True, max_length=40)),
                        (
                            "renewed_at",
                            models.DateTimeField(help_text="When the secret was changed.", null=True),
                        ),
                        (
                            "positions",
                            models.JSONField(
                                default=dict,
                                help_text='{"workflow id": how far its ledger was read for this webhook}',
                            ),
                        ),
                        (
                            "busy_until",
                            models.DateTimeField(
                                help_text="A worker has it until then; one that was killed gives it back by that.",
                                null=True,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="projects.webhook",
                            ),
                        ),
                        (
                            "events",
                            models.JSONField(help_text="[[type, workflow, subject, time]]; of a test none."),
                        ),
                        ("is_test", models.BooleanField(default=False)),
                        ("once", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("done", "delivered"),
                                    ("failed", "not delivered"),
                                    ("empty", "nothing left to tell"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("next_at", models.DateTimeField(help_text="Not before.")),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        ("sent_at", models.DateTimeField(help_text="The last try.", null=True)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("seconds", models.FloatField(null=True)),
                        (
                            "answer",
                            models.CharField(
                                blank=True, help_text="How it began, or why there was none.", max_length=500
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["next_at"],
                                name="delivery_waiting",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangedConsensus",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="projects.webhook",
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
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
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.volunteer",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "volunteer", "-id"], name="weight_newest")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("factor__gt", 0), ("factor__lte", 1)),
                                name="weight_above_0_to_1",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkflowVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="projects.workflow",
                            ),
                        ),
                        ("major", models.PositiveIntegerField()),
                        ("minor", models.PositiveIntegerField(default=0)),
                        ("definition", models.JSONField(help_text="See projects/tasks/definition.py")),
                        (
                            "inferred",
                            models.BooleanField(
                                default=False,
                                help_text="Put together from the answers of an imported file, which did not define it.",
                            ),
                        ),
                        ("published_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["major", "minor"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("workflow", "major", "minor"), name="version_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sitting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.workflowversion",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sittings",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "subjects",
                            models.JSONField(help_text="Ids, in the order in which they are asked."),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("score", models.FloatField(help_text="Share of right answers, 0 to 1.", null=True)),
                        ("passed", models.BooleanField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("finished_at__isnull", True)),
                                fields=("volunteer", "workflow"),
                                name="sitting_one_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoldAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.workflowversion",
                            ),
                        ),
                        (
                            "expert",
                            models.CharField(
                                help_text="Who says so: account:ID for a member, else the name in the file.",
                                max_length=160,
                            ),
                        ),
                        (
                            "annotations",
                            models.JSONField(help_text="As a classification's; empty where withdrawn."),
                        ),
                        ("withdrawn", models.BooleanField(default=False)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "subject", "id"], name="gold_answer_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                help_text="The caller's own, from the header Idempotency-Key.", max_length=64
                            ),
                        ),
                        (
                            "fingerprint",
                            models.CharField(help_text="Of method, address and body.", max_length=64),
                        ),
                        ("status", models.PositiveSmallIntegerField(default=0)),
                        ("body", models.JSONField(null=True)),
                        ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "key"), name="api_call_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Machine",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="machine",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "people",
                            models.PositiveSmallIntegerField(help_text="Who answer each subject, at least."),
                        ),
                        (
                            "priors",
                            models.BooleanField(
                                help_text="Whether what the classifier says weighs in the consensus."
                            ),
                        ),
                        (
                            "audit",
                            models.FloatField(
                                help_text="Share of the subjects that people decide without it, unknowing."
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("priors", False), ("people__gte", 1), _connector="OR"),
                                name="machine_never_alone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("audit__gte", 0.05), ("audit__lte", 1)),
                                name="machine_audit_at_least",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Triage",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="triage",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="triages",
                                to="projects.policy",
                            ),
                        ),
                        ("task", models.CharField(max_length=63)),
                        ("verdicts", models.JSONField(help_text='Answer key to verdict: {"fine": "ok"}.')),
                    ],
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="projects.workflow",
                            ),
                        ),
                        ("edition", models.PositiveIntegerField()),
                        (
                            "definition",
                            models.JSONField(
                                help_text="As of a version, but perhaps not whole yet: see projects/drafting."
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["workflow", "-edition"],
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "edition"), name="draft_edition_once")
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION projects_append_to_ledger()"),
        *[
            migrations.RunSQL(
                TRIGGER.format(name=name, event=event, table=table, kind=kind),
                f"DROP TRIGGER {name} ON projects_{table}",
            )
            for name, event, table, kind in TRIGGERS
        ],
        *[
            migrations.RunSQL(
                f"ALTER TABLE projects_{table} SET (fillfactor = 70)",
                f"ALTER TABLE projects_{table} RESET (fillfactor)",
            )
            for table in ROOMY
        ],
    ]
