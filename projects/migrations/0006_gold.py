"""Gold, exams, qualifications, redone answers, discounts that are lifted, blocks, collections."""

import uuid

import django.db.models.deletion
from django.conf import settings
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
        answer_change := (NEW.counted = 'yes')::int;
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

TRIGGER = """
CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON projects_{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (current_setting('voorwerp.bulk', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION projects_append_to_ledger('{kind}')
"""
GOLD = TRIGGER.format(name="append_to_ledger", event="INSERT", table="goldanswer", kind="gold")
LIFTED = TRIGGER.format(
    name="append_lifting_to_ledger", event="UPDATE OF lifted_at", table="discount", kind="discount"
)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0005_ground"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(help_text="Told to the volunteer.", max_length=500)),
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("appeal", models.TextField(blank=True, max_length=2000)),
                ("appealed_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=500)),
            ],
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
                ("title", models.CharField(max_length=120)),
                ("description", models.CharField(blank=True, max_length=500)),
                (
                    "is_public",
                    models.BooleanField(default=False, help_text="Whoever knows its address may look at it."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-created_at"],
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
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
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
                    "expert",
                    models.CharField(
                        help_text="Who says so: account:ID for a member, else the name in the file.",
                        max_length=160,
                    ),
                ),
                ("annotations", models.JSONField(help_text="As a classification's; empty where withdrawn.")),
                ("withdrawn", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="GoldSubject",
            fields=[
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.subject"
                    ),
                ),
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
                    models.BooleanField(default=True, help_text="Never tells, not even after the answer."),
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
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("evidence", models.JSONField(blank=True, default=dict)),
            ],
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
                ("subjects", models.JSONField(help_text="Ids, in the order in which they are asked.")),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("score", models.FloatField(help_text="Share of right answers, 0 to 1.", null=True)),
                ("passed", models.BooleanField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="subjectstate",
            name="state_available",
        ),
        migrations.RemoveIndex(
            model_name="subjectstate",
            name="state_open",
        ),
        migrations.AddField(
            model_name="classification",
            name="supersedes",
            field=models.ForeignKey(
                db_index=False,
                help_text="The earlier answer that this one corrects.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.classification",
            ),
        ),
        migrations.AddField(
            model_name="cursor",
            name="served",
            field=models.IntegerField(
                db_default=0,
                default=0,
                help_text="How many subjects were handed out: the share of checks falls with it.",
            ),
        ),
        migrations.AddField(
            model_name="discount",
            name="lifted_at",
            field=models.DateTimeField(help_text="Empty while it stands.", null=True),
        ),
        migrations.AddField(
            model_name="subjectstate",
            name="use",
            field=models.SmallIntegerField(
                choices=[(0, "work"), (1, "training: feedback at once"), (2, "exam"), (3, "hidden check")],
                db_default=0,
                default=0,
            ),
        ),
        migrations.AddField(
            model_name="workflow",
            name="requires",
            field=models.JSONField(
                blank=True, default=list, help_text="Slugs of the qualifications that a volunteer must have."
            ),
        ),
        migrations.AddField(
            model_name="workflowcounter",
            name="checks",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Known subjects that are mixed in as hidden checks."
            ),
        ),
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
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="workflowcounter",
            name="subjects",
            field=models.BigIntegerField(
                default=0, help_text="Subjects to work on; known ones are not among them."
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("available", True), ("use", 0)),
                fields=["workflow", "shuffle"],
                name="state_available",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("retired_at__isnull", True), ("use", 0)),
                fields=["workflow", "shuffle"],
                name="state_open",
            ),
        ),
        migrations.AddIndex(
            model_name="subjectstate",
            index=models.Index(
                condition=models.Q(("use__gt", 0)), fields=["workflow", "use", "shuffle"], name="state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="classification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", False)),
                fields=("supersedes",),
                name="superseded_once",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="volunteer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="projects.volunteer"
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="collections", to="projects.project"
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="volunteer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="collections",
                to="projects.volunteer",
            ),
        ),
        migrations.AddField(
            model_name="collectionitem",
            name="collection",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="projects.collection",
            ),
        ),
        migrations.AddField(
            model_name="collectionitem",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.subject"
            ),
        ),
        migrations.AddField(
            model_name="goldanswer",
            name="subject",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.subject",
            ),
        ),
        migrations.AddField(
            model_name="goldanswer",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.workflowversion",
            ),
        ),
        migrations.AddField(
            model_name="goldanswer",
            name="workflow",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.workflow",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="volunteer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="projects.volunteer"
            ),
        ),
        migrations.AddField(
            model_name="qualification",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="qualifications",
                to="projects.project",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="qualification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="projects.qualification",
            ),
        ),
        migrations.AddField(
            model_name="sitting",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.workflowversion",
            ),
        ),
        migrations.AddField(
            model_name="sitting",
            name="volunteer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sittings", to="projects.volunteer"
            ),
        ),
        migrations.AddField(
            model_name="sitting",
            name="workflow",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="projects.workflow"
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("project", "volunteer"),
                name="block_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectionitem",
            constraint=models.UniqueConstraint(fields=("collection", "subject"), name="collected_once"),
        ),
        migrations.AddIndex(
            model_name="goldanswer",
            index=models.Index(fields=["workflow", "subject", "id"], name="gold_answer_newest"),
        ),
        migrations.AddIndex(
            model_name="goldsubject",
            index=models.Index(fields=["workflow", "use"], name="gold_subject_use"),
        ),
        migrations.AddConstraint(
            model_name="qualification",
            constraint=models.UniqueConstraint(fields=("project", "slug"), name="qualification_slug_once"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("qualification", "volunteer"),
                name="grant_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("volunteer", "workflow"),
                name="sitting_one_at_a_time",
            ),
        ),
        # The function that stood before never hears of the new records: their triggers go first.
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(GOLD, "DROP TRIGGER append_to_ledger ON projects_goldanswer"),
        migrations.RunSQL(LIFTED, "DROP TRIGGER append_lifting_to_ledger ON projects_discount"),
    ]
