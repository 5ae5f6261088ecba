"""All of the migrations up to 0020 at once, for a new database; an old one goes through them one by one."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from projects.many_tables import CreateModels

# Rows of these tables are updated on every answer; room on the page keeps the updates off the indexes.
ROOMY = ["reader", "onlinetask", "onlinevolunteer", "onlinesubject"]


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("mining", "0001_mining"),
        ("mining", "0002_text"),
        ("mining", "0003_gold"),
        ("mining", "0005_runs"),
        ("mining", "0007_schedules"),
        ("mining", "0008_pace_and_drift"),
        ("mining", "0009_lake"),
        ("mining", "0010_fairness"),
        ("mining", "0011_attribute_runs"),
        ("mining", "0012_undecided"),
        ("mining", "0013_reasons_of_unusual"),
        ("mining", "0014_associations"),
        ("mining", "0015_classifiers"),
        ("mining", "0016_retraining"),
        ("mining", "0017_similarity"),
        ("mining", "0018_bands"),
        ("mining", "0019_priors"),
        ("mining", "0020_outside"),
    ]

    dependencies = [
        ("auth", "__first__"),
        ("projects", "0001_squashed_0029_uploads"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Embedding",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "encoder",
                                "content",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("encoder", models.CharField(max_length=80)),
                        (
                            "content",
                            models.CharField(help_text="SHA-256 of the file, hexadecimal.", max_length=64),
                        ),
                        (
                            "vector",
                            models.BinaryField(
                                help_text="float16, little-endian; NaN where the file can't be read."
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FairnessLook",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="fairness_look",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        ("position", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("seconds", models.FloatField(help_text="How long it took.")),
                        ("volunteers", models.IntegerField(help_text="Whose answers were looked at.")),
                    ],
                ),
                migrations.CreateModel(
                    name="Lake",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        ("generation", models.UUIDField(default=uuid.uuid4)),
                    ],
                ),
                migrations.CreateModel(
                    name="ModelVersion",
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
                                related_name="model_versions",
                                to="projects.workflow",
                            ),
                        ),
                        ("task", models.CharField(help_text="Path of the question.", max_length=130)),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="model_versions",
                                to="mining.attributerun",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="mining.modelversion",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("champion", "champion"),
                                    ("retired", "retired"),
                                    ("refused", "refused"),
                                    ("outside", "trained outside"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Its team's own; only of one trained outside.",
                                max_length=100,
                            ),
                        ),
                        (
                            "reasons",
                            models.JSONField(
                                default=list,
                                help_text="[[code, {fact: value}]] of mining/science/classifiers/gate.py.",
                            ),
                        ),
                        ("artefact", models.CharField(max_length=64)),
                        ("answers", models.JSONField(help_text="[key], in the order of the confusion.")),
                        (
                            "sources",
                            models.JSONField(help_text="[name]: what it looks at, with the encoder's id."),
                        ),
                        ("position", models.BigIntegerField(help_text="Of the ledger: what was read.")),
                        (
                            "data_hash",
                            models.CharField(
                                help_text="Of subjects and votes that it learnt from.", max_length=64
                            ),
                        ),
                        ("subjects", models.IntegerField(help_text="That it learnt from.")),
                        ("audit", models.IntegerField(help_text="Subjects held back to judge it.")),
                        ("votes", models.FloatField()),
                        ("seed", models.BigIntegerField()),
                        ("code_version", models.CharField(max_length=80)),
                        ("metrics", models.JSONField(default=dict)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "champion")),
                                fields=("workflow", "task"),
                                name="one_champion",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                fields=("workflow", "task", "name"),
                                name="outside_name_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "outside"), ("name", ""), _connector="XOR"),
                                name="outside_has_a_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reader",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        ("position", models.BigIntegerField(default=0)),
                        ("at", models.DateTimeField(auto_now=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="AttributeRun",
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
                                related_name="attribute_runs",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("attributes", "attributes"),
                                    ("associations", "associations"),
                                    ("unusual", "unusual objects"),
                                    ("classifiers", "classifiers"),
                                    ("similarity", "similar pictures"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "task",
                            models.CharField(blank=True, help_text="Path of the question.", max_length=130),
                        ),
                        (
                            "key",
                            models.CharField(
                                blank=True,
                                help_text="The answer against all others; empty: all answers.",
                                max_length=60,
                            ),
                        ),
                        (
                            "consensus",
                            models.ForeignKey(
                                help_text="The run whose consensus was read; empty: the online state.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="mining.run",
                            ),
                        ),
                        (
                            "with_open",
                            models.BooleanField(
                                default=False, help_text="Open subjects too: for the team only."
                            ),
                        ),
                        ("parameters", models.JSONField(default=dict)),
                        ("code_version", models.CharField(blank=True, max_length=80)),
                        (
                            "position",
                            models.BigIntegerField(default=0, help_text="Of the ledger: what was read."),
                        ),
                        ("seed", models.BigIntegerField(default=0)),
                        (
                            "started_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("started_at", models.DateTimeField(help_text="Empty while it waits.", null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "status",
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
                        ("questions_done", models.IntegerField(default=0)),
                        ("questions_total", models.IntegerField(null=True)),
                        (
                            "report",
                            models.JSONField(default=dict, help_text="Counts, what was left out, warnings."),
                        ),
                        ("message", models.TextField(blank=True, help_text="Why it failed.")),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["workflow", "kind", "-id"], name="attribute_run_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Band",
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
                                related_name="bands",
                                to="projects.workflow",
                            ),
                        ),
                        ("slug", models.SlugField()),
                        ("title", models.CharField(help_text="Such as ML_BAD_HIGH.", max_length=40)),
                        ("verdicts", models.JSONField(help_text="[verdict]: any of these is meant.")),
                        (
                            "wanted",
                            models.FloatField(
                                help_text="Precision: how often people are to agree, 0.5 to 1."
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True, help_text="Of the workflow's policy.", max_length=63
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.lane",
                            ),
                        ),
                        (
                            "audit",
                            models.FloatField(
                                default=0.1,
                                help_text="Share of its decisions that people answer as well, without knowing.",
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
                            "cut",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="mining.bandcut",
                            ),
                        ),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["-wanted", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "slug"), name="band_slug_once"),
                            models.CheckConstraint(
                                condition=models.Q(("audit__gte", 0.05), ("audit__lte", 1)),
                                name="band_audit_at_least",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("wanted__gt", 0.5), ("wanted__lt", 1)),
                                name="band_wanted_half_to_1",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BandChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "band",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="mining.band",
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
                                help_text="Field to what it was and what it is; of a new band was is null."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="BandCut",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "band",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cuts",
                                to="mining.band",
                            ),
                        ),
                        ("edition", models.PositiveIntegerField()),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="mining.modelversion",
                            ),
                        ),
                        (
                            "meaning",
                            models.JSONField(
                                help_text="Which verdict each answer was: where that has changed, the cut holds no more."
                            ),
                        ),
                        (
                            "threshold",
                            models.FloatField(help_text="Of the score; empty: there is none.", null=True),
                        ),
                        (
                            "why",
                            models.CharField(
                                blank=True, help_text="few or low, where there is none.", max_length=10
                            ),
                        ),
                        ("hits", models.IntegerField(default=0)),
                        ("of", models.IntegerField(default=0)),
                        ("low", models.FloatField(default=0, help_text="The lower bound of the precision.")),
                        (
                            "judging",
                            models.IntegerField(
                                help_text="Subjects never learnt from, with people's verdict."
                            ),
                        ),
                        (
                            "tried",
                            models.JSONField(
                                default=list, help_text="[[threshold, hits, of, low]], in the order tried."
                            ),
                        ),
                        (
                            "holds",
                            models.IntegerField(default=0, help_text="Open subjects at or above it, then."),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="BandHit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "cut",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="in_it",
                                to="mining.bandcut",
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
                        ("score", models.FloatField()),
                        ("looked_at", models.DateTimeField(null=True)),
                        (
                            "decision",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="projects.decision",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("looked_at", None)),
                                fields=["cut", "subject"],
                                name="band_hit_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("cut", "subject"), name="band_hit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Chart",
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
                                related_name="charts",
                                to="projects.workflow",
                            ),
                        ),
                        ("name", models.SlugField(max_length=60)),
                        ("svg_light", models.TextField()),
                        ("svg_dark", models.TextField()),
                        ("table", models.JSONField(help_text='{"columns": [name], "rows": [[value]]}')),
                        ("position", models.BigIntegerField(help_text="Of the ledger: what it shows.")),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "name"), name="chart_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outside",
                    fields=[
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="outside",
                                serialize=False,
                                to="mining.modelversion",
                            ),
                        ),
                        ("description", models.TextField()),
                        ("data", models.TextField(blank=True, help_text="What it learnt from.")),
                        ("code", models.TextField(blank=True, help_text="Where its code and weights are.")),
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
                ),
                migrations.CreateModel(
                    name="OnlineAlias",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "volunteer_id",
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
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlineKnown",
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
                        ("task", models.CharField(max_length=130)),
                        ("truth", models.CharField(blank=True, max_length=60)),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlinePrior",
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
                        ("task", models.CharField(max_length=130)),
                        ("chances", models.JSONField(help_text="Answer to chance.")),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlineSheet",
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
                        ("task", models.CharField(max_length=130)),
                        (
                            "asked",
                            models.IntegerField(
                                default=0,
                                help_text="Counted classifications that came to it, also empty ones.",
                            ),
                        ),
                        (
                            "classifications",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "writers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "texts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlineSubject",
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
                        ("task", models.CharField(max_length=130)),
                        (
                            "asked",
                            models.IntegerField(
                                default=0,
                                help_text="Counted classifications that came to it, also empty ones.",
                            ),
                        ),
                        (
                            "classifications",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "voters",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "labels",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.IntegerField(),
                                help_text="Index into the task's keys.",
                                size=None,
                            ),
                        ),
                        (
                            "probabilities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None
                            ),
                        ),
                        (
                            "corrected",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                default=list,
                                help_text="The voters whose vote is a correction: it teaches nothing.",
                                size=None,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlineTask",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
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
                        ("task", models.CharField(max_length=130)),
                        (
                            "keys",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), size=None
                            ),
                        ),
                        (
                            "crowd",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(),
                                help_text="[K, K]: expected votes by true class and answer.",
                                size=None,
                            ),
                        ),
                        (
                            "class_counts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(),
                                help_text="[K]: expected subjects a class.",
                                size=None,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlineVolunteer",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "task",
                                "volunteer_id",
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
                        ("task", models.CharField(max_length=130)),
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
                            "counts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(),
                                help_text="[K, K]: expected votes by true class and answer.",
                                size=None,
                            ),
                        ),
                        ("votes", models.IntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="OnlineWeight",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "workflow_id",
                                "volunteer_id",
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
                            "volunteer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        ("weight", models.FloatField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PictureHash",
                    fields=[
                        (
                            "media",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="picture_hash",
                                serialize=False,
                                to="projects.media",
                            ),
                        ),
                        (
                            "bits",
                            models.BigIntegerField(
                                help_text="64 bits; empty: no picture, or all one grey.", null=True
                            ),
                        ),
                        (
                            "bands",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.IntegerField(),
                                default=list,
                                help_text="Its four parts, by which near ones are found.",
                                size=None,
                            ),
                        ),
                        (
                            "paired",
                            models.BooleanField(
                                default=False, help_text="Whether those near it have been looked for."
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["bands"], name="picture_hash_bands"
                            ),
                            models.Index(
                                condition=models.Q(("paired", False)),
                                fields=["media"],
                                name="picture_hash_to_pair",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Prediction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="predictions",
                                to="mining.modelversion",
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
                            "probabilities",
                            models.JSONField(
                                help_text="[p], in the order of the version's answers: that most will give it."
                            ),
                        ),
                        (
                            "shares",
                            models.JSONField(
                                help_text="[share] of the votes; empty of a version trained outside."
                            ),
                        ),
                        ("strength", models.FloatField(help_text="How firm the shares are, in votes.")),
                        ("top", models.FloatField(help_text="The greatest of the probabilities.")),
                        (
                            "neighbours",
                            models.JSONField(
                                default=list,
                                help_text="[[subject, likeness]]: the most alike that have votes.",
                            ),
                        ),
                        (
                            "early",
                            models.BooleanField(
                                help_text="It was posted before the subject had an answer; empty: it was told here.",
                                null=True,
                            ),
                        ),
                        ("posted_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["version", "top", "subject"], name="prediction_by_top")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "subject"), name="prediction_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Promotion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="promotions",
                                to="mining.modelversion",
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
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
                            ),
                        ),
                        (
                            "workflow",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("attributes", "attributes"),
                                    ("associations", "associations"),
                                    ("unusual", "unusual objects"),
                                    ("classifiers", "classifiers"),
                                    ("similarity", "similar pictures"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="mining.attributerun",
                            ),
                        ),
                        ("public", models.BooleanField()),
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
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["project", "kind", "-id"], name="publication_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Retraining",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="retraining",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        ("every", models.IntegerField(help_text="New answers.")),
                        (
                            "answers",
                            models.BigIntegerField(
                                help_text="Of the workflow, when it was set or last made a training."
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
                        ("at", models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("every__gte", 1)), name="retraining_every_at_least_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Run",
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
                                related_name="runs",
                                to="projects.workflow",
                            ),
                        ),
                        ("method", models.CharField(max_length=60)),
                        ("parameters", models.JSONField(default=dict)),
                        ("code_version", models.CharField(max_length=80)),
                        ("position", models.BigIntegerField(help_text="Of the ledger: what was read.")),
                        ("votes", models.BigIntegerField(default=0)),
                        ("seed", models.BigIntegerField(default=0)),
                        (
                            "started_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("started_at", models.DateTimeField(help_text="Empty while it waits.", null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("running", "running"),
                                    ("done", "done"),
                                    ("failed", "failed"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="running",
                                max_length=10,
                            ),
                        ),
                        ("questions_done", models.IntegerField(default=0)),
                        ("questions_total", models.IntegerField(null=True)),
                        (
                            "report",
                            models.JSONField(
                                default=dict,
                                help_text="By question: known answers, calibration, spread; see mining/services/judge.py.",
                            ),
                        ),
                        ("message", models.TextField(blank=True, help_text="Why it failed.")),
                        (
                            "resumed",
                            models.IntegerField(
                                default=0,
                                help_text="How often it was taken up again after its process was killed.",
                            ),
                        ),
                        (
                            "scheduled",
                            models.BooleanField(default=False, help_text="Made by the workflow's schedule."),
                        ),
                        (
                            "emptied_at",
                            models.DateTimeField(
                                help_text="When its rows were removed; where it comes from and its report are kept.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Published",
                    fields=[
                        (
                            "workflow",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mining.run"
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
                        ("at", models.DateTimeField(auto_now=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Merit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merit",
                                to="mining.run",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        ("task", models.CharField(max_length=130)),
                        ("skill", models.FloatField()),
                        ("skill_low", models.FloatField()),
                        ("skill_high", models.FloatField()),
                        ("bits", models.FloatField(help_text="Bits a vote.")),
                        ("bits_low", models.FloatField()),
                        ("bits_high", models.FloatField()),
                        ("votes", models.IntegerField()),
                        (
                            "known",
                            models.IntegerField(
                                default=0, help_text="How many of the votes were on known questions."
                            ),
                        ),
                        ("known_right", models.IntegerField(default=0)),
                        (
                            "classes",
                            models.JSONField(
                                default=list,
                                help_text="[[key, skill, low, high]]: on subjects whose answer is the key.",
                            ),
                        ),
                        (
                            "seconds",
                            models.FloatField(
                                help_text="Median of their answers on the workflow; empty where no time is known.",
                                null=True,
                            ),
                        ),
                        (
                            "seconds_low",
                            models.FloatField(help_text="Empty for fewer than six answers.", null=True),
                        ),
                        ("seconds_high", models.FloatField(null=True)),
                        (
                            "parts",
                            models.JSONField(
                                default=list,
                                help_text="[[skill, low, high]]: in equal parts of their votes, oldest first.",
                            ),
                        ),
                        (
                            "drift",
                            models.FloatField(
                                help_text="Skill in the last part less that in the first.", null=True
                            ),
                        ),
                        (
                            "drifts",
                            models.BooleanField(
                                default=False, help_text="The intervals of the first and last part lie apart."
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["run", "task", "bits", "volunteer"], name="merit_by_bits"),
                            models.Index(fields=["run", "task", "skill", "volunteer"], name="merit_by_skill"),
                            models.Index(fields=["run", "task", "votes", "volunteer"], name="merit_by_votes"),
                            models.Index(fields=["run", "task", "known", "volunteer"], name="merit_by_known"),
                            models.Index(
                                fields=["run", "task", "seconds", "volunteer"], name="merit_by_seconds"
                            ),
                            models.Index(fields=["run", "task", "drift", "volunteer"], name="merit_by_drift"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "task", "volunteer"), name="merit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consensus",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consensus",
                                to="mining.run",
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
                        ("task", models.CharField(max_length=130)),
                        (
                            "key",
                            models.CharField(
                                blank=True, help_text="Empty where the answer is a value.", max_length=60
                            ),
                        ),
                        (
                            "value",
                            models.JSONField(
                                help_text='Of a text {"text": ..., "letters": [[letter, share]]}.', null=True
                            ),
                        ),
                        (
                            "probability",
                            models.FloatField(help_text="Of the model; not calibrated.", null=True),
                        ),
                        (
                            "certainty",
                            models.FloatField(
                                help_text="Calibrated probability; empty without known answers.", null=True
                            ),
                        ),
                        ("dispersion", models.FloatField()),
                        ("effective_votes", models.FloatField()),
                        (
                            "undecided",
                            models.BooleanField(
                                help_text="Whether the answer does not stand out; empty where there is no rule for it.",
                                null=True,
                            ),
                        ),
                        ("votes", models.IntegerField()),
                        ("probabilities", models.JSONField(default=dict, help_text="{key: probability}")),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["run", "task", "probability", "subject"],
                                name="consensus_by_probability",
                            ),
                            models.Index(
                                fields=["run", "task", "dispersion", "subject"],
                                name="consensus_by_dispersion",
                            ),
                            models.Index(
                                fields=["run", "task", "votes", "subject"], name="consensus_by_votes"
                            ),
                            models.Index(
                                condition=models.Q(("undecided", True)),
                                fields=["run", "task", "dispersion", "subject"],
                                name="consensus_undecided",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "subject", "task"), name="consensus_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunChart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charts",
                                to="mining.run",
                            ),
                        ),
                        ("name", models.SlugField(max_length=60)),
                        ("svg_light", models.TextField()),
                        ("svg_dark", models.TextField()),
                        ("table", models.JSONField(help_text='{"columns": [name], "rows": [[value]]}')),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "name"), name="run_chart_once")
                        ],
                    },
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
                        (
                            "next_at",
                            models.DateTimeField(help_text="Empty where answers are counted.", null=True),
                        ),
                        (
                            "answers",
                            models.BigIntegerField(
                                help_text="Of the workflow, when it was set or last made a run."
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
                        ("at", models.DateTimeField(help_text="When it was set.")),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("every__gte", 1)), name="schedule_every_at_least_one"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unit", "answers"), ("next_at__isnull", False), _connector="XOR"
                                ),
                                name="schedule_by_time_or_answers",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SimilarityChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "subject_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subjectset",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                choices=[("bits", "picture hash"), ("cosine", "encoder")], max_length=10
                            ),
                        ),
                        (
                            "threshold",
                            models.FloatField(validators=[django.core.validators.MinValueValidator(0)]),
                        ),
                        ("note", models.TextField(blank=True)),
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
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="SimilarPair",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "subject_set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subjectset",
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.subject",
                            ),
                        ),
                        (
                            "bits",
                            models.SmallIntegerField(
                                help_text="In which their hashes differ, of 64.", null=True
                            ),
                        ),
                        (
                            "cosine",
                            models.FloatField(
                                help_text="1 less the cosine between what an encoder makes of them.",
                                null=True,
                            ),
                        ),
                        (
                            "turn",
                            models.FloatField(
                                help_text="People are asked of it, in this order, drawn by chance; empty: they are not.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject_set", "bits", "id"], name="similar_pair_by_bits"),
                            models.Index(
                                fields=["subject_set", "cosine", "id"], name="similar_pair_by_cosine"
                            ),
                            models.Index(
                                condition=models.Q(("turn__isnull", False)),
                                fields=["subject_set", "turn"],
                                name="similar_pair_to_judge",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("first", "second"), name="similar_pair_once"),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))),
                                name="similar_pair_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PairJudgement",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="judgements",
                                to="mining.similarpair",
                            ),
                        ),
                        ("similar", models.BooleanField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "simulated",
                            models.BooleanField(
                                default=False,
                                help_text="A program said it, so that a demo shows something; by nobody.",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Suggestion",
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
                                related_name="suggestions",
                                to="projects.workflow",
                            ),
                        ),
                        (
                            "volunteer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.volunteer",
                            ),
                        ),
                        (
                            "rule",
                            models.CharField(
                                choices=[
                                    ("too_fast", "too fast"),
                                    ("same_answer", "always the same answer"),
                                    ("copies", "copies another"),
                                    ("out_of_character", "out of character"),
                                    ("impossible", "impossible answers"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "question",
                            models.CharField(
                                blank=True,
                                help_text="The path; empty where it is about whole answers.",
                                max_length=130,
                            ),
                        ),
                        (
                            "strength",
                            models.FloatField(
                                help_text="ln of the evidence: an honest volunteer ever shows as much with at most the chance e^-strength."
                            ),
                        ),
                        ("harm", models.FloatField(help_text="About how many answers say nothing.")),
                        (
                            "evidence",
                            models.JSONField(
                                default=dict, help_text="Plain numbers, see mining/services/examine.py."
                            ),
                        ),
                        ("position", models.BigIntegerField(help_text="Of the ledger: what was read.")),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("dismissed", "dismissed"),
                                    ("acted", "blocked"),
                                    ("lapsed", "lapsed: the rule was turned off"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=500)),
                        (
                            "block",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="suggestions",
                                to="projects.block",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["workflow", "state", "-harm"], name="suggestion_by_harm")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("workflow", "volunteer", "rule"),
                                name="suggestion_open_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnusualObject",
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
                            "project",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="projects.project",
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
                            "run",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="mining.attributerun",
                            ),
                        ),
                        (
                            "score",
                            models.FloatField(
                                help_text="Surprise in bits, of all lists together; 0 where it stands out no more."
                            ),
                        ),
                        (
                            "signals",
                            models.JSONField(
                                default=list, help_text='[{"code": of a reason, "task": ..., "facts": {...}}]'
                            ),
                        ),
                        (
                            "finders",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                default=list,
                                help_text="The first who said that it is odd, in order.",
                                size=None,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "new"),
                                    ("looked-at", "being looked at"),
                                    ("explained", "explained"),
                                    ("discovery", "discovery"),
                                ],
                                default="new",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["project", "-score", "-id"], name="unusual_by_score"),
                            models.Index(
                                fields=["project", "state", "-score", "-id"], name="unusual_by_state"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("workflow", "subject"), name="unusual_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "unusual",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="history",
                                to="mining.unusualobject",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "new"),
                                    ("looked-at", "being looked at"),
                                    ("explained", "explained"),
                                    ("discovery", "discovery"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
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
                    },
                ),
                migrations.CreateModel(
                    name="AttributeGain",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gains",
                                to="mining.attributerun",
                            ),
                        ),
                        ("rank", models.IntegerField()),
                        ("attribute", models.CharField(max_length=200)),
                        ("kind", models.CharField(max_length=10)),
                        ("gain_bits", models.FloatField()),
                        ("share", models.FloatField()),
                        ("cut", models.TextField(blank=True)),
                        ("corrected_bits", models.FloatField(null=True)),
                        ("low", models.FloatField(null=True)),
                        ("high", models.FloatField(null=True)),
                        ("p_value", models.FloatField(null=True)),
                        ("q_value", models.FloatField(null=True)),
                        ("present", models.IntegerField()),
                        ("missing", models.IntegerField()),
                        (
                            "like",
                            models.CharField(
                                blank=True,
                                help_text="A stronger attribute that says the same.",
                                max_length=200,
                            ),
                        ),
                        (
                            "more_bits",
                            models.FloatField(help_text="Given those above it that were kept.", null=True),
                        ),
                    ],
                    options={
                        "ordering": ["rank"],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "rank"), name="attribute_gain_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttributeChart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charts",
                                to="mining.attributerun",
                            ),
                        ),
                        ("name", models.SlugField(max_length=60)),
                        ("title", models.CharField(max_length=300)),
                        ("position", models.IntegerField(default=0)),
                        ("svg_light", models.TextField()),
                        ("svg_dark", models.TextField()),
                        ("png", models.BinaryField()),
                        ("table", models.JSONField(help_text='{"columns": [name], "rows": [[value]]}')),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "name"), name="attribute_chart_once")
                        ],
                    },
                ),
            ]
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE mining_{table} SET (fillfactor = 70)",
                f"ALTER TABLE mining_{table} RESET (fillfactor)",
            )
            for table in ROOMY
        ],
    ]
